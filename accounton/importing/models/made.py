"""Workbooks that take long to make: asked for, made in the background, fetched by whoever asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounton.importing.models.batches import Batch
from accounton.offices.models import User
from accounton.offices.scoping import OfficeOwned


class WorkbookKind(models.TextChoices):
    ERRORS = "errors", _("What is wrong")
    REVIEW = "review", _("The whole review")


class MadeWorkbook(OfficeOwned):
    """A workbook of a review for one colleague. `sealed` holds it once it is made; it is wiped after a day.

    `version` tells whether the review moved since it was asked for.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="workbooks")
    kind = models.CharField(max_length=10, choices=WorkbookKind)
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    language = models.CharField(max_length=5)
    version = models.CharField(max_length=60)
    rows = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(auto_now=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sealed = models.BinaryField(null=True)

    class Meta(OfficeOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["batch", "kind", "asked_by"], name="made_workbook_once")]

    def __str__(self) -> str:
        return f"{self.kind} of batch {self.batch_id}"
