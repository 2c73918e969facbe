"""The settings of the office: what is saved, what is refused at its field, and what is recorded."""

import pytest

from accounton.customers.models import Customer
from accounton.importing.models import Batch
from accounton.offices.models import AuditEntry, User
from tests.importing.test_mapping import uploaded

pytestmark = pytest.mark.database
URL = "/settings/office/"
TYPED = {
    "name": "Kantoor Gent & Co",
    "street": "Veldstraat 12 bus 3",
    "postal_code": "9000",
    "city": "Gent",
    "telephone": "09 225 11 02",
    "languages": ["french", "dutch"],
    "list_language": "dutch",
    "idle_minutes": "15",
}


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


def send(client, **changes):
    seen = client.get(URL).context["form"]["seen"].value()
    return client.post(URL, {"seen": seen, **TYPED, **changes})


def errors(answer):
    assert answer.status_code == 422
    return set(answer.context["form"].errors)


def test_what_is_typed_is_saved_and_recorded_without_a_word_of_it(client, office):
    assert send(client).url == URL
    office.refresh_from_db()
    assert (office.name, office.telephone, office.idle_minutes) == ("Kantoor Gent & Co", "+3292251102", 15)
    assert (office.languages, office.list_language) == (["dutch", "french"], "dutch")
    [entry] = AuditEntry.objects.filter(action="office.changed")
    assert set(entry.details["fields"]) == set(TYPED)
    assert "Veldstraat" not in str(entry.details)
    page = client.get(URL).content.decode()
    assert "+32 9 225 11 02" in page


def test_saving_what_stands_there_changes_and_records_nothing(client):
    send(client)
    send(client)
    assert AuditEntry.objects.filter(action="office.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "), ("name", "x" * 201), ("name", "Els 85.07.30-033.28"), ("street", "85073003328"),
        ("postal_code", "9999"), ("postal_code", "90000"), ("telephone", "12"), ("telephone", "85.07.30-033.28"),
        ("telephone", "09 225 11 02 ext. 5"), ("languages", []), ("languages", ["klingon"]),
        ("list_language", "english"), ("list_language", "latin"), ("idle_minutes", "4"), ("idle_minutes", "61"),
        ("idle_minutes", "-1"), ("idle_minutes", "een"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(client, office, field, value):
    assert errors(send(client, **{field: value})) == {field}
    office.refresh_from_db()
    assert office.name == "Kantoor Gent"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0478 12 34 56", "+32478123456"),
        ("+33 1 42 68 53 00", "+33142685300"),
        ("0032 9 225 11 02", "+3292251102"),
        ("", ""),
    ],
)
def test_telephone_numbers_of_every_kind(client, office, typed, kept):
    send(client, telephone=typed)
    office.refresh_from_db()
    assert office.telephone == kept


def test_a_language_that_is_used_stays_and_it_is_said_how_much(client, office):
    person = {"first_name": "Jo", "last_name": "Wit", "language": "french"}
    Customer.objects.create(**person, email="jo@wit.example", search="wit jo", name_key="jo wit")
    batch = Batch.objects.create(file_name="l.xlsx", assessment_year=2026, state="review", language="english")
    done = Batch.objects.create(file_name="m.xlsx", assessment_year=2026, state="done", language="english")
    answer = send(client, languages=["dutch"])
    assert errors(answer) == {"languages"}
    said = " ".join(answer.context["form"].errors["languages"])
    assert "1 klant" in said
    assert "1 open import" in said
    Customer.objects.update(archived_at=office.created_at)
    Batch.objects.filter(pk=batch.pk).update(state="done")
    assert send(client, languages=["dutch"]).status_code == 302
    assert done.language == "english"


def test_a_language_of_a_row_under_review_stays(client, office):
    uploaded(client, [["Voornaam", "Naam", "E-mail", "Taal"], ["Jo", "Wit", "jo@wit.example", "E"]])
    assert errors(send(client, languages=["dutch", "french"])) == {"languages"}


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_unseen(client, office):
    seen = client.get(URL).context["form"]["seen"].value()
    send(client, street="Van een collega 1")
    answer = client.post(URL, {"seen": seen, **TYPED})
    assert answer.status_code == 422
    assert answer.context["is_changed_meanwhile"]
    office.refresh_from_db()
    assert office.street == "Van een collega 1"
    again = answer.context["form"]["seen"].value()
    assert client.post(URL, {"seen": again, **TYPED}).status_code == 302


def test_who_is_no_admin_any_more_saves_nothing(client, admin, office, monkeypatch):
    """The role was taken away between opening the page and the turn."""
    from accounton.overview.office import views

    real = views.save_office

    def late(*arguments):
        User.objects.filter(pk=admin.pk).update(role=User.Role.ACCOUNTANT)
        return real(*arguments)

    monkeypatch.setattr(views, "save_office", late)
    assert send(client).status_code == 403
    office.refresh_from_db()
    assert office.name == "Kantoor Gent"


def test_the_page_asks_few_questions(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert client.get(URL).status_code == 200


def test_an_empty_office_leads_to_all_first_steps(client):
    page = client.get("/customers/").content.decode()
    for address in ("/imports/new/", "/customers/new/", URL, "/settings/colleagues/invite/"):
        assert page.count(f'href="{address}"') >= 1
