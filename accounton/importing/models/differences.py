"""Known customers: what a row says differently of them, and what was overwritten."""

from django.db import models

from accounton.customers.models import Customer
from accounton.importing.models.batches import Batch, StagedRow
from accounton.offices.models import User
from accounton.offices.scoping import OfficeOwned


class Difference(OfficeOwned):
    """What a row says differently of a customer who is known, and what of it was chosen.

    Lists of column keys are stored as ",email,mobile,". Only a row with something to choose has one.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="differences", db_index=False)
    row = models.OneToOneField(StagedRow, on_delete=models.CASCADE, related_name="difference")
    number = models.PositiveIntegerField()
    # A filled cell says something else; of these only the list moved; the cell is empty but something is known.
    differs = models.TextField()
    proposed = models.TextField()
    empties = models.TextField()
    # Of those that differ: another national number is known. Only somebody who said so of this row replaces it.
    guarded = models.TextField(default="", db_default="")
    chosen = models.TextField()
    lacks_dossier = models.BooleanField()
    wants_dossier = models.BooleanField()
    # A keyed digest of what was compared: it tells whether the row or the customer moved since.
    seen = models.BinaryField()
    revision = models.PositiveIntegerField()
    chosen_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta(OfficeOwned.Meta):
        indexes = [
            models.Index(fields=["batch", "number"], name="difference_by_number"),
            models.Index(
                fields=["batch", "number"], name="difference_chosen",
                condition=~models.Q(chosen="") | models.Q(wants_dossier=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"differences of row {self.row_id}"


class Overwritten(OfficeOwned):
    """What an import changed of a known customer. `sealed` holds all that was known before, and what was put there."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="overwritten")
    row = models.ForeignKey(StagedRow, on_delete=models.CASCADE, related_name="overwritten")
    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, related_name="+")
    keys = models.TextField()
    with_dossier = models.BooleanField()
    sealed = models.BinaryField()
    chosen_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta(OfficeOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"row {self.row_id} over customer {self.customer_id}"
