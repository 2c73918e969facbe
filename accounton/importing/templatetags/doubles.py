"""Tags of the tabs with double customers and with those only here, and of undoing an import."""

from typing import Any

from django import template
from django.utils import timezone

from accounton.importing import double_cells, overwriting, undo_words
from accounton.importing.history import Import, account
from accounton.importing.models import Action, Batch, Parting, PartingReason, State
from accounton.importing.overwriting import Chosen
from accounton.importing.parting import in_force
from accounton.importing.review import Review
from accounton.importing.taking_back import Verdict
from accounton.importing.timing import remaining_words
from accounton.importing.wording import header_of

register = template.Library()


@register.simple_tag
def double_table(review: Review) -> dict[str, Any]:
    """Give the rows of the page beside their customers, and the columns of their table."""
    rows = double_cells.double_rows(review)
    return {"rows": rows, "columns": double_cells.table_columns(rows)}


@register.simple_tag
def double_choices(review: Review) -> dict[str, Any]:
    """Give what there is to choose for all: columns with their counts, what is proposed, dossiers."""
    counts = review.doubles
    named = {"columns": counts.columns, "empties": counts.empties}
    return {
        "counts": counts,
        "is_open": can_overwrite(review.batch),
        "chosen": counts.chosen,
        **{
            name: [(each, header_of(each.key), each.chosen == each.rows) for each in found]
            for name, found in named.items()
        },
    }


@register.simple_tag
def chosen(review: Review) -> Chosen:
    """Give how much would be overwritten."""
    return review.doubles.chosen


@register.filter
def can_overwrite(batch: Batch) -> bool:
    """Whether anything can still be chosen for known customers."""
    return batch.state in overwriting.OPEN


@register.filter
def field(row: double_cells.DoubleRow, group: str) -> double_cells.Field:
    """Give one cell of a row."""
    return row.field(group)


@register.simple_tag
def decisions(review: Review) -> dict[int, Parting]:
    """Give the decisions in force about the customers of this page, by customer."""
    ids = [view.customer.pk for view in review.page.object_list]
    return {each.customer_id: each for each in in_force(review.batch).filter(customer_id__in=ids)}


@register.filter
def of(found: dict[int, Any], key: int) -> Any:
    """Give what is found under a key, None for nothing."""
    return found.get(key)


@register.simple_tag
def decision_words() -> dict[str, Any]:
    """Give the actions and reasons that can be chosen."""
    return {"actions": [each for each in Action.choices if each[0] != Action.NOTHING], "reasons": PartingReason.choices}


@register.filter
def accounted(batch: Batch) -> Import:
    """Give what became of an import."""
    return account(batch)


@register.filter
def is_undone(batch: Batch) -> bool:
    """Whether an import was undone."""
    return batch.state == State.UNDONE


@register.filter
def part_words(part: str) -> str:
    """Say what kind of things these are."""
    return undo_words.part_words(part)


@register.filter
def part_word(part: str) -> str:
    """Say what kind of thing this is."""
    return undo_words.part_word(part)


@register.filter
def why(verdict: Verdict) -> str:
    """Say why a thing stays."""
    return undo_words.why(verdict)


@register.filter
def file_size(number: int) -> str:
    """Give the size of a file in kB or MB."""
    return f"{number / 1_000_000:.1f} MB" if number >= 1_000_000 else f"{max(number // 1000, 1)} kB"


@register.simple_tag
def time_left(batch: Batch) -> str:
    """Say how long an add or an undo will still take, "" while nobody knows."""
    return remaining_words(batch, timezone.now())
