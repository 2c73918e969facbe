"""The workbook of what is wrong in a list: its invalid rows as they stand there, each with what to do about it.

Corrected, it can be uploaded into the same review again (`returning`). National numbers stand in it as on the screen,
masked (screening): a mask that comes back leaves the number as it is.
"""

from collections.abc import Callable, Iterator
from io import BytesIO

from django.utils.translation import gettext as _

from accounton.importing.cells import RowView
from accounton.importing.in_chunks import one_by_one
from accounton.importing.layout import LaidOut, layout
from accounton.importing.models import Batch, Bucket
from accounton.importing.row_marks import mark_of
from accounton.importing.screening import on_screen
from accounton.importing.wording import header_of, reason, said
from accounton.rows.columns import BY_KEY
from accounton.rows.returned import MARK_HEADER
from accounton.rows.template import NOT_OFFERED, SHEET
from accounton.spreadsheets.writing import CellSpec, ColumnSpec, SheetSpec, write_workbook

WRONG, LIKELY, NOTICED = "#FFC7CE", "#FFE3B3", "#FFF7D6"
MOST_COMMENTS = 5000
"""More than these only cost: the column with what to do says the same, and spreadsheets become slow with them."""
_WIDTH_OF_WHAT_TO_DO = 70


def write_errors(target: BytesIO, batch: Batch, passed: Callable[[int], None] = lambda _done: None) -> None:
    """Write the invalid rows of a batch as a workbook (.xlsx) in the language that is active.

    `passed` hears how many rows were written until now.
    """
    columns = layout(batch)
    comments = iter(range(MOST_COMMENTS))
    rows = batch.rows.filter(bucket=Bucket.INVALID)
    sheet = SheetSpec(
        SHEET,
        [*(_column(batch, column) for column in columns), *_last_columns()],
        (_row(RowView(row, batch), columns, comments) for row in one_by_one(rows, passed)),
    )
    write_workbook(target, [sheet])


def _column(batch: Batch, column: LaidOut) -> ColumnSpec:
    ours = BY_KEY[column.key]
    choices = batch.office.languages if column.key == "language" else ours.choices
    return ColumnSpec(
        column.header,
        ours.width,
        required=ours.required,
        choices=choices,
        choices_title=column.header,
        choices_message=_(NOT_OFFERED),
    )


def _last_columns() -> list[ColumnSpec]:
    explained = _(
        "Correct the coloured cells, save this workbook and upload it in the same import, under Invalid customers. "
        "Rows that you take out of it stay as they are, and so does a number that is shown with stars (***)."
    )
    what_to_do = ColumnSpec(_("What to do"), _WIDTH_OF_WHAT_TO_DO, explained)
    return [what_to_do, ColumnSpec(MARK_HEADER, 10, hidden=True)]


def _row(view: RowView, columns: list[LaidOut], comments: Iterator[int]) -> list[CellSpec]:
    cells = [_cell(view, column.key, comments) for column in columns]
    in_columns = {column.key for column in columns}
    problems = (finding for finding in view.findings if finding.kind == "problem")
    reasons = [*(reason(each, in_list=True) for each in problems), *_likely(view, in_columns)]
    return [*cells, CellSpec("\n".join(reasons), wrap=True), CellSpec(mark_of(view.row, view.values))]


def _likely(view: RowView, there: set[str]) -> Iterator[str]:
    for finding in view.findings:
        if finding.kind == "suggestion" and finding.column in there:
            yield f"{header_of(finding.column)}: {said(on_screen(finding))}"


def _cell(view: RowView, key: str, comments: Iterator[int]) -> CellSpec:
    """Give a cell with what stands in it, coloured by the gravest thing found in it."""
    found = [finding for finding in view.findings if finding.column == key and finding.kind != "repair"]
    text = view.plain_text(key)
    if not found:
        return CellSpec(text)
    kinds = {finding.kind for finding in found}
    fill = NOTICED
    if "problem" in kinds:
        fill = LIKELY if "suggestion" in kinds else WRONG
    is_room_left = next(comments, None) is not None
    words = "\n".join(said(on_screen(each), in_list=True) for each in found) if is_room_left else ""
    return CellSpec(text, fill, words)
