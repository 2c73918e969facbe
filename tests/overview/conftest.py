"""People and dossiers for the pages about customers."""

import datetime

import pytest
from django.utils import timezone

from accounton.customers.models import Customer
from accounton.customers.saving import put_values
from accounton.dossiers.models import Dossier
from accounton.questionnaires.models import Questionnaire

YEAR = 2026
EMMA = {
    "first_name": "Emma",
    "last_name": "Peeters",
    "email": "e.peeters@telenet.be",
    "mobile": "+32478123456",
    "language": "dutch",
    "national_number": "85073003328",
    "street": "Kerkstraat",
    "house_number": "12",
    "box": "3",
    "postal_code": "9300",
    "city": "Aalst",
    "country": "BE",
    "labels": "kantoor Gent,zelfstandig",
    "client_code": "1017",
    "enterprise_number": "0403019261",
    "spouse_first_name": "Louis",
    "spouse_last_name": "Janssens",
    "spouse_national_number": "17073003384",
}
LOUIS = {"first_name": "Louis", "last_name": "Goossens", "email": "l@goossens.example", "language": "dutch"}
NOOR = {"first_name": "Noor", "last_name": "Declercq", "email": "noor@skynet.be", "language": "french"}


@pytest.fixture(autouse=True)
def midsummer(monkeypatch):
    """The pages ask for today in one place; here it is always the first of June 2026."""
    monkeypatch.setattr(timezone, "localdate", lambda *_args: datetime.date(YEAR, 6, 1))


@pytest.fixture
def make(office):
    """Give a function that makes a customer with a dossier and a questionnaire of one year."""

    def made(values=LOUIS, *, year=YEAR, status="not_sent", deadline=None, responsible=None, **more) -> Customer:
        customer = Customer(office=office)
        put_values(customer, {**values, **more}, {})
        customer.responsible = responsible
        customer.save()
        dossier = Dossier.objects.create(customer=customer, assessment_year=year, status=status, deadline=deadline)
        Questionnaire.objects.create(dossier=dossier, definition="personenbelasting", language=customer.language)
        return customer

    return made


@pytest.fixture
def emma(make) -> Customer:
    return make(EMMA)


@pytest.fixture
def staff(accountant, client_as):
    """A client logged in as an accountant: what both roles may do."""
    return client_as(accountant)
