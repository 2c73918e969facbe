"""Couples and near matches: what is proposed, and what was decided about people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Customer
from accounton.importing.models.batches import Batch
from accounton.importing.models.changes import Change
from accounton.offices.models import User
from accounton.offices.scoping import OfficeOwned


class Reason(models.TextChoices):
    COUPLE = "couple", _("One has the national number of the other as partner")
    LINKED = "linked", _("AdminPulse has them linked as partners")
    HOUSEHOLD = "household", _("Same address and same name")
    TWO_PEOPLE = "two_people", _("This row names two people")
    BIRTH = "birth", _("Same name and birth date, another national number")
    EMAIL = "email", _("Same e-mail address, another name")
    ADDRESS = "address", _("Same name and address, a national number is missing")
    PARTNER = "partner", _("Stands as the partner in a joint return already")
    FIRM = "firm", _("This looks like a company")
    CLAIMED = "claimed", _("Perhaps this customer: what fits is not enough, or fits somebody else too")
    AGAIN_BIRTH = "again_birth", _("Same name and birth date, another national number")
    AGAIN_ADDRESS = "again_address", _("Same name and address, a national number is missing")


ON_TWO_ROWS = (Reason.COUPLE, Reason.LINKED, Reason.HOUSEHOLD)


COUPLES = (*ON_TWO_ROWS, Reason.TWO_PEOPLE)


NEAR = (Reason.BIRTH, Reason.EMAIL, Reason.ADDRESS, Reason.PARTNER, Reason.FIRM, Reason.CLAIMED)


AGAIN = (Reason.AGAIN_BIRTH, Reason.AGAIN_ADDRESS)
"""Of two rows that may be one person."""


LOOKALIKE = (*NEAR, *AGAIN)
"""What is decided among near matches: of a row beside a customer, by itself, or beside another row."""


HOLDING = (*LOOKALIKE, Reason.COUPLE, Reason.LINKED, Reason.TWO_PEOPLE)
"""Whose rows wait for a decision when the others are added. Brothers, or parents and children, share a name and an
address too, and a list that has them on rows of their own says itself that each declares alone: those do not wait."""


class Verdict(models.TextChoices):
    NEW = "new", _("New")
    SAME = "same", _("Same")
    LEFT_OUT = "left_out", _("Left out")


class Decision(OfficeOwned):
    """What somebody decided about a near match, remembered so that the office is never asked again.

    `person` is a keyed hash of what identifies the row, `other` likewise the second row where it was about two.
    """

    person = models.BinaryField()
    other = models.BinaryField(null=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=210)
    reason = models.CharField(max_length=20, choices=Reason)
    verdict = models.CharField(max_length=20, choices=Verdict)
    change = models.ForeignKey(Change, on_delete=models.SET_NULL, null=True, related_name="decisions")
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta(OfficeOwned.Meta):
        indexes = [models.Index(fields=["office", "person"], name="decision_person")]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Proposal(OfficeOwned):
    """Something to decide about rows of a review: a couple, two people in one row, a near match.

    It is open until a change (that is not undone) or a remembered decision settles it.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="proposals", db_index=False)
    reason = models.CharField(max_length=20, choices=Reason)
    # Sheet rows: of the main declarant and the partner where it is about a couple.
    row = models.PositiveIntegerField()
    other = models.PositiveIntegerField(null=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="+")
    change = models.ForeignKey(Change, on_delete=models.SET_NULL, null=True, related_name="settled")
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True, related_name="settled")

    class Meta(OfficeOwned.Meta):
        indexes = [models.Index(fields=["batch", "reason", "row"], name="proposal_by_row")]

    def __str__(self) -> str:
        return f"{self.reason} of row {self.row}"
