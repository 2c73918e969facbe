"""Each distinct value that is wrong in a review, once: it is mapped once for all its rows."""

from typing import NamedTuple

from accounton.importing.changing import open_rows
from accounton.importing.models import Batch
from accounton.importing.sealed_rows import opened

AT_ONCE = 400


class WrongValue(NamedTuple):
    """A value that is wrong in some rows: what stands there, what is suggested, how many rows and the first of them."""

    key: str
    before: str
    suggestion: str
    times: int
    rows: list[int]


def wrong_values(batch: Batch, code: str) -> list[WrongValue]:
    """Give each distinct value that is wrong under a code once, most frequent first."""
    found: dict[tuple[str, str], WrongValue] = {}
    rows = open_rows(batch).filter(problems__contains=code).order_by("number").prefetch_related("content")
    for row in rows.iterator(chunk_size=AT_ONCE):
        findings = opened(row).findings
        likely = {f.column: f.after for f in findings if f.kind == "suggestion" and f.code == code}
        for finding in findings:
            if finding.kind == "problem" and finding.code == code:
                place = (finding.column, finding.before)
                known = found.setdefault(place, WrongValue(*place, likely.get(finding.column, ""), 0, []))
                found[place] = known._replace(times=known.times + 1, rows=[*known.rows, row.number][:5])
    return sorted(found.values(), key=lambda value: (-value.times, value.before))
