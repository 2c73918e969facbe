"""Changing a customer: the same form and checks, numbers that stay hidden, and nobody's change overwritten."""

import datetime
import re

import pytest

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.customers.saving import put_values
from accounton.dossiers.models import Dossier
from accounton.offices.models import AuditEntry
from accounton.questionnaires.models import Questionnaire
from tests.overview.conftest import EMMA, LOUIS
from tests.overview.test_adding import errors
from tests.overview.test_overview import text


@pytest.fixture
def form(staff, emma):
    """Give what the browser would send back from the edit page, as it stands."""

    def filled(**changes):
        response = staff.get(f"/customers/{emma.pk}/edit/")
        fields = response.context["form"]
        return {name: fields[name].value() or "" for name in fields.fields if not name.startswith("clear_")} | changes

    return filled


@pytest.fixture
def save(staff, emma):
    return lambda data: staff.post(f"/customers/{emma.pk}/edit/", data)


def test_the_form_shows_what_stands_there_and_no_national_number(staff, emma):
    response = staff.get(f"/customers/{emma.pk}/edit/")
    page = response.content.decode()
    for value in ("Emma", "e.peeters@telenet.be", "+32478123456", "kantoor Gent,zelfstandig", "België", "0403019261"):
        assert f'value="{value}"' in page
    assert "85.07.30-***.**" in page
    for number in ("85073003328", "85.07.30-033", "17073003384", "17.07.30-033"):
        assert number not in page


def test_saving_without_changes_changes_nothing(form, save, emma):
    before = Customer.objects.values().get()
    assert save(form()).status_code == 302
    after = Customer.objects.values().get()
    same = set(before) - {"updated_at", "national_number_sealed", "spouse_national_number_sealed"}
    assert {key: before[key] for key in same} == {key: after[key] for key in same}
    assert numbers.take(Customer.objects.get(), "national_number") == "85073003328"
    assert AuditEntry.objects.get().details == {"fields": []}


def test_changes_are_saved_found_again_and_written_down_without_their_values(staff, form, save, emma):
    response = save(form(last_name="Peeters-Maes", email="emma@maes.example", city="Gent", postal_code="9000"))
    assert response.url == f"/customers/{emma.pk}/"
    customer = Customer.objects.get()
    assert (customer.last_name, customer.email, customer.city) == ("Peeters-Maes", "emma@maes.example", "Gent")
    assert "Maes" in text(staff.get("/customers/", {"q": "maes"}))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.details) == (
        "customer.edited",
        {"fields": ["city", "email", "last_name", "postal_code"]},
    )
    assert "Gewijzigd: Gemeente, E-mail, Achternaam, Postcode" in text(staff.get(response.url))


def test_a_national_number_is_changed_by_typing_another(form, save, emma):
    assert save(form(national_number="93.05.18-223.61")).status_code == 302
    assert numbers.take(Customer.objects.get(), "national_number") == "93051822361"


def test_a_national_number_is_removed_only_when_asked(form, save, emma):
    assert save(form(clear_spouse_national_number="on", spouse_first_name="", spouse_last_name="")).status_code == 302
    customer = Customer.objects.get()
    assert numbers.take(customer, "national_number") == "85073003328"
    assert numbers.take(customer, "spouse_national_number") == ""
    assert (customer.spouse_national_number_hash, customer.is_joint) == (None, False)


def test_a_kept_number_is_still_checked_against_the_partners(form, save, emma):
    response = save(form(spouse_national_number="85073003328"))
    assert list(errors(response)) == ["spouse_national_number"]
    assert "85073003328" not in response.content.decode().replace('value="85073003328"', "")


def test_problems_stand_at_their_field_and_nothing_is_saved(form, save, emma):
    response = save(form(mobile="0478 12 34 56", email=""))
    assert errors(response) == {
        "email": ["Vul een e-mailadres in."],
        "mobile": ["Vul het gsm-nummer in met de landcode (+32)."],
    }
    assert Customer.objects.get().email == EMMA["email"]
    assert not AuditEntry.objects.exists()


def test_the_deadline_goes_to_the_dossier_of_this_year(form, save, emma):
    old = Dossier.objects.create(customer=emma, assessment_year=2025)
    assert save(form(deadline="1/9/2026")).status_code == 302
    assert Dossier.objects.get(assessment_year=2026).deadline == datetime.date(2026, 9, 1)
    old.refresh_from_db()
    assert old.deadline is None
    assert form()["deadline"] == "01/09/2026"
    assert save(form(deadline="")).status_code == 302
    assert Dossier.objects.get(assessment_year=2026).deadline is None


def test_what_was_not_sent_yet_follows_the_language(form, save, emma):
    sent = Dossier.objects.create(customer=emma, assessment_year=2025, status="sent")
    Questionnaire.objects.create(dossier=sent, definition="personenbelasting", language="dutch")
    save(form(language="french"))
    languages = dict(Questionnaire.objects.values_list("dossier__assessment_year", "language"))
    assert languages == {2026: "french", 2025: "dutch"}


def test_nobodys_change_is_overwritten_unseen(form, save, emma):
    mine = form(mobile="+32470111111", city="Gent", postal_code="9000")
    save(form(mobile="+32470222222"))
    response = save(mine)
    assert response.status_code == 409
    page = text(response)
    assert "Iemand heeft deze klant ondertussen gewijzigd. Er is niets bewaard." in page
    assert "Mobiel nummer: +32470222222" in page
    assert "Gemeente: Aalst" in page
    assert Customer.objects.get().mobile == "+32470222222"
    assert response.context["form"]["mobile"].value() == "+32470111111"
    seen = response.context["form"]["seen"].value()
    assert save({**mine, "seen": seen}).status_code == 302
    assert Customer.objects.get().mobile == "+32470111111"


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-01-01", "2026-01-01T00:00:00+00:00"])
def test_a_form_that_never_saw_this_customer_saves_nothing(form, save, emma, seen):
    assert save(form(street="Dorp", seen=seen)).status_code == 409
    assert Customer.objects.get().street == "Kerkstraat"


def test_a_conflict_never_shows_a_number(form, save, emma):
    mine = form(national_number="93051822361")
    save(form(city="Gent", postal_code="9000"))
    page = save(mine).content.decode()
    assert "85.07.30-***.**" in page
    assert "85073003328" not in page


@pytest.mark.parametrize("taken", [{"client_code": "2000"}, {"national_number": "93051822361"}])
def test_nobody_becomes_somebody_elses_double(make, form, save, emma, taken):
    other = make(LOUIS, client_code="2000", national_number="93051822361")
    response = save(form(**taken))
    assert response.status_code == 422
    assert "Louis Goossens" in text(response)
    assert f'href="/customers/{other.pk}/"' in response.content.decode()
    assert (Customer.objects.get(pk=emma.pk).client_code, emma.client_code) == ("1017", "1017")


def test_a_partner_with_a_dossier_of_his_own_can_still_be_changed(staff, make, emma):
    louis = make({**LOUIS, "national_number": "17073003384"})
    data = staff.get(f"/customers/{louis.pk}/edit/").context["form"]
    typed = {name: data[name].value() or "" for name in data.fields if not name.startswith("clear_")}
    assert staff.post(f"/customers/{louis.pk}/edit/", {**typed, "city": "Gent"}).status_code == 302


def test_a_foreign_country_keeps_its_code(staff, make):
    customer = make(LOUIS, country="NL")
    page = staff.get(f"/customers/{customer.pk}/edit/")
    assert page.context["form"]["country"].value() == "Nederland"
    data = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    assert staff.post(f"/customers/{customer.pk}/edit/", data).status_code == 302
    assert Customer.objects.get().country == "NL"


def test_a_suggestion_is_accepted_without_saving(form, save, emma):
    response = save(form(mobile="0478 99 99 99", use="mobile"))
    assert response.status_code == 200
    assert response.context["form"]["mobile"].value() == "+32478999999"
    assert Customer.objects.get().mobile == EMMA["mobile"]
    assert re.search(r'id="id_mobile"[^>]*autofocus|autofocus[^>]*id="id_mobile"', response.content.decode())


@pytest.mark.parametrize("mask", ["85.07.30-***.**", "93.05.18-***.**", "***"])
@pytest.mark.parametrize("column", ["national_number", "spouse_national_number"])
def test_a_mask_is_never_saved_as_a_number(staff, emma, form, column, mask):
    answer = staff.post(f"/customers/{emma.pk}/edit/", form(**{column: mask}))
    assert answer.status_code == 422
    assert numbers.take(Customer.objects.get(), column) == EMMA[column]


def test_a_national_number_typed_into_another_field_is_refused_and_moved(form, save, emma):
    Customer.objects.update(national_number_sealed=None, national_number_hash=None)
    typed = form(labels="kantoor Gent,85.07.30-033.28")
    response = save(typed)
    assert response.status_code == 422
    assert "Hier staat een rijksregisternummer: 85.07.30-***.**" in text(response)
    assert "Het nummer naar zijn eigen veld verplaatsen" in text(response)
    response = save({**typed, "use": "labels"})
    moved = response.context["form"]
    assert (moved["labels"].value(), moved["national_number"].value()) == ("kantoor Gent", "85073003328")
    fields = {name: moved[name].value() or "" for name in moved.fields if not name.startswith("clear_")}
    assert save(fields).status_code == 302
    assert numbers.take(Customer.objects.get(), "national_number") == "85073003328"
    assert Customer.objects.get().labels == ["kantoor Gent"]


def test_the_number_that_stands_in_its_place_is_only_taken_out(form, save, emma):
    typed = form(street="Kerkstraat 85073003328")
    assert save(typed).status_code == 422
    moved = save({**typed, "use": "street"}).context["form"]
    assert (moved["street"].value(), moved["national_number"].value() or "") == ("Kerkstraat", "")


def test_the_partners_address_and_mobile_are_typed_checked_shown_and_searched(form, save, emma, staff):
    response = save(form(spouse_email="louis@", spouse_mobile="12"))
    assert set(errors(response)) == {"spouse_email", "spouse_mobile"}
    assert save(form(spouse_email="Louis@x.example", spouse_mobile="+32 495 55 10 00")).status_code == 302
    emma.refresh_from_db()
    assert (emma.spouse_email.lower(), emma.spouse_mobile) == ("louis@x.example", "+32495551000")
    page = staff.get(f"/customers/{emma.pk}/").content.decode()
    assert "+32 495 55 10 00" in page
    assert "E-mail van de partner, Mobiel nummer van de partner" in page
    for query in ("0495 55 10 00", "louis janssens", "louis@x.example"):
        assert emma.last_name in staff.get("/customers/", {"q": query}).content.decode(), query
    assert form()["spouse_mobile"] == "+32495551000"
    assert save(form(spouse_email="", spouse_mobile="")).status_code == 302
    emma.refresh_from_db()
    assert (emma.spouse_email, emma.spouse_mobile) == ("", "")


def test_namesakes_in_one_mailbox_can_both_be_edited_and_nobody_becomes_one(save, form, emma):
    shared = {"first_name": emma.first_name, "last_name": emma.last_name, "email": emma.email}
    daughter = Customer(office=emma.office, language="dutch")
    put_values(daughter, shared, {})
    daughter.save()
    assert save(form(street="Molenstraat")).status_code == 302
    emma.refresh_from_db()
    assert emma.street == "Molenstraat"
    assert save(form(email="emma@x.example")).status_code == 302
    assert save(form(email=daughter.email)).status_code == 422
