"""Customers: the persons an office files returns for, with the partner of a joint return."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounton.offices.models import User
from accounton.offices.scoping import OfficeOwned, OfficeOwnedInBulk


class LabelsField(models.TextField):  # type: ignore[type-arg]
    """A list of labels, stored as ",Gent,zelfstandig," so that one label is found by an ordinary LIKE."""

    def from_db_value(self, value: str | None, *_args: Any) -> list[str]:
        return [label for label in (value or "").split(",") if label]

    def to_python(self, value: Any) -> list[str]:
        return value if isinstance(value, list) else self.from_db_value(value)

    def get_prep_value(self, value: Any) -> str:
        return packed_labels(self.to_python(value))


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """Folded text, compared byte by byte: PostgreSQL then sorts and searches it many times as fast as by a language."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        return parameters | {"collation": "C"} if connection.vendor == "postgresql" else parameters


def packed_labels(labels: list[str]) -> str:
    """Give labels in the form in which they are stored: "" for none."""
    return f",{','.join(labels)}," if labels else ""


class Language(models.TextChoices):
    DUTCH = "dutch", _("Dutch")
    FRENCH = "french", _("French")
    ENGLISH = "english", _("English")


class Customer(OfficeOwned):
    """A private client. National numbers are sealed; their keyed hashes find the same customer again."""

    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    email = models.CharField(max_length=254)
    mobile = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, choices=Language)
    street = models.CharField(max_length=200, blank=True)
    house_number = models.CharField(max_length=20, blank=True)
    box = models.CharField(max_length=20, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, blank=True)
    labels = LabelsField(blank=True, default=list)
    client_code = models.CharField(max_length=50, blank=True)
    enterprise_number = models.CharField(max_length=10, blank=True)
    national_number_sealed = models.BinaryField(null=True)
    national_number_hash = models.BinaryField(null=True)
    responsible = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    is_joint = models.BooleanField(default=False)
    spouse_first_name = models.CharField(max_length=100, blank=True)
    spouse_last_name = models.CharField(max_length=100, blank=True)
    spouse_email = models.CharField(max_length=254, blank=True, default="", db_default="")
    spouse_mobile = models.CharField(max_length=20, blank=True, default="", db_default="")
    spouse_national_number_sealed = models.BinaryField(null=True)
    spouse_national_number_hash = models.BinaryField(null=True)
    spouse_enterprise_number = models.CharField(max_length=10, blank=True)

    name_key = models.CharField(max_length=210, editable=False)
    search = FoldedField(editable=False)
    # The staged row this customer was made from. Unique, so that no row can ever be added twice.
    import_row = models.BigIntegerField(null=True, unique=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(OfficeOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["office", "national_number_hash"], name="customer_national_number_once"),
            models.UniqueConstraint(
                fields=["office", "client_code"], condition=~models.Q(client_code=""), name="customer_client_code_once"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "archived_at", "search"], name="customer_search"),
            # Who came or changed since a list was read is asked again and again; of which row they were made counts.
            models.Index(fields=["office", "updated_at", "import_row"], name="customer_changed"),
            models.Index(
                fields=["office", "spouse_national_number_hash"],
                condition=models.Q(spouse_national_number_hash__isnull=False),
                name="customer_spouse",
            ),
            # Every page says how many there are: counting 100,000 takes 8 ms by this index, and 35 by the other.
            models.Index(
                fields=["office", "archived_at"], condition=models.Q(archived_at=None), name="customer_not_archived"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First name and last name as the customer writes them."""
        return f"{self.first_name} {self.last_name}"

    @property
    def household_name(self) -> str:
        """Both names of a joint return where both are known."""
        spouse = f"{self.spouse_first_name} {self.spouse_last_name}".strip()
        return f"{self.name} & {spouse}" if self.is_joint and spouse else self.name


class HandOver(OfficeOwned):
    """All customers of one colleague became those of another, or of nobody. Who they were: HandedOver."""

    # Gone only where an invitation was withdrawn.
    giver = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    receiver = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    customers = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    # Fewer than `customers` where some had another responsible by then.
    handed_back = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class HandedOver(OfficeOwnedInBulk):
    """One customer of a hand-over."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta(OfficeOwnedInBulk.Meta):
        constraints = [
            # It finds those of a customer as well.
            models.UniqueConstraint(fields=["customer", "hand_over"], name="handed_over_once"),
        ]
        indexes = [models.Index(fields=["hand_over"], name="handed_over_of")]

    def __str__(self) -> str:
        return f"customer {self.customer_id} of hand-over {self.hand_over_id}"
