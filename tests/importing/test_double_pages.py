"""The tabs of double customers and of those only here, and the pages of an undo, through the test client."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier, Status
from accounton.importing.all_couples import MergeAll
from accounton.importing.applying import cancel, claim
from accounton.importing.comparing import look
from accounton.importing.finishing import finish
from accounton.importing.history import account, imports
from accounton.importing.models import Action, Batch, Departure, State, WhyGone
from accounton.importing.overwriting import choose_column, choose_dossiers, choose_fields, chosen, empty_column
from accounton.importing.pieces import at_once
from accounton.importing.timing import remaining_words
from accounton.importing.undo_plan import plan
from tests.importing.conftest import person
from tests.importing.test_couples import couple
from tests.importing.test_overwriting import NUMBER, add, again, by_hand
from tests.importing.test_pages import MOST_QUERIES

pytestmark = pytest.mark.database
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def customer(known) -> Customer:
    return known(national_number=NUMBER, mobile="+32470123000", email="oud@x.example", box="3", street="Kerkstraat")


def url(batch, rest="") -> str:
    return f"/imports/{batch.pk}/{rest}"


def test_a_field_is_ticked_shown_and_overwritten(client, customer, staged):
    batch = staged(again(mobile="+32495551000", email="nieuw@x.example"))
    page = client.get(url(batch, "?bucket=double")).content.decode()
    assert "<del>+32470123000</del><ins>+32495551000</ins>" in page
    assert "rijksregisternummer" in page
    seen = look(batch, list(batch.rows.all()))[0].seen(batch.office_id).hex()
    sent = {"what": "field", "number": "2", "keys": "mobile", "seen": seen, "field": "mobile"}
    answer = client.post(url(batch, "doubles/row/?bucket=double"), sent, headers=HTMX)
    assert "Overschrijf 1 veld bij 1 klant" in " ".join(answer.content.decode().split())
    assert "Bewaard om" in json.loads(answer.headers["HX-Trigger"])["announce"]["text"]
    batch.refresh_from_db()
    result = client.post(url(batch, "add/"), {"revision": batch.revision, "only_known": "1"}, follow=True)
    assert "1 bekende klant gewijzigd" in " ".join(result.content.decode().split())
    customer.refresh_from_db()
    assert (customer.mobile, customer.email) == ("+32495551000", "oud@x.example")


class _PlainForm(HTMLParser):
    """The form of one row as a browser without scripts sends it: its own fields, and the boxes that name it."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self.form, self.inside, self.action, self.boxes = form, False, "", {}
        self.hidden: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form
            self.action = given["action"] if self.inside else self.action
        elif tag == "input" and self.inside:
            self.hidden[given["name"]] = given["value"]
        elif tag == "input" and given.get("form") == self.form:
            self.boxes[given["id"]] = (given["name"], given["value"], "checked" in given)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False

    def sent(self, **moved: bool) -> dict[str, list[str]]:
        """What goes out when some boxes are ticked or not, by the end of their id."""
        data = {name: [value] for name, value in self.hidden.items()}
        for identity, (name, value, is_on) in self.boxes.items():
            [now] = [on for end, on in moved.items() if identity.endswith(end)] or [is_on]
            if now:
                data.setdefault(name, []).append(value)
        return data


def test_each_box_works_as_a_plain_form_too(client, customer, staged):
    batch = staged(again(mobile="+32495551000", email="nieuw@x.example", box="4", street="Markt"), assessment_year=2027)

    def form():
        page = client.get(url(batch, "?bucket=double")).content.decode()
        return _PlainForm(page, "plain-2")

    def save(**moved: bool):
        now = form()
        answer = client.post(now.action, now.sent(**moved))
        assert (answer.status_code, answer["Location"]) == (302, url(batch, "?bucket=double"))
        return chosen(batch)

    assert {name for name, *_ in form().boxes.values()} == {"all", "field", "dossier"}
    assert save(mobile=True) == (1, 1, 0)
    assert save(email=True) == (2, 1, 0)
    assert save(mobile=False) == (1, 1, 0)
    assert save(address=True) == (2, 1, 0)
    assert save(**{"dossier-2": True}) == (2, 1, 1)
    assert save(**{"all-2": True}) == (3, 1, 1)
    assert save(email=False) == (2, 1, 1)
    assert save(**{"all-2": True}) == (3, 1, 1)
    assert save(**{"all-2": False}) == (0, 0, 1)
    assert save(**{"dossier-2": False}) == (0, 0, 0)


def test_a_plain_form_leaves_what_is_emptied_and_says_when_the_customer_moved(client, customer, staged):
    batch = staged(again(mobile="+32495551000", box=""))
    empty_column(batch, None, "box", on=True)
    form = _PlainForm(client.get(url(batch, "?bucket=double")).content.decode(), "plain-2")
    client.post(form.action, form.sent(mobile=True))
    assert batch.differences.get().chosen == ",mobile,box,"
    by_hand(customer, mobile="+32499999999")
    answer = client.post(form.action, form.sent(mobile=False), follow=True)
    assert "intussen" in answer.content.decode()
    assert batch.differences.get().chosen == ",mobile,box,"


def test_what_the_last_list_said_stands_beside_a_field_in_words(client, customer, staged):
    by_hand(customer, mobile="+32499999999", language="french")
    later = staged(again(), assessment_year=2027)
    choose_dossiers(later, None, on=True)
    add(later)
    page = client.get(url(staged(again()), "?bucket=double")).content.decode()
    assert "In uw lijst stond bij de vorige import: +32470123000." in page
    assert "In uw lijst stond bij de vorige import: Nederlands." in page
    assert "import: +32499999999" not in page


def test_a_field_that_moved_meanwhile_is_said_with_the_whole_review(client, customer, staged):
    batch = staged(again(mobile="+32495551000"))
    sent = {"what": "field", "number": "2", "keys": "mobile", "seen": "00", "field": "mobile"}
    answer = client.post(url(batch, "doubles/row/?bucket=double"), sent, headers=HTMX)
    assert answer.headers["HX-Retarget"] == "#review"
    assert "intussen" in answer.content.decode()
    assert not chosen(batch).is_any


@pytest.mark.parametrize("choice", ["column:mobile:1", "proposed::1"])
def test_a_column_or_all_that_is_proposed_is_chosen_at_once(client, customer, staged, choice):
    batch = staged(again(mobile="+32495551000"))
    client.post(url(batch, "doubles/?bucket=double"), {"choice": choice})
    assert chosen(batch) == (1, 1, 0)


def test_what_will_change_stands_out_and_the_rest_is_faint(client, customer, staged):
    batch = staged(again(mobile="+32495551000", labels="Gent", box=""))
    choose_fields(batch, None, 2, ["mobile"], on=True, seen="")
    empty_column(batch, None, "box", on=True)
    page = client.get(url(batch, "?bucket=double")).content.decode()
    cells = re.findall(r'<td class="([^"]*)"[^>]*?(?: data-label="([^"]*)"| title="([^"]*)")', page)
    looks = {name or text: set(look.split()) for look, name, text in cells}
    taken = {name for name, look in looks.items() if "is-taken" in look}
    assert taken == {"Mobiel nummer", "Adres"}
    assert {"is-change", "is-proposed"} <= looks["Labels"]
    assert {name for name, look in looks.items() if "faint" in look} == {"oud@x.example"}


@pytest.mark.parametrize(
    ("says", "choose", "column"),
    [({"box": ""}, empty_column, "box"), ({"street": "Markt", "city": "Gent"}, choose_column, "city")],
)
def test_an_address_of_which_a_part_will_change_stands_out(client, customer, staged, says, choose, column):
    batch = staged(again(**says))
    choose(batch, None, column, on=True)
    page = client.get(url(batch, "?bucket=double")).content.decode()
    [look] = re.findall(r'<td class="([^"]*)" data-label="Adres"', page)
    assert "is-taken" in look.split()


@pytest.mark.parametrize("choice", ["", "column:password:1", "column", "empty:first_name:1", "x:y:z"])
def test_nonsense_chooses_nothing(client, customer, staged, choice):
    batch = staged(again(mobile="+32495551000"))
    assert client.post(url(batch, "doubles/"), {"choice": choice}).status_code == 302
    assert not chosen(batch).is_any


def test_an_address_is_one_column_and_national_numbers_stay_masked(client, staged, known):
    known(client_code="K2", street="Kerkstraat", house_number="4", postal_code="9300", city="Aalst")
    batch = staged(person(1000, last_name="Bekend", client_code="K2", street="Stationsplein", house_number="11",
                          national_number=NUMBER))  # fmt: skip
    page = client.get(url(batch, "?bucket=double")).content.decode()
    assert "<del>Kerkstraat 4, 9300 Aalst</del><ins>Stationsplein 11, 9300 Aalst</ins>" in page
    assert "<ins>85.07.30-***.**</ins>" in page
    assert NUMBER not in page


def test_only_differences_are_shown_and_a_page_takes_few_queries(client, customer, known, staged):
    known(client_code="K2", first_name="Ander")
    same = person(1000, last_name="Bekend", client_code="K2", first_name="Ander")
    batch = staged(again(mobile="+32495551000"), same)
    client.get(url(batch, "?bucket=double"))  # the counts are kept while nobody touches the review
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url(batch, "?bucket=double&differs=1")).content.decode()
    assert "Noor1000" in page
    assert "Ander" not in page
    assert len(queries) <= MOST_QUERIES + 3, "\n".join(query["sql"][:220] for query in queries)


def test_what_is_emptied_stands_among_the_differences(client, customer, staged):
    batch = staged(again(box=""))
    assert "Noor1000" not in client.get(url(batch, "?bucket=double&differs=1")).content.decode()
    empty_column(batch, None, "box", on=True)
    page = client.get(url(batch, "?bucket=double&differs=1")).content.decode()
    assert "Noor1000" in page
    assert "Alleen verschillen (1)" in page


def test_who_is_only_here_is_decided_about_and_comes_back(client, customer, staged):
    batch = staged(person(1))
    client.post(url(batch, "depart/"), {"customer": customer.pk, "action": "archive", "reason": "deceased"})
    customer.refresh_from_db()
    assert customer.archived_at is not None
    page = client.get(url(batch, "?bucket=only_in_platform")).content.decode()
    assert "Overleden" in page
    decision = Departure.objects.get()
    client.post(url(batch, f"departures/{decision.pk}/restore/"))
    customer.refresh_from_db()
    assert customer.archived_at is None
    assert client.post(url(batch, f"departures/{decision.pk}/restore/")).status_code == 404


@pytest.mark.parametrize("reason", WhyGone)
def test_each_reason_is_kept_and_said(client, customer, staged, reason):
    batch = staged(person(1))
    client.post(url(batch, "depart/"), {"customer": customer.pk, "action": "archive", "reason": reason.value})
    assert Departure.objects.get().reason == reason
    with override("nl"):
        assert f"Gearchiveerd · {reason.label}" in client.get(url(batch, "?bucket=only_in_platform")).content.decode()


def test_who_was_taken_out_is_said_to_be_so(client, customer, staged):
    batch = staged(person(1))
    client.post(url(batch, "depart/"), {"customer": customer.pk, "action": "take_out", "reason": "moved"})
    page = client.get(url(batch, "?bucket=only_in_platform")).content.decode()
    assert "Uit de taakstroom gehaald · Verhuisd" in page


@pytest.mark.parametrize("action", ["archive", "take_out", "nothing"])
def test_who_was_archived_can_be_decided_about_again(client, customer, staged, action):
    batch = staged(person(1))
    for what, why in (("archive", "left"), (action, "deceased")):
        client.post(url(batch, "depart/"), {"customer": customer.pk, "action": what, "reason": why})
    customer.refresh_from_db()
    decision = Departure.objects.get(restored_at=None)
    assert (decision.action, decision.reason) == (action, "deceased")
    assert (customer.archived_at is not None, Dossier.objects.exists()) == (action == "archive", action != "take_out")


def test_a_dossier_that_was_sent_is_not_taken_out(client, customer, known, staged):
    known(client_code="K2", first_name="Ander")
    Dossier.objects.filter(customer=customer).update(status=Status.SENT)
    batch = staged(person(1))
    sent = {"whom": "all", "action": Action.TAKE_OUT.value, "reason": ""}
    page = client.post(url(batch, "depart/"), sent, follow=True).content.decode()
    assert customer.name in page
    assert [dossier.customer for dossier in Dossier.objects.all()] == [customer]


def test_nothing_is_the_default_decision_and_changes_nothing(client, customer, staged):
    batch = staged(person(1))
    client.post(url(batch, "depart/"), {"customer": customer.pk, "action": "nothing", "reason": "keep"})
    assert Departure.objects.get().reason == "keep"
    customer.refresh_from_db()
    assert (customer.archived_at, Dossier.objects.count()) == (None, 1)


def test_the_button_of_a_row_archives_with_the_reason_chosen_and_can_be_undone(client, staged, customer):
    batch = staged(person(1))
    page = client.get(url(batch, "?bucket=only_in_platform")).content.decode()
    assert re.search(rf'<button[^>]* form="decide" name="archive" value="{customer.pk}"', page)
    assert f"/customers/{customer.pk}/archive/" not in page
    sent = {"archive": customer.pk, "action": "nothing", "reason": "deceased"}
    page = client.post(url(batch, "depart/"), sent, follow=True).content.decode()
    assert "Gearchiveerd · Overleden" in page
    [listed] = plan(batch).taken_back.first
    assert (listed.part, listed.customer_id) == ("decision", customer.pk)
    decision = Departure.objects.get()
    client.post(url(batch, f"departures/{decision.pk}/restore/"))
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_who_was_archived_elsewhere_is_said_to_be_archived_whatever_was_decided(client, staged, customer):
    batch = staged(person(1))
    client.post(url(batch, "depart/"), {"customer": customer.pk, "action": "nothing", "reason": "keep"})
    Customer.objects.filter(pk=customer.pk).update(archived_at=timezone.now())
    page = client.get(url(batch, "?bucket=only_in_platform")).content.decode()
    assert "Niets · Blijft klant · Gearchiveerd" in " ".join(page.split())


def test_an_undo_is_shown_in_three_lists_and_then_done(client, staged):
    batch = add(staged(person(1), person(2)))
    by_hand(Customer.objects.get(first_name="Noor1"), mobile="+32499999999")
    page = " ".join(client.get(url(batch, "undo/")).content.decode().split())
    for text in ("Wordt ongedaan gemaakt: 1", "Behouden, omdat iemand eraan kwam: 1", "Niet mogelijk: 0"):
        assert text in page
    assert "Mobiel nummer: sindsdien gewijzigd" in page
    assert Customer.objects.count() == 2
    done = client.post(url(batch, "undo/"), follow=True).content.decode()
    assert "Deze import is ongedaan gemaakt" in done
    kept, taken_back = Customer.objects.get(), "Noor2 Declercq"
    assert re.search(rf'<a href="/customers/{kept.pk}/">{kept.name}</a>', done)
    assert taken_back in done
    assert "—" not in re.findall(r'<th scope="row" class="cell-name">(.*?)</th>', done, re.DOTALL)
    assert Customer.objects.count() == 1
    assert "al ongedaan gemaakt" in client.post(url(batch, "undo/"), follow=True).content.decode()


def test_the_list_of_imports_says_what_became_of_each(client, staged, admin):
    add(staged(person(1), person(2, email="x")), admin)
    page = " ".join(client.get("/imports/").content.decode().split())
    assert "Ongedaan maken…" in page
    assert admin.name in page
    assert "Weggelaten" in page


def test_a_row_that_came_in_with_another_is_not_called_left_out(staged, admin):
    batch = staged(*couple(), person(3, email="x"))
    at_once(batch, admin, MergeAll())
    add(batch, admin)
    assert account(imports().get(pk=batch.pk))[1:] == (1, 0, 0)
    finish(batch, admin)
    assert account(imports().get(pk=batch.pk))[1:] == (1, 0, 1)


def test_an_add_that_is_stopped_keeps_what_it_did(client, staged):
    batch = staged(person(1))
    claim(batch, None, batch.revision)
    assert "Stop" in client.get(url(batch)).content.decode()
    page = client.post(url(batch, "cancel/"), follow=True).content.decode()
    assert "gestopt" in page
    assert "Er werd niets toegevoegd" in page
    assert "ongedaan maken" not in page
    batch.refresh_from_db()
    assert (batch.state, batch.added) == (State.REVIEW, 0)
    assert not cancel(batch)


def test_the_heading_says_that_a_list_is_being_read_once_it_is(client, office):
    batch = Batch.objects.create(file_name="lijst.xlsx", assessment_year=2026, state=State.WAITING)
    page = client.get(url(batch)).content.decode()
    assert '<p class="page-sub" id="batch-state">Wacht om gelezen te worden</p>' in page
    Batch.objects.filter(pk=batch.pk).update(state=State.READING, rows_read=12, rows_expected=60)
    answer = client.get(url(batch, "progress/"), headers=HTMX).content.decode()
    assert '<p class="page-sub" id="batch-state" hx-swap-oob="true">Wordt gelezen</p>' in answer


def test_the_time_left_follows_from_the_time_taken(staged, customer):
    from datetime import timedelta

    batch = staged(again(mobile="+32495551000"))
    choose_column(batch, None, "mobile", on=True)
    claim(batch, None, batch.revision)
    assert remaining_words(batch, batch.applying_since) == ""
    batch.result |= {"asked": 100, "done": 25}
    assert "60" not in remaining_words(batch, batch.applying_since + timedelta(seconds=10))
    assert "30" in remaining_words(batch, batch.applying_since + timedelta(seconds=10))
    assert "2" in remaining_words(batch, batch.applying_since + timedelta(seconds=40))


def test_the_tab_of_double_customers_asks_few_questions_where_the_list_names_colleagues(client, admin, staged, known):
    known(first_name="Bea", email="bea@x.example", mobile="+32478111111")
    bea = {"first_name": "Bea", "last_name": "Bekend", "email": "bea@x.example"}
    batch = staged(person(1000, **bea, mobile="+32478222222", responsible=admin.email))
    client.force_login(admin)
    client.get(f"/imports/{batch.pk}/?bucket=double")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/imports/{batch.pk}/?bucket=double").content.decode()
    assert "+32478222222" in page
    assert len(asked) <= MOST_QUERIES, "\n".join(query["sql"][:150] for query in asked)
