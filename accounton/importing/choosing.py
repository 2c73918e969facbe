"""The choices of a review, each saved at once: which rows, which language, which questionnaire."""

from collections.abc import Collection

from django.db.models import F, QuerySet
from django.utils import timezone

from accounton.importing.models import Batch, StagedRow, State


class ReviewClosed(Exception):
    """The batch is being added or changed, or was added: nothing can be chosen now. `state` is its state."""

    def __init__(self, state: str = "") -> None:
        super().__init__(state)
        self.state = state


def choose_rows(batch: Batch, rows: QuerySet[StagedRow], *, selected: bool) -> None:
    """Select or deselect rows of a batch. Raises ReviewClosed."""
    touch(batch)
    rows.exclude(selected=selected).update(selected=selected, revision=batch.revision)


def choose(batch: Batch, **choices: str) -> None:
    """Save `language` ("" for as in the file) or `questionnaire`. Raises ReviewClosed."""
    touch(batch, (State.REVIEW,), **choices)


def touch(batch: Batch, states: Collection[State] = (State.REVIEW,), **choices: str) -> None:
    """Claim the next revision of a review, for a choice or change that is made now. Raises ReviewClosed.

    Inside a transaction two reviewers take turns here. `states` are those in which it may still be made; `choices` are
    saved with it.
    """
    open_ones, now = Batch.objects.filter(pk=batch.pk, state__in=states), timezone.now()
    if open_ones.filter(revision=batch.revision).update(revision=batch.revision + 1, touched_at=now, **choices):
        batch.revision, batch.touched_at = batch.revision + 1, now
    elif open_ones.update(revision=F("revision") + 1, touched_at=now, **choices):
        batch.refresh_from_db(fields=["revision", "touched_at"])  # somebody else touched it since it was read
    else:
        raise ReviewClosed(Batch.objects.values_list("state", flat=True).get(pk=batch.pk))
    for name, choice in choices.items():
        setattr(batch, name, choice)
