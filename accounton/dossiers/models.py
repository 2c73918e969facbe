"""Dossiers: what an office does for a customer in one assessment year."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Customer
from accounton.offices.scoping import OfficeOwned


class TaskFlow(models.TextChoices):
    PERSONENBELASTING = "personenbelasting", _("Personal income tax")


class Status(models.TextChoices):
    NOT_SENT = "not_sent", _("Not sent yet")
    SENT = "sent", _("Sent")
    OPENED = "opened", _("Opened")
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted")
    HANDLING = "handling", _("Being handled")
    DONE = "done", _("Done")


class Dossier(OfficeOwned):
    """One return of one customer. `deadline` is the office's own; without it the tax calendar decides."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="dossiers")
    task_flow = models.CharField(max_length=40, choices=TaskFlow, default=TaskFlow.PERSONENBELASTING)
    assessment_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=Status, default=Status.NOT_SENT)
    deadline = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfficeOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["customer", "task_flow", "assessment_year"], name="dossier_once_a_year"),
        ]
        indexes = [
            # All that counting and sorting an overview reads of a dossier, so that it never visits the table itself.
            models.Index(
                fields=["office", "task_flow", "assessment_year", "status", "customer", "deadline"],
                name="dossier_overview",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_flow} {self.assessment_year}"
