"""The log as a workbook."""

from collections.abc import Iterator
from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext

from accounton.offices.audit import record
from accounton.offices.audit.log import Log
from accounton.offices.models import Office, User
from accounton.spreadsheets.writing import ColumnSpec, SheetSpec, write_workbook

AT_ONCE = 1_000


def handed_out(log: Log, office: Office, user: User) -> bytes:
    """Return the entries of a log as a workbook (.xlsx), the newest first, and record who got it."""
    target = BytesIO()
    columns = [
        ColumnSpec(gettext("When"), 20),
        ColumnSpec(gettext("Who"), 24),
        ColumnSpec(gettext("What"), 80),
        ColumnSpec(gettext("More"), 40),
        ColumnSpec(gettext("About"), 36),
        ColumnSpec(gettext("Kind"), 20),
        ColumnSpec(gettext("Number in the chain"), 12),
    ]
    entries = list(log.entries())
    record(user, "audit.downloaded", f"office:{office.pk}", entries=len(entries))

    def rows() -> Iterator[list[str]]:
        for start in range(0, len(entries), AT_ONCE):
            for line in log.lines(entries[start : start + AT_ONCE]):
                moment = f"{timezone.localtime(line.at):%Y-%m-%d %H:%M:%S}"
                number = str(line.position or "")
                yield [moment, line.who, line.text, line.more, line.about, line.kind, number]

    write_workbook(target, [SheetSpec(gettext("Log of what was done"), columns, rows(), filtered=True)])
    return target.getvalue()
