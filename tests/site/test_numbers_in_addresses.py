"""A national number stands in no address: not in one that somebody searches with, nor in a link of the page then."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.importing.conftest import known, person, staged  # noqa: F401
from tests.site.crawling import whole

pytestmark = pytest.mark.database
NUMBER, MASK = "85073003328", "85.07.30-***.**"


@pytest.mark.parametrize("written", [NUMBER, "85.07.30-033.28", f"Peeters {NUMBER}", f"jan+{NUMBER}@example.be"])
@pytest.mark.parametrize("path", ["/customers/", "/customers/numbers/", "/imports/{}/", "/imports/{}/left-out/"])
@pytest.mark.parametrize("field", ["q", "label", "next"])
def test_who_searches_for_one_is_led_to_its_mask(client_as, admin, staged, path, field, written):  # noqa: F811
    path = path.format(staged(person(1)).pk)
    client = client_as(admin)
    answer = client.get(path, {field: written, "page": "2"})
    assert answer.status_code == 302
    led_to = parse_qs(urlsplit(answer.url).query)
    assert MASK in led_to[field][0]
    assert led_to["page"] == ["2"]
    page = client.get(answer.url)
    assert page.status_code in (200, 404)
    assert whole({"number": NUMBER}, page.content.decode()) == []


def test_a_form_that_is_sent_to_such_an_address_leads_back_without_it(client_as, admin, staged):  # noqa: F811
    batch = staged(person(1))
    url = f"/imports/{batch.pk}/select/?q={NUMBER}"
    answer = client_as(admin).post(url, {"all": "1", "revision": batch.revision})
    said = f"{answer.headers} {answer.content.decode()}"
    assert whole({"number": NUMBER}, said) == []
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("searched", "is_said"),
    [
        (NUMBER, True), ("85.07.30-033.28", True), (MASK, True), ("85.07.30-033.29", True),
        ("Niemand", False), ("+32478123456", False), ("0478 12 34 56", False),
    ],
)  # fmt: skip
def test_who_finds_nobody_by_a_number_reads_how_to_search(client_as, admin, staged, known, searched, is_said):  # noqa: F811
    known(first_name="Emma")
    batch = staged(person(1), person(2, bucket="left_out"))
    for path, bucket in (("/customers/", ""), (f"/imports/{batch.pk}/", ""), (f"/imports/{batch.pk}/", "invalid")):
        page = client_as(admin).get(path, {"q": searched, "bucket": bucket}, follow=True).content.decode()
        assert "Niemand gevonden" in page or "Niets gevonden" in page
        assert ("Zoek op naam, e-mailadres of klantcode." in page) is is_said, path


def test_a_telephone_number_is_searched_for_as_it_is(client_as, admin):
    assert client_as(admin).get("/customers/", {"q": "+32 478 12 34 56"}).status_code == 200
