"""Wrong values, each once: of very many rows no more are opened than a page may take, and the page says so."""

import pytest

from accounton.importing import wrong_values as module
from accounton.importing.models import Bucket
from accounton.importing.pieces import at_once
from accounton.importing.repairing import Replace
from accounton.importing.wrong_values import wrong_values
from tests.importing.conftest import person

pytestmark = pytest.mark.database
CODE = "language.unknown"
NUMBER, PARTNER = "85073003328", "17073003384"


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def few(monkeypatch):
    """Let a page open three rows at most."""
    monkeypatch.setattr(module, "LOOKED_AT", 3)


def page_of(client, batch, code: str = CODE, query: str = "") -> str:
    return " ".join(client.get(f"/imports/{batch.pk}/values/{code}/{query}").content.decode().split())


def test_a_value_of_many_rows_names_the_first_of_them(staged):
    batch = staged(*(person(n, language="duits") for n in range(7)))
    [found] = wrong_values(batch, CODE)
    assert (found.times, found.rows) == (7, (2, 3, 4, 5, 6))
    assert wrong_values(batch, CODE).cut_at == 0


def test_what_is_suggested_stands_beside_its_value(staged):
    batch = staged(person(1, mobile="0478 12 34 56"))
    [found] = wrong_values(batch, "mobile.country_code_missing")
    assert (found.key, found.before, found.suggestion) == ("mobile", "0478 12 34 56", "+32478123456")


def test_of_very_many_rows_the_first_are_looked_at_and_the_page_says_so(client, staged, few):
    batch = staged(*(person(n, language=f"taal {n}") for n in range(4)), person(9))
    page = page_of(client, batch)
    assert "van de eerste 3 rijen met dit probleem" in page
    assert "minstens 1" in page
    assert "taal 2" in page
    assert "taal 3" not in page


def test_what_was_not_looked_at_is_put_right_too_and_then_follows(client, staged, admin, few):
    batch = staged(*(person(n, language="duits") for n in range(4)), person(4, language="swahili"))
    client.post(f"/imports/{batch.pk}/values/{CODE}/", {"column": "language", "before": "duits", "after": "french"})
    assert batch.rows.filter(bucket=Bucket.INVALID).count() == 1
    page = page_of(client, batch)
    assert "swahili" in page
    assert "van de eerste 3 rijen" not in page


def test_what_is_kept_is_never_old(staged, admin):
    batch = staged(person(1, language="duits"), person(2, language="swahili"))
    assert len(wrong_values(batch, CODE)) == 2
    at_once(batch, admin, Replace(CODE, "language", "duits", "french"))
    assert [value.before for value in wrong_values(batch, CODE)] == ["swahili"]


def test_values_are_shown_page_by_page(client, staged):
    batch = staged(*(person(n, language=f"taal {n:03}") for n in range(120)))
    first, second = page_of(client, batch), page_of(client, batch, query="?page=2")
    assert "taal 099" in first
    assert "taal 100" not in first
    assert "taal 100" in second
    assert "taal 099" not in second


@pytest.mark.parametrize(("most", "words"), [(3, "Aanvaard alle suggesties"), (9, "Aanvaard alle 5 suggesties")])
def test_suggestions_are_counted_where_that_holds_no_page_up(client, staged, monkeypatch, most, words):
    monkeypatch.setattr(module, "LOOKED_AT", most)
    batch = staged(*(person(n, mobile=f"0478 12 34 5{n}") for n in range(5)))
    page = " ".join(client.get(f"/imports/{batch.pk}/?bucket=invalid").content.decode().split())
    assert words in page
    client.post(f"/imports/{batch.pk}/accept/", {"code": "mobile.country_code_missing"})
    assert not batch.rows.filter(bucket=Bucket.INVALID).exists()


@pytest.mark.parametrize(
    ("people", "code", "page", "title"),
    [
        ([person(1, national_number=NUMBER), person(2, national_number=NUMBER)], "row.repeated", "repeated",
         "Dubbel in de lijst"),
        ([person(1, national_number=PARTNER)], "national_number.is_spouse", "near", "Gelijkenissen"),
    ],
)  # fmt: skip
def test_what_is_about_somebody_else_asks_for_no_value_but_leads_to_where_it_is_decided(
    client, staged, known, people, code, page, title
):
    known(spouse_national_number=PARTNER)
    batch = staged(*people)
    assert batch.rows.filter(problems=code).count() == 1
    review = " ".join(client.get(f"/imports/{batch.pk}/?bucket=invalid").content.decode().split())
    assert f'id="mend-{code}" href="/imports/{batch.pk}/{page}/">{title}</a>' in review
    assert client.get(f"/imports/{batch.pk}/values/{code}/").url == f"/imports/{batch.pk}/{page}/"
    given = {"column": "national_number", "before": NUMBER, "after": "93051822361"}
    assert client.post(f"/imports/{batch.pk}/values/{code}/", given).url == f"/imports/{batch.pk}/{page}/"
    assert batch.rows.filter(problems=code).count() == 1


def test_a_code_of_a_customer_stands_among_the_wrong_values_and_another_is_put_in_its_place(client, staged, known):
    known(client_code="K1", national_number=NUMBER)
    batch = staged(person(1, client_code="K1", national_number="93051822361"))
    url = f"/imports/{batch.pk}/values/client_code.taken/"
    assert "K1" in client.get(url).content.decode()
    client.post(url, {"column": "client_code", "before": "K1", "after": "K2"})
    assert batch.rows.get().bucket == Bucket.ONLY_IN_IMPORT
