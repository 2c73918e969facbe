"""Log lines as JSON, one a line, without personal data: national numbers, e-mail addresses, keys of links."""

import json
import logging
import re
from datetime import UTC, datetime

PERSONAL = re.compile(r"(?<!\d)\d{2}[.\- ]?\d{2}[.\- ]?\d{2}[.\- ]?\d{3}[.\- ]?\d{2}(?!\d)|[\w.+-]+@[\w-]+\.[\w.]+")


KEY = re.compile(r"(?<=/password/reset/key/)[^/\s]+-[^/\s]+")


def without_personal_data(text: str) -> str:
    """Replace whatever looks like a national number, an e-mail address or the key of a link by a sign."""
    return KEY.sub("[…]", PERSONAL.sub("[…]", text))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object: time in UTC, level, logger, message and, for an error, its trace."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_personal_data(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = without_personal_data(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
