"""Leases: which process works on a batch, as long as it lets itself be heard."""

from django.db import models
from django.db.models import Q

from accounton.importing.models.batches import Batch
from accounton.offices.scoping import OfficeOwned


class Lease(OfficeOwned):
    """A process at work on a batch. One that is not renewed in time is nobody's: the process was killed."""

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="lease")
    token = models.CharField(max_length=32)
    in_web = models.BooleanField(default=False)
    renewed_at = models.DateTimeField()

    class Meta(OfficeOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["office"], condition=Q(in_web=True), name="one_reading_in_web"),
        ]
        indexes = [models.Index(fields=["renewed_at"], name="lease_by_age")]

    def __str__(self) -> str:
        return f"lease of batch {self.batch_id}"
