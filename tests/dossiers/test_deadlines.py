"""The deadline of a dossier: its own date, else the tax calendar; and the same in SQL."""

import datetime

import pytest

from accounton.customers.models import Customer
from accounton.dossiers.deadlines import deadline_of, effective_deadline
from accounton.dossiers.models import Dossier

pytestmark = pytest.mark.database
OWN = datetime.date(2026, 9, 1)
SIMPLE, COMPLEX = datetime.date(2026, 7, 15), datetime.date(2026, 10, 16)


@pytest.fixture
def dossier(office):
    def made(*, year=2026, deadline=None, **values) -> Dossier:
        customer = Customer.objects.create(first_name="Emma", last_name="Peeters", language="dutch", **values)
        return Dossier.objects.create(customer=customer, assessment_year=year, deadline=deadline)

    return made


@pytest.mark.parametrize(
    ("values", "expected", "is_own"),
    [
        ({}, SIMPLE, False),
        ({"enterprise_number": "0403019261"}, COMPLEX, False),
        ({"spouse_enterprise_number": "0403019261"}, COMPLEX, False),
        ({"deadline": OWN}, OWN, True),
        ({"deadline": OWN, "enterprise_number": "0403019261"}, OWN, True),
        ({"year": 2031}, None, False),
        ({"year": 2031, "enterprise_number": "0403019261"}, None, False),
    ],
)
def test_what_is_shown_is_what_is_sorted_by(dossier, values, expected, is_own):
    made = dossier(**values)
    shown = deadline_of(made)
    assert (shown.date, shown.is_own) == (expected, is_own)
    assert shown.source
    reckoned = Dossier.objects.annotate(until=effective_deadline(made.assessment_year)).get()
    assert reckoned.until == expected


def test_where_the_calendar_found_a_date_is_said(dossier):
    shown = deadline_of(dossier(enterprise_number="0403019261"))
    assert "complex" in shown.source
    assert "2026" in shown.found_in
