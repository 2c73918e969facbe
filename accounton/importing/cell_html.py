"""Cells of the review as HTML. A page has four hundred: drawn by a template, they took longer than all its queries."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounton.importing.cells import Cell, ColumnView, RowView
from accounton.importing.wording import header_of

NOTHING = SafeString("")
TABBED = SafeString(' tabindex="0"')
NOT_TABBED = SafeString(' tabindex="-1"')
"""Reached by the keys of the table, not one by one."""
HIDDEN = SafeString(" data-hidden")
"""There is a value that the page does not give back: to empty the cell is a change."""
INVALID = SafeString(' aria-invalid="true"')


def cell_html(cell: Cell, column: ColumnView, classes: str, number: int, place: str) -> SafeString:
    """Draw one cell of a row, with what was found in it as a tip; `place` names it as Excel does, "" for not at all."""
    tip_id = f"tip-{number}-{column.key}"
    marks = _title(cell) if column.key == "questionnaire" else NOTHING
    if cell.raw is not None:
        marks += format_html(' data-edit="{}" data-raw="{}" aria-readonly="false"', column.key, cell.raw)
        if cell.text and not cell.raw:
            marks += HIDDEN
    if cell.tips:
        marks += format_html(' data-tip aria-describedby="{}" tabindex="0"', tip_id)
        marks += INVALID if cell.state == "problem" else NOTHING
    elif cell.raw is not None:
        marks += NOT_TABBED
    inside = _inside(cell, column.key)
    tip = _tip(cell, tip_id, place) if cell.tips else NOTHING
    return format_html('<td class="{}"{} data-label="{}">{}{}</td>', classes, marks, column.header, inside, tip)


def name_html(view: RowView) -> SafeString:
    """Draw the name of a row; either part may be what is wrong with it, and what can be changed takes the focus."""
    first, last = view.cell("first_name"), view.cell("last_name")
    tips, problem = [*first.tips, *last.tips], "problem" in (first.state, last.state)
    tip_id = f"tip-{view.row.number}-name"
    marks = format_html(' data-tip aria-describedby="{}"', tip_id) if tips else NOTHING
    if tips and first.raw is None:
        marks += TABBED
    return format_html(
        '<th scope="row" class="cell-name{}"{}>{}{}{}</th>',
        " is-problem" if problem else "",
        marks,
        _name(view, first, last),
        _empty() if first.raw is None and problem and not first.text and not last.text else "",
        _hidden(tip_id, _sentences(tips)) if tips else "",
    )


def _title(cell: Cell) -> SafeString:
    return format_html(' title="{}"', cell.text)


def _inside(cell: Cell, key: str) -> SafeString:
    if cell.is_suggested:
        return format_html("<del>{}</del> <ins>{}</ins>{}", cell.before, cell.after or _empty(), _accept(cell))
    if key == "labels":
        return format_html_join("", '<span class="label">{}</span>', ((one,) for one in cell.text.split(",") if one))
    return _empty() if cell.state == "problem" and not cell.text else escape(cell.text)


def _accept(cell: Cell) -> SafeString:
    if cell.raw is None:
        return NOTHING
    return format_html(
        ' <button class="btn btn-sm" type="button" data-accept="{}" tabindex="-1">{}'
        '<span class="visually-hidden"> {}</span></button>',
        cell.code, gettext("Accept"), cell.after,
    )  # fmt: skip


def _tip(cell: Cell, tip_id: str, place: str) -> SafeString:
    inside = format_html(
        "{}{}{}",
        format_html("<strong>{}</strong> ", gettext("Problem")) if cell.state == "problem" else "",
        _sentences(cell.tips),
        format_html("<small>{} {}</small>", gettext("Cell"), place) if place else "",
    )
    return _hidden(tip_id, inside)


def _hidden(tip_id: str, inside: SafeString) -> SafeString:
    """Draw what a cell is described by: read out with it, and not once more as part of what stands in it."""
    return format_html('<span class="visually-hidden" aria-hidden="true" id="{}">{}</span>', tip_id, inside)


def _sentences(tips: Sequence[str]) -> SafeString:
    return format_html_join("", "{} ", ((tip,) for tip in tips))


def _empty() -> SafeString:
    return format_html('<span class="faint">{}</span>', gettext("empty"))


def _name(view: RowView, first: Cell, last: Cell) -> SafeString:
    customer = (view.known and view.row.match_id) or view.customer_id
    if customer:
        url = reverse("customers:customer", args=[customer])
        return format_html('<a href="{}">{} <strong>{}</strong></a>', url, first.text, last.text)
    if first.raw is None:
        return format_html("{} <strong>{}</strong>", first.text, last.text)
    return format_html("{} {}", _part(view, "first_name", first, "span"), _part(view, "last_name", last, "strong"))


def _part(view: RowView, key: str, part: Cell, tag: str) -> SafeString:
    about = format_html(' aria-description="{}"', header_of(key))
    if part.tips:
        about = format_html(' aria-describedby="tip-{}-name"', view.row.number)
    mark = '<{} role="button" data-edit="{}" data-raw="{}" data-label="{}"{}{}>{}</{}>'
    return format_html(
        mark, tag, key, part.raw, header_of(key), TABBED if part.tips else NOT_TABBED, about, part.text or _empty(), tag
    )
