"""What somebody asked to be done to very many rows of a review, while it is done in the background."""

from django.db import models

from accounton.importing.models.batches import Batch, State
from accounton.importing.models.changes import Change
from accounton.offices.models import User
from accounton.offices.scoping import OfficeOwned


class End(models.TextChoices):
    DONE = "done"
    STOPPED = "stopped"
    UNUSABLE = "unusable"
    GIVEN_UP = "given_up"


class BulkAction(OfficeOwned):
    """One work on a batch, whose state it holds meanwhile; kept until whoever asked for it was told how it ended."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="bulk_actions")
    # Names a class of bulk_actions.WORKS; its fields stand sealed, for as long as they are needed.
    work = models.CharField(max_length=40)
    sealed = models.BinaryField(null=True)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state_before = models.CharField(max_length=20, choices=State)
    # What is to be looked at, as numbers of the work's own kind; how many there are, and how many were done.
    chosen = models.JSONField(null=True)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, null=True, related_name="+")
    said = models.JSONField(default=dict)
    # Where whoever asked came from.
    back = models.CharField(max_length=200)
    end = models.CharField(max_length=20, choices=End, blank=True)

    class Meta(OfficeOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["batch"], condition=models.Q(end=""), name="one_bulk_action_running")
        ]

    def __str__(self) -> str:
        return f"{self.work} of batch {self.batch_id}"
