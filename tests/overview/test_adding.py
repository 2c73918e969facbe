"""Adding one customer by hand: the checks and sentences of an import, suggestions, doubts, and nobody twice."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.check_settings import rules_of
from accounton.offices.models import AuditEntry
from accounton.offices.scoping import acting_for
from accounton.overview.adding import KnownAlready, add
from accounton.overview.editing import set_archived
from accounton.overview.entry import check
from accounton.questionnaires import office_rules
from accounton.questionnaires.choosing import Rule
from accounton.questionnaires.models import Questionnaire
from tests.overview.conftest import EMMA, LOUIS, NOOR
from tests.overview.test_overview import text

URL = "/customers/new/"
FORM = {**LOUIS, "questionnaire": "personenbelasting"}


def errors(response) -> dict[str, list[str]]:
    return {key: list(found) for key, found in response.context["form"].errors.items()}


def nobody_was_added() -> bool:
    return not (Customer.objects.exists() or Dossier.objects.exists() or Questionnaire.objects.exists())


def test_four_fields_are_enough(staff, accountant, office):
    response = staff.post(URL, FORM)
    customer = Customer.objects.get()
    assert response.url == f"/customers/{customer.pk}/"
    dossier = Dossier.objects.get()
    assert (dossier.customer, dossier.assessment_year, dossier.status) == (customer, 2026, "not_sent")
    questionnaire = Questionnaire.objects.get()
    assert (questionnaire.dossier, questionnaire.definition, questionnaire.language) == (
        dossier, "personenbelasting", "dutch",
    )  # fmt: skip
    assert not customer.is_joint
    assert "Louis Goossens is toegevoegd." in text(staff.get(response.url))
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.action, entry.details) == (accountant, "customer.added", {})
    assert "Goossens" in text(staff.get("/customers/"))


def test_all_fields(staff, admin, office):
    typed = {
        **EMMA, "labels": "zelfstandig, kantoor Gent", "responsible": admin.email, "deadline": "1/9/2026",
        "country": "België", "questionnaire": "personenbelasting",
    }  # fmt: skip
    assert staff.post(URL, typed).status_code == 302
    customer = Customer.objects.get()
    assert customer.labels == ["zelfstandig", "kantoor Gent"]
    assert (customer.country, customer.responsible, customer.is_joint) == ("BE", admin, True)
    assert customer.household_name == "Emma Peeters & Louis Janssens"
    assert numbers.take(customer, "national_number") == "85073003328"
    assert numbers.take(customer, "spouse_national_number") == "17073003384"
    assert Dossier.objects.get().deadline == datetime.date(2026, 9, 1)
    assert customer.name_key == "emma peeters"
    assert customer.search.startswith("peeters emma")


def test_an_empty_form_says_what_is_missing_at_each_field(staff, office):
    response = staff.post(URL, {"questionnaire": "personenbelasting"})
    assert response.status_code == 422
    assert errors(response) == {
        "first_name": ["Vul de voornaam in."],
        "last_name": ["Vul de achternaam in."],
        "email": ["Vul een e-mailadres in."],
        "language": ["Vul de taal in: Nederlands, Frans of Engels."],
    }
    assert 'aria-invalid="true"' in response.content.decode()
    assert nobody_was_added()


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("email", "louis goossens@example.be", "Dit e-mailadres klopt niet."),
        ("mobile", "12", "Dit gsm-nummer klopt niet. Schrijf het als +324xxxxxxxx."),
        ("mobile", "0478 12 34 56", "Vul het gsm-nummer in met de landcode (+32)."),
        (
            "national_number", "85073003329",
            "Vul een geldig rijksregisternummer in: 11 cijfers, zonder punten of streepjes.",
        ),
    ],
)  # fmt: skip
def test_a_problem_stands_at_its_field_in_the_words_of_an_import(staff, office, key, typed, sentence):
    response = staff.post(URL, {**FORM, key: typed})
    assert response.status_code == 422
    assert errors(response) == {key: [sentence]}
    assert response.context["form"][key].value() == typed
    assert nobody_was_added()


def test_a_partner_is_checked_like_the_customer(staff, office):
    response = staff.post(URL, {**FORM, "national_number": "85073003328", "spouse_national_number": "85073003328"})
    assert list(errors(response)) == ["spouse_national_number"]
    response = staff.post(URL, {**FORM, "spouse_first_name": "x" * 101})
    assert list(errors(response)) == ["spouse_first_name"]
    assert nobody_was_added()


def test_repairs_are_made_and_shown(staff, office):
    typed = {**FORM, "national_number": "85.07.30-033.28", "mobile": "0032 478 12 34 56"}
    page = text(staff.post(URL, typed, follow=True))
    assert numbers.take(Customer.objects.get(), "national_number") == "85073003328"
    assert Customer.objects.get().mobile == "+32478123456"
    assert "0032 478 12 34 56 → +32478123456" in page
    assert "033.28" not in page


def test_a_suggestion_is_accepted_with_one_button(staff, office):
    response = staff.post(URL, {**FORM, "mobile": "0478 12 34 56"})
    assert 'name="use" value="mobile"' in response.content.decode()
    assert "gebruik +32478123456" in text(response)
    response = staff.post(URL, {**FORM, "mobile": "0478 12 34 56", "use": "mobile"})
    assert response.status_code == 200
    assert response.context["form"]["mobile"].value() == "+32478123456"
    assert errors(response) == {}
    assert nobody_was_added()


def test_an_unknown_suggestion_changes_nothing(staff, office):
    response = staff.post(URL, {**FORM, "use": "email", "mobile": "12"})
    assert response.context["form"]["email"].value() == FORM["email"]
    assert response.status_code == 422


def test_a_doubt_is_shown_once_and_then_taken_as_meant(staff, office):
    typed = {**FORM, "email": "louis@gmial.com"}
    response = staff.post(URL, typed)
    assert response.status_code == 422
    assert "gebruik louis@gmail.com" in text(response)
    assert nobody_was_added()
    seen = response.context["form"]["seen_notices"].value()
    assert staff.post(URL, {**typed, "seen_notices": seen}).status_code == 302
    assert Customer.objects.get().email == "louis@gmial.com"


def test_a_doubt_about_something_else_is_shown_again(staff, office):
    seen = staff.post(URL, {**FORM, "email": "louis@gmial.com"}).context["form"]["seen_notices"].value()
    typed = {**FORM, "postal_code": "9000", "city": "Aalst", "seen_notices": seen}
    assert staff.post(URL, typed).status_code == 422


def test_the_address_of_the_templates_example_is_refused(staff, office):
    response = staff.post(URL, {**FORM, "email": "jan.peeters@example.com"})
    assert list(errors(response)) == ["email"]


def test_a_questionnaire_that_is_not_there_is_refused(staff, office):
    response = staff.post(URL, {**FORM, "questionnaire": "../settings"})
    assert list(errors(response)) == ["questionnaire"]
    assert nobody_was_added()


def test_only_the_offices_languages_can_be_chosen(staff, office):
    office.languages = ["dutch"]
    office.save()
    assert "Frans" not in staff.get(URL).content.decode().split('name="language"')[1].split("</select>")[0]
    assert list(errors(staff.post(URL, {**FORM, "language": "french"}))) == ["language"]


@pytest.mark.parametrize(
    ("again", "words"),
    [
        ({"national_number": "85073003328"}, "Emma Peeters is al klant: hetzelfde rijksregisternummer"),
        ({"client_code": "1017", "email": "x@x.example"}, "Emma Peeters is al klant: dezelfde klantcode"),
        (
            {"first_name": "PEETERS", "last_name": "emma", "email": "E.Peeters@telenet.be"},
            "Emma Peeters is al klant: hetzelfde e-mailadres en dezelfde naam",
        ),
        ({"client_code": "1017", "national_number": "93051822361"}, "Deze klantcode is van Emma Peeters"),
        (
            {"national_number": "17073003384"},
            "Deze persoon is de partner in de gezamenlijke aangifte van Emma Peeters",
        ),
    ],
)  # fmt: skip
def test_whoever_is_known_is_named_and_not_added_again(staff, emma, again, words):
    response = staff.post(URL, {**FORM, **again})
    assert response.status_code == 422
    assert words in text(response)
    assert f'href="/customers/{emma.pk}/"' in response.content.decode()
    assert Customer.objects.count() == 1


def test_an_archived_customer_is_named_too(staff, accountant, emma):
    set_archived(emma, accountant, archived=True)
    page = text(staff.post(URL, {**FORM, "national_number": "85073003328"}))
    assert "Deze klant is gearchiveerd." in page


def test_a_shared_mailbox_is_no_double(staff, emma):
    assert staff.post(URL, {**FORM, "email": EMMA["email"]}).status_code == 302
    assert Customer.objects.count() == 2


def test_a_double_submit_adds_one(staff, office):
    first, second = staff.post(URL, FORM), staff.post(URL, FORM)
    assert (first.status_code, second.status_code) == (302, 422)
    assert "Louis Goossens is al klant" in text(second)
    assert (Customer.objects.count(), Dossier.objects.count(), Questionnaire.objects.count()) == (1, 1, 1)


def test_unique_keys_stop_what_no_check_saw(office, accountant, emma, monkeypatch):
    """Somebody wrote in between, without taking turns: the database refuses, and the person is told who it is."""
    from accounton.overview import adding
    from accounton.rows.matching import NEW

    real, looks = adding.match, []

    def blind_at_first(*args, **options):
        looks.append(args)
        return NEW if len(looks) == 1 else real(*args, **options)

    monkeypatch.setattr(adding, "match", blind_at_first)
    checked = check({**NOOR, "national_number": "85073003328"}, rules_of(office))
    with pytest.raises(KnownAlready) as error:
        add(checked, office=office, user=accountant, questionnaire="personenbelasting", assessment_year=2026)
    assert error.value.match.customer_id == emma.pk
    assert Customer.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_people_adding_the_same_person_at_once_add_one(office, accountant):
    """Without a number or code no unique key helps: the two must take turns."""

    def adding(start: threading.Barrier) -> str:
        try:
            with acting_for(office.pk):
                checked = check(LOUIS, rules_of(office))
                start.wait()
                add(checked, office=office, user=accountant, questionnaire="personenbelasting", assessment_year=2026)
                return "added"
        except KnownAlready:
            return "known"
        finally:
            connection.close()

    barrier = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(adding, [barrier] * 4))
    assert results == ["added", "known", "known", "known"]
    assert Customer.objects.count() == 1


def test_nothing_stays_where_the_last_step_fails(staff, office, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError("no questionnaire")

    monkeypatch.setattr(Questionnaire.objects, "create", broken)
    with pytest.raises(RuntimeError):
        staff.post(URL, FORM)
    assert nobody_was_added()
    assert not AuditEntry.objects.exists()


def test_the_same_person_in_another_office_is_somebody_else(staff, emma, other_admin, client_as):
    typed = {**EMMA, "questionnaire": "personenbelasting"}
    assert client_as(other_admin).post(URL, typed).status_code == 302
    assert Customer.objects.count() == 1
    with acting_for(other_admin.office_id):
        assert Customer.objects.count() == 1


def test_a_colleague_of_another_office_is_nobody(staff, office, other_admin):
    assert other_admin.email not in staff.get(URL).content.decode()
    response = staff.post(URL, {**FORM, "responsible": other_admin.email})
    seen = response.context["form"]["seen_notices"].value()
    assert staff.post(URL, {**FORM, "responsible": other_admin.email, "seen_notices": seen}).status_code == 302
    assert Customer.objects.get().responsible is None


def test_control_characters_and_long_texts_do_no_harm(staff, office):
    response = staff.post(URL, {**FORM, "first_name": "Lou\0is\x07", "city": "x" * 5000})
    assert list(errors(response)) == ["city"]
    assert staff.post(URL, {**FORM, "first_name": "Lou\0is\x07"}).status_code == 302
    assert Customer.objects.get().first_name == "Louis"


def test_by_hand_the_rules_of_the_office_propose_the_questionnaire(staff, office, accountant):
    assert 'value="personenbelasting" selected' in staff.get(URL).content.decode()
    office_rules.add_rule(accountant, Rule("personenbelasting_kort", language=FORM["language"]))
    assert 'value="by-rules" selected' in staff.get(URL).content.decode()
    page = staff.post(URL, {**FORM, "questionnaire": "by-rules"}, follow=True).content.decode()
    assert "Volgens de regels van uw kantoor is de vragenlijst “Korte checklist van de personenbelasting”." in page
    assert Questionnaire.objects.get().definition == "personenbelasting_kort"


def test_by_hand_another_than_the_rules_say_can_be_chosen(staff, office, accountant):
    office_rules.add_rule(accountant, Rule("personenbelasting_kort", language=FORM["language"]))
    staff.post(URL, FORM)
    assert Questionnaire.objects.get().definition == "personenbelasting"
