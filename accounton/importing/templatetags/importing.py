"""Tags of the review: cells with their states, headers that sort, and sentences that count."""

from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from accounton.importing import only_here, pages, wording
from accounton.importing.cell_html import cell_html, name_html
from accounton.importing.cells import Cell, ColumnView, RowView
from accounton.importing.models import Aside, Batch, Bucket, Change
from accounton.importing.review import SORTS, Review
from accounton.importing.screening import SECRET
from accounton.importing.tallying import ADDED
from accounton.importing.wording import header_of
from accounton.rows.columns import BY_KEY
from accounton.rows.messages import INFORMING, describe_code

register = template.Library()
CELL_CLASSES = {"problem": "is-problem cell-line", "suggestion": "is-suggestion cell-line", "notice": "is-suggestion"}
CELL_CLASSES["repair"] = "is-repaired"
COUNTING = {"adminpulse.companies", "adminpulse.not_customers"}
"""The notices that count rows which were left out."""
SUBLINE = {"return", "language", "email"}


@register.filter
def words(text: str) -> list[str]:
    """Give the words of a text."""
    return text.split()


@register.filter
def labels(text: str) -> list[str]:
    """Give the labels of a comma-separated text."""
    return [label for label in text.split(",") if label]


@register.filter
def header(key: str) -> str:
    """Give the header of a column key."""
    return header_of(key)


@register.filter
def bucket_name(bucket: str) -> str:
    """Give the name of a bucket, or of where rows are that stand in none."""
    return str((Aside if bucket in Aside.values else Bucket)(bucket).label)


@register.simple_tag
def kept(review: Review, key: str) -> str:
    """Give a parameter of the address that a search keeps."""
    values = {"bucket": review.bucket, "sort": review.sort, "code": review.code, "q": review.query}
    values["differs"] = "1" if review.differing_only else ""
    values["gets"] = review.gets
    values["added"] = "1" if review.added_only else ""
    values["repaired"] = "1" if review.repaired_only else ""
    return values[key]


@register.simple_tag
def failure(batch: Batch) -> str:
    """Say why a file could not be used."""
    return pages.batch_words(batch)


@register.simple_tag
def row_account(batch: Batch, counts: dict[str, int]) -> SafeString:
    """Say that the rows of the file are all there: "1,248 rows: 1,102 new, 96 double, 50 invalid"."""
    rows = ngettext("%(count)s row", "%(count)s rows", batch.rows_read) % {"count": intcomma(batch.rows_read)}
    parts = [
        gettext("%(count)s new") % {"count": intcomma(counts[Bucket.ONLY_IN_IMPORT])},
        gettext("%(count)s double") % {"count": intcomma(counts[Bucket.DOUBLE])},
        gettext("%(count)s invalid") % {"count": intcomma(counts[Bucket.INVALID])},
    ]
    empty = ""
    if batch.rows_empty:
        empty = " · " + ngettext(
            "%(count)s empty row skipped", "%(count)s empty rows skipped", batch.rows_empty
        ) % {"count": intcomma(batch.rows_empty)}  # fmt: skip
    # A .csv has no sheets.
    sheet = " · " + gettext("sheet “%(name)s”") % {"name": batch.sheet} if batch.sheet else ""
    rows = gettext("%(rows)s:") % {"rows": rows}
    return format_html("{} <strong>{}</strong>, {}, {}{}{}{}", rows, *parts, _aside(batch, counts), empty, sheet)


def _aside(batch: Batch, counts: dict[str, int]) -> SafeString:
    """Say how many rows were added or stand in no bucket; who was added or left out is a click away."""
    added, merged, left_out = counts[ADDED], counts[Aside.MERGED], counts[Aside.LEFT_OUT]
    texts = []
    if added:
        url = reverse("importing:review", args=[batch.pk])
        words = gettext("%(count)s added") % {"count": intcomma(added)}
        texts.append(format_html(', + <a href="{}?bucket=only_in_import&amp;added=1">{}</a>', url, words))
    if merged:
        texts.append(format_html(", + {} {}", intcomma(merged), gettext("merged")))
    if left_out:
        url = reverse("importing:left_out", args=[batch.pk])
        texts.append(format_html(', + <a href="{}">{} {}</a>', url, intcomma(left_out), gettext("left out")))
    return format_html_join("", "{}", ((text,) for text in texts))


@register.simple_tag
def change_words(change: Change) -> str:
    """Say what was done in a review, and to how many rows."""
    return wording.change_words(change)


@register.inclusion_tag("importing/_file_notices.html")
def file_notices(review: Review) -> dict[str, Any]:
    """Draw the notices about the file as a whole: one box of what is amiss, one of what is good to know."""
    notices = review.batch.notices
    informs = [notice for notice in notices if notice["code"] in INFORMING]
    groups = (("warning", [notice for notice in notices if notice not in informs]), ("info", informs))
    shown = [(kind, [describe_code(each["code"], each["detail"], gettext) for each in some]) for kind, some in groups]
    left_out = bool(review.counts[Aside.LEFT_OUT]) and any(each["code"] in COUNTING for each in informs)
    return {"batch": review.batch, "groups": [group for group in shown if group[1]], "left_out": left_out}


@register.simple_tag
def empty_bucket(bucket: str) -> str:
    """Say what an empty bucket means."""
    return {
        Bucket.ONLY_IN_IMPORT: gettext("Every customer in this list is known already, or cannot be added yet."),
        Bucket.ONLY_IN_PLATFORM: gettext("Every customer with a file in this year stands in your list."),
        Bucket.DOUBLE: gettext("None of the customers in this list was known already."),
        Bucket.INVALID: gettext("Every row of this list can be used."),
    }[Bucket(bucket)]


@register.simple_tag(takes_context=True)
def sort_header(context: Context, review: Review, key: str, text: str = "") -> SafeString:
    """Draw a column header; where the list can be sorted by it, as a link that says how it is sorted."""
    text = text or header_of(key)
    sorts = only_here.SORTS if review.bucket == Bucket.ONLY_IN_PLATFORM else SORTS
    name_class = "cell-name" if key == "name" else ""
    if key not in sorts:
        return format_html('<th scope="col" class="{}">{}</th>', name_class, text)
    current = review.sort.removeprefix("-") == key
    descending = review.sort.startswith("-")
    query = context["request"].GET.copy()
    query["sort"] = f"-{key}" if current and not descending else key
    query.pop("page", None)
    if not current:
        return format_html('<th scope="col" class="{}"><a href="?{}">{}</a></th>', name_class, query.urlencode(), text)
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a href="?{}">{} <span aria-hidden="true">{}</span></a></th>',
        name_class, "descending" if descending else "ascending", query.urlencode(), text, "↓" if descending else "↑",
    )  # fmt: skip


@register.simple_tag
def review_cell(view: Any, column: ColumnView, review: Review) -> SafeString:
    """Draw one cell of the review, with what was found in it as a tip on hover and on focus."""
    cell = view.cell(column.key)
    if column.key == "questionnaire":
        _put_questionnaire(cell, view, review)
    if column.key == "dossier":
        has = view.row.match_id in review.with_dossier
        year = review.batch.assessment_year
        cell.text = (
            gettext("has a file %(year)s") % {"year": year} if has else gettext("no file %(year)s") % {"year": year}
        )
    state = "suggestion" if cell.is_suggested else cell.state
    whole = "cell-rest" if column.key == "questionnaire" else "cell-long"
    text = "cell-wrap" if cell.is_suggested else whole
    in_words = cell.is_suggested and column.key in SECRET
    classes = [CELL_CLASSES.get(state, ""), "cell-code" if cell.is_code and not in_words else text]
    classes.append("is-change" if column.key == "questionnaire" and cell.raw else "")
    classes.append("cell-sub" if column.key in SUBLINE and not cell.state else "")
    number = getattr(view.row, "number", 0)
    is_ours = cell.state in ("problem", "suggestion", "notice") and column.key in BY_KEY
    letter = _letter(review.batch, column.key) if is_ours else ""
    return cell_html(cell, column, " ".join(filter(None, classes)), number, f"{letter}{number}" if letter else "")


def _put_questionnaire(cell: Cell, view: RowView, review: Review) -> None:
    """Say which questionnaire a row gets, and where somebody chose it for this row, what it would be otherwise."""
    row = view.row
    if key := review.which.of(row):
        cell.text = f"{wording.questionnaire_title(key)} · {view.language}"
    else:
        cell.text = "—"
    if view.is_open:
        cell.raw = row.questionnaire
    if row.questionnaire and (for_all := review.which.for_all(row)):
        title = wording.questionnaire_title(for_all)
        cell.tips.append(gettext("Chosen for this row. It would be “%(title)s” otherwise.") % {"title": title})


@register.inclusion_tag("importing/_which.html")
def which_questionnaires(review: Review, *, out_of_band: bool = False) -> dict[str, Any]:
    """Say how many of the selected rows get which questionnaire, each to be looked at by itself."""
    context = {"batch": review.batch, "gets": review.gets, "out_of_band": out_of_band}
    if review.differs and not review.counts_given_at_once:
        return {**context, "is_later": True}
    return {**context, "shown": pages.given_words(review)}


@register.simple_tag
def questionnaire_title(key: str) -> str:
    """Give the title of a questionnaire."""
    return wording.questionnaire_title(key)


@register.simple_tag
def name_cell(view: RowView) -> SafeString:
    """Draw the name of a row."""
    return name_html(view)


def _letter(batch: Batch, key: str) -> str:
    return next((column["letter"] for column in batch.columns if key in column["keys"]), "")
