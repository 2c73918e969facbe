"""The pages for couples, near matches and repeated rows through the test client: few queries, no leaks."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounton.customers.models import Customer
from accounton.importing.models import COUPLES, NEAR, Batch
from accounton.importing.near import look
from accounton.importing.proposals import counts, open_proposals
from accounton.importing.remembering import decisions
from accounton.importing.repairing import edit
from accounton.importing.sealed_rows import opened
from accounton.offices.models import AuditEntry
from accounton.offices.scoping import acting_for
from tests.importing.conftest import person
from tests.importing.test_couples import AN, HOME, JAN, couple
from tests.importing.test_near import NEARS, TWINS
from tests.importing.test_repairing import row

pytestmark = pytest.mark.database
MOST_QUERIES = 12


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


def only(batch, reasons=COUPLES):
    return open_proposals(batch, reasons).get()


def one(client, batch, **fields):
    given = {"proposal": only(batch).pk, "revision": batch.revision, **fields}
    return client.post(f"/imports/{batch.pk}/couples/one/", given, follow=True)


def test_a_couple_is_shown_with_its_numbers_masked_and_merged(client, staged):
    batch = staged(*couple(), person(3))
    page = client.get(f"/imports/{batch.pk}/couples/").content.decode()
    assert "Jan Peeters" in page
    assert "93.05.18-***.**" in page
    assert AN not in page
    assert JAN not in page
    answer = one(client, batch, action="merge", main=2).content.decode()
    assert "Koppel samengevoegd" in answer
    assert row(batch, 3).merged_into == 2
    review = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "+ 1 samengevoegd" in review


def test_all_couples_are_merged_with_one_click_from_the_review(client, staged):
    batch = staged(*couple())
    assert "Voeg 1 koppel samen" in client.get(f"/imports/{batch.pk}/").content.decode()
    answer = client.post(f"/imports/{batch.pk}/couples/all/", {"reason": "couple", "back": "review"})
    assert answer.url == f"/imports/{batch.pk}/"
    assert not counts(batch)


def test_a_change_that_was_not_shown_stops_a_merge(client, staged, admin):
    batch = staged(*couple())
    edit(batch, admin, {2: (0, {"city": "Gent"})})
    page = one(client, batch, action="merge", main=2, revision=0).content.decode()
    assert "Rij 2 werd intussen door iemand anders gewijzigd" in page
    assert counts(batch) == {"couple": 1}


def test_a_second_click_says_that_it_was_settled(client, staged):
    batch = staged(*couple())
    given = {"proposal": only(batch).pk, "revision": batch.revision, "main": 2, "action": "merge"}
    client.post(f"/imports/{batch.pk}/couples/one/", given)
    page = client.post(f"/imports/{batch.pk}/couples/one/", given, follow=True)
    assert "intussen geregeld" in page.content.decode()


def test_the_names_of_two_people_can_be_corrected_before_they_are_split(client, staged):
    batch = staged(person(1, first_name="Jan & An", last_name="Peeters"))
    look(batch)
    one(client, batch, action="split", first_name="Jan", last_name="Peeters",
        partner_first_name="A\x00n", partner_last_name=" Claes  ")  # fmt: skip
    assert row(batch, 2).is_joint
    values = opened(row(batch, 2)).values
    assert (values["spouse_first_name"], values["spouse_last_name"]) == ("An", "Claes")
    assert row(batch, 2).search.startswith("peeters jan")


def test_a_near_match_is_decided_listed_and_forgotten(client, staged, known):
    known(**NEARS["birth"][0])
    batch = staged(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}))
    client.post(f"/imports/{batch.pk}/near/look/")
    page = client.get(f"/imports/{batch.pk}/near/").content.decode()
    assert "Zelfde naam en geboortedatum" in page
    given = {"proposal": only(batch, NEAR).pk, "revision": batch.revision, "verdict": "same"}
    client.post(f"/imports/{batch.pk}/near/one/", given)
    assert row(batch, 2).bucket == "double"
    listed = client.get("/imports/decisions/").content.decode()
    assert "Lise Bekend" in listed
    assert "Els Claes" in listed
    client.post("/imports/decisions/revoke/", {"decision": decisions().get().pk})
    assert row(batch, 2).bucket == "only_in_import"
    assert not decisions()


@pytest.mark.parametrize("verdict", ["same", "left_out"])
def test_what_is_forgotten_is_asked_again_in_every_open_review(client, staged, known, verdict):
    people = []
    for number, reason in enumerate(("birth", "email")):
        theirs, ours = NEARS[reason]
        known(**theirs)
        people.append(person(number, **{"last_name": "Bekend", **ours}))
    batch, other = staged(*people), staged(*people)
    look(batch)
    for each in list(batch.proposals.order_by("row")):
        given = {"proposal": each.pk, "revision": batch.revision + 9, "verdict": verdict}
        client.post(f"/imports/{batch.pk}/near/one/", given)
    look(other)
    assert not counts(other)
    client.post("/imports/decisions/revoke/", {"decision": decisions().get(reason="birth").pk})
    assert counts(batch) == counts(other) == {"birth": 1}
    for each in (batch, other):
        assert row(each, 2).bucket == "only_in_import"
        assert row(each, 3).bucket == {"same": "double"}.get(verdict, verdict)


def test_numbers_that_differ_behind_their_mask_are_marked_and_shown_on_request(client, staged, known, admin):
    customer = known(**NEARS["birth"][0])
    batch = staged(person(1, **{"last_name": "Bekend", **NEARS["birth"][1]}))
    look(batch)
    page = client.get(f"/imports/{batch.pk}/near/").content.decode()
    [line] = re.findall(r'<tr class="is-different">(?:(?!</tr>).)*Rijksregisternummer.*?</tr>', page, re.DOTALL)
    assert line.count("85.07.30-***.**") == 2
    assert not AuditEntry.objects.filter(action="number.revealed").exists()
    given = {"proposal": only(batch, NEAR).pk}
    shown = client.post(f"/imports/{batch.pk}/near/reveal/", given).content.decode()
    assert "85.07.30-033.28" in shown
    assert "85.07.30-034.27" in shown
    [looked] = AuditEntry.objects.filter(action="number.revealed")
    assert (looked.user, looked.subject) == (admin, f"customer:{customer.pk}")
    assert TWINS[0] not in str(looked.details)
    again = client.get(f"/imports/{batch.pk}/near/").content.decode()
    assert "033.28" not in again


def test_a_partner_is_shown_as_what_is_known_of_them_and_never_as_new(client, staged, known):
    customer = known(**NEARS["partner"][0])
    Customer.objects.filter(pk=customer.pk).update(spouse_first_name="Pieter", spouse_last_name="Maes")
    batch = staged(person(1, **NEARS["partner"][1]))
    look(batch)
    page = client.get(f"/imports/{batch.pk}/near/").content.decode()
    assert "<td>Pieter</td>" in page
    assert page.count("85.07.30-***.**") == 2
    assert "De partner in deze gezamenlijke aangifte" in page
    assert 'value="new"' not in page
    given = {"proposal": only(batch, NEAR).pk, "revision": batch.revision, "verdict": "same"}
    client.post(f"/imports/{batch.pk}/near/one/", given)
    doubles = client.get(f"/imports/{batch.pk}/?bucket=double").content.decode()
    assert "partner van Noor1000 Bekend" in doubles
    assert "<del>Pieter</del><ins>Piet</ins>" in doubles


@pytest.mark.parametrize("action", ["keep", "combine", "keep_all", "combine_all"])
def test_a_repeated_row_is_settled(client, staged, action):
    batch = staged(person(1, client_code="A"), person(2, client_code="A", city="Gent"))
    assert "Gent" in client.get(f"/imports/{batch.pk}/repeated/").content.decode()
    given = {"row": 3, "kept": 2, "revision": batch.revision, "action": action}
    client.post(f"/imports/{batch.pk}/repeated/one/", given)
    assert row(batch, 3).bucket == {"k": "left_out", "c": "merged"}[action[0]]


def test_what_belongs_to_another_office_or_review_is_not_there(client, staged, other_office, admin):
    batch = staged(*couple())
    other = staged(*couple())
    assert client.post(f"/imports/{batch.pk}/couples/one/", {"proposal": only(other).pk}).status_code == 404
    with acting_for(other_office.id):
        theirs = Batch.objects.create(file_name="x", assessment_year=2026, state="review")
        proposal = theirs.proposals.create(reason="couple", row=2, other=3)
    assert client.post(f"/imports/{batch.pk}/couples/one/", {"proposal": proposal.pk}).status_code == 404
    assert client.post(f"/imports/{batch.pk}/near/one/", {"proposal": proposal.pk}).status_code == 404
    assert client.post(f"/imports/{batch.pk}/near/reveal/", {"proposal": proposal.pk}).status_code == 404
    assert client.post("/imports/decisions/revoke/", {"decision": 987654321}).status_code == 404


@pytest.mark.parametrize("page", ["couples", "near", "repeated"])
def test_a_full_page_asks_few_questions(client, staged, known, page):
    for n in range(6):
        known(first_name=f"Noor{n}", email=f"k{n}@x.example", client_code=f"K{n}")
    batch = staged(
        *(person(n, last_name=f"Jansen{n}", **{**HOME, "house_number": str(n)}, first_name=f)
          for n in range(6) for f in ("An", "Bo")),
        *(person(n, email=f"k{n}@x.example", last_name="Anders", client_code=f"X{n // 2}") for n in range(6)),
    )  # fmt: skip
    look(batch)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/imports/{batch.pk}/{page}/").status_code == 200
    assert len(asked) <= MOST_QUERIES, "\n".join(query["sql"][:200] for query in asked)
