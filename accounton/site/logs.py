"""Log lines as JSON, one a line, without personal data: national numbers, e-mail addresses, keys of links."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from accounton.web.log_context import job_id, office_id, request_id, user_id

PERSONAL = re.compile(r"(?<!\d)\d{2}[.\- ]?\d{2}[.\- ]?\d{2}[.\- ]?\d{3}[.\- ]?\d{2}(?!\d)|[\w.+-]+@[\w-]+\.[\w.]+")


KEY = re.compile(r"(?<=/password/reset/key/)[^/\s]+-[^/\s]+")


def without_personal_data(text: str) -> str:
    """Replace whatever looks like a national number, an e-mail address or the key of a link by a sign."""
    return KEY.sub("[…]", PERSONAL.sub("[…]", text))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object: time in UTC, level, logger, message, and for an error its trace.

    Each line says which request or job it belongs to, which user asks and which office is acted for; ids only.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_personal_data(record.getMessage()),
            "request": request_id.get(),
            "user": user_id.get(),
            "office": office_id.get(),
        }
        if job := job_id.get():
            line["job"] = job
        if record.exc_info:
            line["trace"] = without_personal_data(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def begin_job(task: dict[str, Any], **_signal: Any) -> None:
    """Have the lines of a job say which one; the office they say once it is acted for."""
    job_id.set(task["id"])


def end_job(**_signal: Any) -> None:
    """Have the lines after a job say none."""
    job_id.set(None)
