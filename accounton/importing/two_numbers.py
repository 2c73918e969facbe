"""Two national numbers are two people: what must hold of the rows of one list that are one customer, or changed one."""

from collections.abc import Iterator

from django.db.models import Count, F

from accounton.customers.models import Customer
from accounton.importing.bases import opened_overwritten
from accounton.importing.models import Bucket, Overwritten, StagedRow, State
from accounton.sealing import CannotOpen

OPEN = (State.REVIEW, State.APPLYING, State.CHANGING)
NUMBER = "national_number"
AT_MOST = 20


def two_numbers() -> Iterator[str]:
    """Yield a line for each customer of the active office whom one list holds for two people."""
    yield from _rows_of_two_people()
    yield from _overwritten_by_two_people()
    own = Customer.objects.filter(national_number_hash=F("spouse_national_number_hash")).order_by("pk")
    for pk in own.values_list("pk", flat=True)[:AT_MOST]:
        yield f"customer {pk}: said to be their own partner, by one national number"


def _rows_of_two_people() -> Iterator[str]:
    """Two rows of an open review with two numbers are one customer; the partner in a joint return is somebody else."""
    rows = StagedRow.objects.filter(
        batch__state__in=OPEN, bucket__in=(Bucket.DOUBLE, Bucket.INVALID), match__isnull=False,
        number_hash__isnull=False,
    )  # fmt: skip
    # Where no number is known of a partner, comparing with none says nothing.
    own = rows.exclude(
        match__spouse_national_number_hash__isnull=False, number_hash=F("match__spouse_national_number_hash")
    )
    several = (
        own.order_by("batch", "match").values("batch", "match").annotate(count=Count("number_hash", distinct=True))
    )
    for batch, customer in several.filter(count__gt=1).values_list("batch", "match")[:AT_MOST]:
        numbers = own.filter(batch=batch, match=customer).order_by("number").values_list("number", flat=True)
        listed = ", ".join(map(str, numbers[:AT_MOST]))
        yield f"batch {batch} rows {listed}: two national numbers, but both are taken for customer {customer}"


def _overwritten_by_two_people() -> Iterator[str]:
    """One list put two different numbers on one customer, and neither was undone."""
    put: dict[tuple[int, int], set[str]] = {}
    changes = Overwritten.objects.filter(undone_at=None, keys__contains=f",{NUMBER},", customer__isnull=False)
    for each in changes.order_by("batch", "customer", "id").iterator():
        try:
            number = opened_overwritten(each).after.get(NUMBER, "")
        except CannotOpen:
            continue  # said by itself
        put.setdefault((each.batch_id, each.customer_id or 0), set()).add(number)
    for (batch, customer), numbers in put.items():
        if len(numbers - {""}) > 1:
            yield f"batch {batch}: put two national numbers on customer {customer}, one after the other"
