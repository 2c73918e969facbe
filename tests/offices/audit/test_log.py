"""The page of the log: what was done, in words, filtered and downloaded, for the admins of the office only."""

import datetime
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from accounton.customers.models import Customer
from accounton.offices.audit import record, record_all
from accounton.offices.models import AuditEntry
from accounton.offices.scoping import acting_for

LOG = "/settings/log/"


@pytest.fixture
def customer(office):
    from accounton.customers.saving import search_text

    customer = Customer(first_name="Jan", last_name="Peeters", email="jan@x.example", language="dutch")
    customer.search = search_text("Jan", "Peeters")
    customer.save()
    return customer


def page(client, **params):
    return client.get(LOG, params).content.decode()


def test_what_was_done_is_told_in_words_with_a_link(admin, customer, client_as):
    record(admin, "number.revealed", f"customer:{customer.pk}", column="national_number", numbers=1)
    text = page(client_as(admin))
    link = f'<a href="/customers/{customer.pk}/">klant Jan Peeters</a>'
    assert f"Els Claes keek naar het rijksregisternummer van {link}" in text
    assert "Logboek" in text


def test_names_are_looked_up_and_stored_nowhere(admin, customer, client_as):
    record(admin, "customer.edited", f"customer:{customer.pk}", fields=["city"])
    customer.first_name, number = "Johan", customer.pk
    customer.save()
    assert "klant Johan Peeters" in page(client_as(admin))
    customer.delete()
    assert f"Els Claes wijzigde klant {number}" in page(client_as(admin))
    assert "Peeters" not in str(list(AuditEntry.objects.values()))


def test_a_name_runs_no_script(admin, customer, client_as):
    admin.name = customer.first_name = "<script>alert(1)</script>"
    admin.save()
    customer.save()
    record(admin, "customer.edited", f"customer:{customer.pk}", fields=["city"])
    assert "<script>alert" not in page(client_as(admin))


@pytest.mark.parametrize(
    ("params", "seen"),
    [
        ({}, {"bewerkt", "aangemeld", "geteld", "zelf"}),
        ({"kind": "sign_in"}, {"aangemeld"}),
        ({"kind": "customers", "who": "els"}, {"bewerkt"}),
        ({"who": "none"}, {"zelf"}),
        ({"about": "peeters"}, {"bewerkt"}),
        ({"about": "customer"}, {"bewerkt"}),
        ({"about": "nergens te vinden"}, set()),
        ({"about": "batch:7"}, {"geteld"}),
        ({"from": "2999-01-01"}, set()),
        ({"to": "2000-01-02"}, set()),
        ({"kind": "no such", "who": "999", "from": "x", "page": "99"}, {"bewerkt", "aangemeld", "geteld", "zelf"}),
    ],
)
def test_filters(admin, accountant, customer, client_as, params, seen):
    record(admin, "customer.edited", f"customer:{customer.pk}", fields=["city"])
    record(accountant, "signed_in", f"user:{accountant.pk}")
    record(admin, "import.added", "batch:7", added=41)
    record(None, "reveals.stopped", f"user:{accountant.pk}")
    if params.get("who") == "els":
        params = params | {"who": str(admin.pk)}
    if params.get("about") == "customer":
        params = {"about": f"customer:{customer.pk}"}
    words = {
        "bewerkt": "wijzigde <a", "aangemeld": "Tom Baert meldde zich aan", "geteld": "toe: 41",
        "zelf": "bereikte het maximum",
    }  # fmt: skip
    text = page(client_as(admin), **params)
    assert {name for name, words_of in words.items() if words_of in text} == seen


def test_the_newest_comes_first_and_pages_are_bounded(admin, client_as, monkeypatch):
    monkeypatch.setattr("accounton.offices.audit.log.MOST", 120)
    monkeypatch.setattr("accounton.offices.audit.views.MOST", 120)
    record_all(admin, "customer.archived", (f"customer:{number}" for number in range(1000, 1150)), batch=1)
    text = page(client_as(admin))
    assert text.index("klant 1149") < text.index("klant 1148")
    assert "1–50 van 120" in text
    assert "Alleen de laatste 120" in text
    assert "klant 1030" in page(client_as(admin), page=3)


def test_a_page_asks_few_questions(admin, customer, client_as, django_assert_max_num_queries):
    record_all(admin, "customer.archived", (f"customer:{number}" for number in range(1000, 1150)), batch=1)
    for kind in ("batch", "rule", "user", "office"):
        record(admin, "customer.edited", f"{kind}:{admin.pk}")
    client = client_as(admin)
    with django_assert_max_num_queries(12):
        client.get(LOG)


def test_the_workbook_holds_what_the_page_lists_and_is_recorded_itself(admin, customer, client_as):
    record(admin, "customer.edited", f"customer:{customer.pk}", fields=["city"])
    record(admin, "signed_in", f"user:{admin.pk}")
    response = client_as(admin).get(f"{LOG}download/", {"kind": "customers"})
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert [row[2:4] for row in rows] == [["Wat", "Meer"], ["Els Claes wijzigde klant Jan Peeters", "Gemeente"]]
    assert ".xlsx" in response["Content-Disposition"]
    entry = AuditEntry.objects.get(action="audit.downloaded")
    assert (entry.user, entry.details) == (admin, {"entries": 1})


def test_another_office_is_never_seen(admin, other_admin, other_office, client_as):
    with acting_for(other_office.pk):
        record(other_admin, "signed_in", f"user:{other_admin.pk}")
        foreign = Customer.objects.create(first_name="Luc", last_name="Roy", email="l@roy.example", language="french")
    record(admin, "customer.edited", f"customer:{foreign.pk}", fields=["city"])
    text = page(client_as(admin))
    assert "Luc" not in text
    assert f"klant {foreign.pk}" in text
    assert "Roy" not in page(client_as(admin), about=f"customer:{foreign.pk}", who=str(other_admin.pk))


def test_who_is_no_admin_is_refused(accountant, client_as):
    assert client_as(accountant).get(LOG).status_code == 403


def test_a_day_is_one_in_belgium(admin, client_as, monkeypatch):
    late = datetime.datetime(2026, 11, 30, 23, 30, tzinfo=datetime.UTC)  # half past midnight in Aalst
    monkeypatch.setattr("accounton.offices.audit.records.timezone.now", lambda: late)
    record(admin, "signed_in", f"user:{admin.pk}")
    monkeypatch.undo()
    assert "01/12/2026 00:30" in page(client_as(admin), **{"from": "2026-12-01", "to": "2026-12-01"})
    assert "meldde zich aan" not in page(client_as(admin), to="2026-11-30")
