"""What was decided about customers whom a list does not have."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Customer
from accounton.importing.models.batches import Batch
from accounton.offices.models import User
from accounton.offices.scoping import OfficeOwned


class Action(models.TextChoices):
    NOTHING = "nothing", _("Nothing")
    ARCHIVE = "archive", _("Archive")
    TAKE_OUT = "take_out", _("Take out of this task flow")


class WhyGone(models.TextChoices):
    LEFT = "left", _("Left the office")
    DECEASED = "deceased", _("Deceased")
    MOVED = "moved", _("Moved away")
    FORGOTTEN = "forgotten", _("Forgotten in the list")
    KEEP = "keep", _("Stays a customer")


class Departure(OfficeOwned):
    """What was decided about a customer whom a list does not have. `kept` holds what a dossier taken out was."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="departures")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="departures")
    action = models.CharField(max_length=20, choices=Action)
    reason = models.CharField(max_length=20, choices=WhyGone, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    kept = models.JSONField(default=dict)
    restored_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    restored_at = models.DateTimeField(null=True)

    class Meta(OfficeOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "customer"], condition=models.Q(restored_at=None), name="one_decision_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} customer {self.customer_id}"
