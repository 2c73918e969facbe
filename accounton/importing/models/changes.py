"""What was done to the rows of a review, and what they were before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounton.importing.models.batches import Batch, StagedRow
from accounton.offices.models import User
from accounton.offices.scoping import OfficeOwned


class ChangeKind(models.TextChoices):
    EDIT = "edit", _("Cell changed")
    ACCEPT = "accept", _("Suggestions accepted")
    REPLACE = "replace", _("Value replaced")
    SET = "set", _("Column set")
    WITHOUT_EMAIL = "without_email", _("Allowed without e-mail")
    MERGE = "merge", _("Couple merged")
    SPLIT = "split", _("Partner split off")
    APART = "apart", _("Not a couple")
    DECIDED = "decided", _("Near match decided")
    COMBINED = "combined", _("Repeated rows combined")
    LEFT_OUT = "left_out", _("Rows left out")
    BROUGHT_BACK = "brought_back", _("Rows brought back")
    RETURNED = "returned", _("Corrected list uploaded")


class Change(OfficeOwned):
    """One thing that somebody did to the rows of a review, so that it is known and can be undone."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    # The column and the problem code that it was about, where it was about one. Where columns were set or emptied, the
    # code is what was done and with which value: "add_labels:Gent".
    column = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=80, blank=True)
    rows = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta(OfficeOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.kind} of {self.rows} rows"


class RowBefore(OfficeOwned):
    """What a row held before a change, sealed as it was."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="before")
    row = models.ForeignKey(StagedRow, on_delete=models.CASCADE, related_name="before")
    sealed = models.BinaryField()
    questionnaire = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta(OfficeOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"row {self.row_id} before change {self.change_id}"
