"""Whatever lists and customers are: two national numbers are two people, nobody is lost, and order says nothing."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounton.customers.models import Customer
from accounton.customers.numbers import take
from accounton.customers.saving import put_values
from accounton.importing.deciding import StandsAlready, decide
from accounton.importing.invariants import broken
from accounton.importing.models import NEAR, Aside, Batch, Bucket, Verdict
from accounton.importing.near import look
from accounton.importing.pieces import at_once
from accounton.importing.proposals import open_proposals
from accounton.importing.repairing import edit
from accounton.importing.repeated import CombineAll, KeepFirst, repeated_rows
from tests.importing.conftest import person
from tests.importing.test_two_numbers import number, take_all

NUMBERS = [number(start) for start in ("550203123", "870612001", "611111001", "430101123")]
PEOPLE = st.fixed_dictionaries({
    "first_name": st.sampled_from(["Jan", "An"]),
    "last_name": st.just("Peeters"),
    "email": st.sampled_from(["familie@x.example", "peeters@x.example"]),
    "national_number": st.sampled_from(["", *NUMBERS]),
    "client_code": st.sampled_from(["", "", "", "K1", "K2"]),
})  # fmt: skip


def once(key):
    """Whether no two people have the same filled value."""
    return lambda people: len(filled := [each[key] for each in people if each[key]]) == len(set(filled))


HERE = st.lists(PEOPLE, max_size=3).filter(once("national_number")).filter(once("client_code"))
LISTS = st.lists(PEOPLE, min_size=1, max_size=4)


def by_what_they_say(batch: Batch, people) -> list[tuple]:
    """What rows are, whatever their order; for rows that repeat others the order says which of them does."""
    rows = batch.rows.order_by("number")
    asked = open_proposals(batch, NEAR).values_list("row", "customer_id", "reason")
    return sorted(
        (
            sorted(person.items()), row.match_id or 0, row.bucket,
            sorted((reason, pk or 0) for number, pk, reason in asked if number == row.number),
        )
        for person, row in zip(people, rows, strict=True)
    )  # fmt: skip


def repeats(people) -> bool:
    """Whether rows may repeat one another: then the order says which one stands first."""
    for key in ("national_number", "client_code"):
        if not once(key)(people):
            return True
    unnumbered = [(each["first_name"], each["email"]) for each in people if not each["national_number"]]
    others = [(each["first_name"], each["email"]) for each in people]
    return any(others.count(each) > 1 for each in unnumbered)


def decide_all(batch: Batch, admin, draw) -> None:
    """Decide whatever is asked, and mend what is invalid, in whatever way."""
    while True:
        batch.refresh_from_db()
        if proposal := open_proposals(batch, NEAR).first():
            verdict = draw(st.sampled_from([Verdict.NEW, Verdict.SAME]))
            try:
                decide(batch, admin, proposal.pk, verdict, batch.revision)
            except StandsAlready:
                batch.refresh_from_db()
                decide(batch, admin, proposal.pk, Verdict.NEW, batch.revision)
            continue
        if repeated_rows(batch).exists():
            at_once(batch, admin, draw(st.sampled_from([KeepFirst, CombineAll]))())
            batch.refresh_from_db()
            if repeated_rows(batch).exists():
                at_once(batch, admin, CombineAll())
                continue
        wrong = batch.rows.filter(bucket=Bucket.INVALID, problems__contains="client_code.taken").first()
        if wrong is None:
            return
        batch.refresh_from_db()
        edit(batch, admin, {wrong.number: (batch.revision, {"client_code": ""})})


@pytest.mark.database
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(here=HERE, people=LISTS, data=st.data())
def test_every_national_number_is_one_customer_and_no_known_one_is_replaced(office, staged, admin, here, people, data):
    with transaction.atomic():
        known = []
        for values in here:
            each = Customer(office=office, language="dutch")
            put_values(each, values, {})
            each.save()
            known.append(each)
        rows = [person(at, **values) for at, values in enumerate(people)]
        order = data.draw(st.permutations(rows))
        batch, permuted = staged(*rows), staged(*order)
        for each in (batch, permuted):
            look(each)
        if not repeats(people):
            assert by_what_they_say(batch, rows) == by_what_they_say(permuted, order)
        decide_all(batch, admin, data.draw)
        take_all(batch)
        decide_all(batch, admin, data.draw)
        take_all(batch)
        for each, values in zip(known, here, strict=True):
            each.refresh_from_db()
            assert values["national_number"] in ("", take(each, "national_number"))
        numbers = [take(each, "national_number") for each in Customer.objects.all()]
        wanted = {each["national_number"] for each in [*here, *people]} - {""}
        assert sorted(filter(None, numbers)) == sorted(wanted)
        nobody = batch.rows.filter(bucket=Bucket.ONLY_IN_IMPORT, selected=True)
        assert {row.pk for row in nobody} <= set(Customer.objects.values_list("import_row", flat=True))
        assert not batch.rows.filter(bucket=Bucket.INVALID).exists()
        assert not batch.rows.filter(bucket=Aside.LEFT_OUT, number_hash__isnull=False).exclude(
            number_hash__in=Customer.objects.filter(national_number_hash__isnull=False).values("national_number_hash")
        ).exists()  # fmt: skip
        assert list(broken()) == []
        transaction.set_rollback(True)
