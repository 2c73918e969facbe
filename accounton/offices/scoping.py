"""The fence between offices: every query on an office's rows goes through OfficeManager, which raises without one.

The manager filters in get_queryset itself, so that exists(), explain(), bulk_create() and forward keys are held too;
save() and delete() compare the row's office with the one acted for.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models

from accounton.web.log_context import in_log
from accounton.web.log_context import office_id as log_office_id

_acting_for: ContextVar[int | None] = ContextVar("acting_for", default=None)
M = TypeVar("M", bound=models.Model)


class NoOffice(RuntimeError):
    """Rows of an office were asked for while nobody acts for an office."""


class ForeignOffice(RuntimeError):
    """A row of one office was about to be written while acting for another."""


@contextmanager
def acting_for(office_id: int) -> Iterator[None]:
    """Act for one office inside the block. Raises NoOffice for no office at all: None never means "all"."""
    if not office_id:
        raise NoOffice("no office was named")
    token = _acting_for.set(office_id)
    try:
        with in_log(log_office_id, office_id):
            yield
    finally:
        _acting_for.reset(token)


def active_office_id() -> int:
    """Give the id of the office acted for. Raises NoOffice."""
    office_id = _acting_for.get()
    if office_id is None:
        raise NoOffice("nobody acts for an office here")
    return office_id


class OfficeQuerySet(models.QuerySet[M]):
    def update(self, **values: Any) -> int:
        """As Django's, but a row never moves to another office."""
        if "office" in values or "office_id" in values:
            raise ForeignOffice("a row cannot move to another office")
        return super().update(**values)

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        """As Django's, for rows of the active office only."""
        rows = list(objs)
        for row in rows:
            claim(row)
        return super().bulk_create(rows, *args, **options)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's, inside the active office (a queryset made earlier may have been made for another)."""
        active_office_id()
        return super().delete()


class OfficeManager(models.Manager.from_queryset(OfficeQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> OfficeQuerySet[Any]:
        """Give the rows of the active office only. Raises NoOffice."""
        queryset: OfficeQuerySet[Any] = super().get_queryset().filter(office_id=active_office_id())
        return queryset


def claim(row: models.Model) -> None:
    """Put a new row in the active office, or raise ForeignOffice where it already stands in another."""
    office_id = active_office_id()
    if getattr(row, "office_id", None) is None:
        row.office_id = office_id  # type: ignore[attr-defined]
    if row.office_id != office_id:  # type: ignore[attr-defined]
        raise ForeignOffice(f"this {row._meta.model_name} belongs to another office")


class OfficeOwned(models.Model):
    """A row that belongs to one office. Its Meta must extend OfficeOwned.Meta (a test sees to it)."""

    # Without an index of its own: where lists need one it begins with the office, and a single one costs each insert.
    # Nobody comes to rows from an office but through the fence; and so no name of a room meets a field of the office.
    office = models.ForeignKey(
        "offices.Office", on_delete=models.CASCADE, editable=False, db_index=False, related_name="+"
    )

    objects = OfficeManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **options: Any) -> None:
        """As Django's, inside the active office. Raises NoOffice or ForeignOffice."""
        claim(self)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """As Django's, inside the active office. Raises NoOffice or ForeignOffice."""
        claim(self)
        return super().delete(*args, **options)


class OfficeOwnedInBulk(OfficeOwned):
    """A row that comes by the hundred thousand, under a parent of the same office.

    The database does not look for its office once more, which would cost more than the writing: the parent's reference
    holds, and `accounton doctor` looks whether any row stands in another office than its parent.
    """

    office = models.ForeignKey(
        "offices.Office",
        on_delete=models.CASCADE,
        editable=False,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta(OfficeOwned.Meta):
        abstract = True
