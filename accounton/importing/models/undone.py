"""What became of what an import did when it was undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Customer
from accounton.importing.models.batches import Batch, StagedRow
from accounton.offices.scoping import OfficeOwned


class Part(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    CHANGE = "change", _("Change")
    FILE = "file", _("File")
    DECISION = "decision", _("Decision")


class Outcome(models.TextChoices):
    TAKEN_BACK = "taken_back", _("Taken back")
    KEPT = "kept", _("Kept")
    IMPOSSIBLE = "impossible", _("Not possible")


class Undone(OfficeOwned):
    """What became of one thing that an import did when it was undone; `reasons` are codes (why it was kept)."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="undone")
    row = models.ForeignKey(StagedRow, on_delete=models.CASCADE, null=True, related_name="undone")
    part = models.CharField(max_length=20, choices=Part)
    outcome = models.CharField(max_length=20, choices=Outcome)
    reasons = models.TextField(blank=True)
    keys = models.TextField(blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(OfficeOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.part} of row {self.row_id}: {self.outcome}"
