"""The overview: what it shows, its filters in the address, search, sorting, paging, and who sees which buttons."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from accounton.overview.editing import set_archived
from tests.overview.conftest import EMMA, LOUIS, NOOR

pytestmark = pytest.mark.database
URL = "/customers/"


def rows(response) -> list[str]:
    """Give the lines of the table as plain text."""
    body = response.content.decode()
    found = re.findall(r"<tr>(.*?)</tr>", body.split("<tbody>")[1], re.S) if "<tbody>" in body else []
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def names(response) -> list[str]:
    return [row.split()[0] for row in rows(response)]


def text(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_a_line_says_all_that_matters(staff, make, admin):
    make(EMMA, responsible=admin)
    (line,) = rows(staff.get(URL))
    for word in (
        "Peeters Emma", "Gezamenlijk", "Nog niet verzonden", "Nederlands", "Checklist van de personenbelasting",
        "kantoor Gent", "zelfstandig", "Els Claes", "16/10/2026", "1017",
    ):  # fmt: skip
        assert word in line
    assert "<strong>Peeters</strong> Emma" in staff.get(URL).content.decode()


def test_title_and_subtitle_count_the_dossiers_of_the_year(staff, make):
    make()
    make(NOOR)
    make(EMMA, year=2025)
    page = text(staff.get(URL))
    assert "Klanten 2 dossiers · aanslagjaar 2026" in page
    assert "1–2 van 2" in page


def test_the_deadline_says_where_it_comes_from(staff, make):
    make()
    make(NOOR, enterprise_number="0403019261")
    make(EMMA, deadline=datetime.date(2026, 9, 1))
    by_name = {line.split()[0]: line for line in rows(staff.get(URL))}
    assert "15/07/2026" in by_name["Goossens"]
    assert "belastingkalender" in by_name["Goossens"]
    assert "16/10/2026" in by_name["Declercq"]
    assert "complexe" in by_name["Declercq"]
    assert "01/09/2026" in by_name["Peeters"]
    assert "eigen datum" in by_name["Peeters"]


def test_a_year_that_the_calendar_does_not_have_says_so(staff, make):
    make(year=2031)
    (line,) = rows(staff.get(URL, {"year": "2031"}))
    assert "nog niet bekend voor aanslagjaar 2031" in line


def test_the_bar_of_statuses_counts_and_filters(staff, make):
    make(status="sent")
    make(NOOR, status="sent")
    make(EMMA)
    response = staff.get(URL)
    assert {s["key"]: s["count"] for s in response.context["segments"] if s["count"]} == {"not_sent": 1, "sent": 2}
    sent = next(s for s in response.context["segments"] if s["key"] == "sent")
    filtered = staff.get(sent["url"])
    assert names(filtered) == ["Declercq", "Goossens"]
    assert "Status: Verzonden" in text(filtered)
    again = next(s for s in filtered.context["segments"] if s["key"] == "sent")
    assert again["current"]
    assert names(staff.get(again["url"])) == ["Declercq", "Goossens", "Peeters"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"label": "kantoor Gent"}, ["Peeters"]),
        ({"label": "Gent"}, []),
        ({"label": "kantoor_Gent"}, []),
        ({"language": "french"}, ["Declercq"]),
        ({"joint": "yes"}, ["Peeters"]),
        ({"joint": "no"}, ["Declercq", "Goossens"]),
        ({"status": "done"}, ["Goossens"]),
        ({"status": "done", "language": "french"}, []),
        ({"responsible": "none"}, ["Goossens", "Peeters"]),
        ({"q": "goossens"}, ["Goossens"]),
        ({"q": "NOOR decl"}, ["Declercq"]),
        ({"q": "ęmma péeters"}, ["Peeters"]),
        ({"q": "e.peeters@telenet.be"}, ["Peeters"]),
        ({"q": "1017"}, ["Peeters"]),
        ({"q": "%"}, ["Declercq", "Goossens", "Peeters"]),
        ({"q": "noor", "joint": "yes"}, []),
        ({"status": "nonsense", "sort": "pk", "year": "abc", "page": "-3"}, ["Declercq", "Goossens", "Peeters"]),
    ],
)
def test_filters_and_search(staff, make, admin, params, expected):
    make(status="done")
    make(NOOR, responsible=admin)
    make(EMMA)
    assert names(staff.get(URL, params)) == expected


def test_a_colleague_filters_by_himself(staff, make, admin):
    make()
    make(NOOR, responsible=admin)
    response = staff.get(URL, {"responsible": str(admin.pk)})
    assert names(response) == ["Declercq"]
    assert "Verantwoordelijke: Els Claes" in text(response)


def test_a_national_number_is_never_searched_for(staff, emma):
    assert names(staff.get(URL, {"q": "85073003328"})) == []
    assert names(staff.get(URL, {"q": "850730"})) == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["Declercq", "Goossens", "Peeters"]),
        ("-name", ["Peeters", "Goossens", "Declercq"]),
        ("deadline", ["Goossens", "Declercq", "Peeters"]),
        ("-deadline", ["Peeters", "Declercq", "Goossens"]),
        ("status", ["Peeters", "Goossens", "Declercq"]),
        ("joint", ["Declercq", "Goossens", "Peeters"]),
        ("responsible", ["Declercq", "Goossens", "Peeters"]),
        ("code", ["Declercq", "Goossens", "Peeters"]),
    ],
)
def test_sorting(staff, make, admin, sort, expected):
    make(status="sent")
    make(NOOR, status="done", responsible=admin, deadline=datetime.date(2026, 7, 20))
    make(EMMA)
    response = staff.get(URL, {"sort": sort})
    assert names(response) == expected
    direction = "descending" if sort.startswith("-") else "ascending"
    assert response.content.decode().count(f'aria-sort="{direction}"') == 1


def test_chips_are_in_the_address_and_come_off_one_by_one(staff, make):
    make(EMMA)
    response = staff.get(URL, {"label": "zelfstandig", "language": "dutch", "sort": "code"})
    off = {chip.key: chip.query for chip in response.context["chips"] if chip.is_on}
    assert off == {"label": "language=dutch&sort=code", "language": "label=zelfstandig&sort=code"}


def test_labels_to_choose_from_are_found_when_asked_for(staff, make):
    make(EMMA)
    make(NOOR, labels="Aalst")
    assert "zelfstandig</a>" not in staff.get(URL, {"language": "french"}).content.decode()
    asked = staff.get(URL, {"choose": "label"})
    choices = [choice.text for choice in asked.context["chosen"].choices]
    assert choices == ["Aalst", "kantoor Gent", "zelfstandig"]
    assert 'id="choices"' in asked.content.decode()
    link = next(choice.query for choice in asked.context["chosen"].choices if choice.text == "kantoor Gent")
    assert names(staff.get(f"{URL}?{link}")) == ["Peeters"]


def test_every_choice_works_without_a_script(staff, make):
    make(EMMA)
    make(NOOR, year=2025)
    for key in ("status", "language", "responsible", "joint", "year"):
        response = staff.get(URL, {"choose": key})
        assert response.context["chosen"].choices, key
        assert staff.get(f"{URL}?{response.context['chosen'].choices[0].query}").status_code == 200


def test_archived_customers_leave_the_overview_unless_asked_for(staff, make, accountant):
    set_archived(make(EMMA), accountant, archived=True)
    make()
    assert names(staff.get(URL)) == ["Goossens"]
    assert "1 dossier " in text(staff.get(URL))
    assert names(staff.get(URL, {"archived": "yes"})) == ["Peeters"]
    assert names(staff.get(URL, {"q": "peeters"})) == []
    assert names(staff.get(URL, {"q": "peeters", "archived": "yes"})) == ["Peeters"]
    assert names(staff.get(URL, {"language": "dutch"})) == ["Goossens"]


def test_pages_of_fifty(staff, make):
    for number in range(53):
        make(LOUIS, first_name=f"Louis {number:02}", email=f"l{number}@goossens.example")
    first, second = staff.get(URL), staff.get(URL, {"page": "2"})
    assert (len(rows(first)), len(rows(second))) == (50, 3)
    assert rows(second)[0].startswith("Goossens Louis 50")
    assert "51–53 van 53" in text(second)
    assert len(rows(staff.get(URL, {"page": "99"}))) == 3
    assert len(rows(staff.get(URL, {"page": "2", "language": "dutch", "sort": "-deadline"}))) == 3


def test_walking_by_name_gives_the_same_pages_as_sorting(staff, make, monkeypatch):
    for number in range(120):
        make(LOUIS, first_name=f"Louis {number % 40:02}", email=f"l{number}@x.example", year=2025 + number % 2)
    params = ({}, {"page": "2"}, {"sort": "-name", "page": "2"}, {"q": "louis 1"}, {"language": "dutch"})
    sorted_pages = [rows(staff.get(URL, query)) for query in params]
    monkeypatch.setattr("accounton.overview.listing.WALK_FROM", 1)
    assert [rows(staff.get(URL, query)) for query in params] == sorted_pages


@pytest.mark.parametrize("number", [1, 45])
def test_the_number_of_queries_does_not_grow(staff, make, django_assert_num_queries, number):
    for index in range(number):
        make(LOUIS, email=f"l{index}@x.example", first_name=f"Louis {index}")
    staff.get(URL)
    with django_assert_num_queries(8):
        staff.get(URL)
    with django_assert_num_queries(8):
        staff.get(URL, {"language": "dutch", "sort": "deadline", "q": "goossens"})


def test_an_empty_office_is_shown_the_way_in(admin, accountant, client_as, make):
    page = client_as(admin).get(URL)
    assert "Nog geen klanten" in text(page)
    assert page.content.decode().count(reverse("importing:upload")) >= 2
    page = client_as(accountant).get(URL)
    assert "Nog geen klanten" in text(page)
    assert reverse("importing:upload") not in page.content.decode()
    assert reverse("customers:new") in page.content.decode()
    make()
    assert "Nog geen klanten" not in text(client_as(accountant).get(URL))


def test_no_match_offers_to_clear_the_filters(staff, make):
    make()
    page = staff.get(URL, {"q": "nobody", "sort": "code"})
    assert "Niemand gevonden" in text(page)
    assert 'href="/customers/?sort=code"' in page.content.decode()


def test_only_an_admin_is_offered_the_import(admin, accountant, client_as, make):
    make()
    page = text(client_as(admin).get(URL))
    for words in (
        "Klanten importeren",
        "Excel-bestand",
        "AdminPulse nog niet gekoppeld",
        "IS | Consult nog niet gekoppeld",
    ):
        assert words in page
    assert "Klanten importeren" not in text(client_as(accountant).get(URL))


def test_another_offices_customers_are_never_listed(staff, make, other_admin, client_as):
    make(EMMA)
    other = client_as(other_admin)
    assert "Peeters" not in text(other.get(URL))
    assert rows(other.get(URL, {"q": "peeters"})) == []
    assert rows(other.get(URL, {"archived": "yes"})) == []
    assert "zelfstandig" not in text(other.get(URL, {"choose": "label"}))


def test_in_french(admin, client_as, make):
    make(EMMA)
    page = text(client_as(admin, "fr").get(URL))
    for words in (
        "Clients 1 dossier · exercice d'imposition 2026", "Importer des clients", "Fichier Excel", "Commune",
        "Pas encore envoyé", "Néerlandais", "16/10/2026",
    ):  # fmt: skip
        assert words in page


def test_in_english_the_day_is_written_out(admin, client_as, make):
    make(EMMA)
    page = text(client_as(admin, "en").get(URL))
    assert "16 October 2026" in page
    assert "Not sent yet" in page
