"""Which sheet of a workbook is read, and what is said of the others."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from accounton.rows.intake import Inspection
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.reading import ColumnsUnsure
from accounton.spreadsheets.problems import UnusableFile
from tests.rows.books import HEADERS, row_of
from tests.rows.people import RULES, TIDY

CHART = [["Totaal", 5], ["Gemiddeld", 2]]
NOTE = [["Beste collega, zie blad 3"], ["groeten"]]
OURS = [HEADERS, row_of(TIDY)]
FIRMS = [["Naam", "BTW-nummer", "E-mail"], ["Bakkerij 1 BV", "BE0415063790", "info@b0.be"]]
PEOPLE = [
    ["Naam", "Voornaam", "E-mail", "Rijksregisternummer"],
    ["Wouters", "Isabelle", "i@telenet.be", "85073003328"],
    ["Dupont", "Jan", "j@telenet.be", "93051822361"],
]
BARE = [[*row[:3], "N"] for row in PEOPLE[1:]]
UNSURE = Wishes(ask="unsure")


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        page = workbook.create_sheet(name.rstrip("_"))
        page.sheet_state = "hidden" if name.endswith("_") else "visible"
        for row in rows:
            page.append([None if cell == "" else cell for cell in row])
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def opened(content: bytes, wishes: Wishes = UNSURE) -> tuple[str, dict[str, str]]:
    """Give the sheet that is read, and what is said of the others."""
    try:
        with Inspection(content, RULES, wishes=wishes) as inspection:
            notices = {notice["code"]: notice["detail"] for notice in inspection.head.notices}
            sheet = inspection.head.sheet
            list(inspection)
    except ColumnsUnsure as asked:
        return asked.layout["sheet"], {}
    return sheet, {code: detail for code, detail in notices.items() if code.startswith("sheet.")}


def test_a_sheet_with_our_headers_is_read_where_the_first_holds_no_customers() -> None:
    sheet, said = opened(book(Grafiek=CHART, Klanten=OURS, Geheim_=NOTE), Wishes())
    assert (sheet, said) == ("Klanten", {"sheet.others": "Grafiek", "sheet.hidden": "Geheim"})


def test_a_sheet_whose_values_are_customers_is_opened() -> None:
    assert opened(book(Grafiek=CHART, Lijst=BARE))[0] == "Lijst"


def test_people_are_opened_rather_than_firms() -> None:
    assert opened(book(Uitleg=NOTE, Vennootschappen=FIRMS, Particulieren=PEOPLE))[0] == "Particulieren"


def test_the_first_sheet_with_customers_stays() -> None:
    assert opened(book(Lijst=PEOPLE, Archief=OURS))[0] == "Lijst"


@pytest.mark.parametrize(
    ("sheets", "is_asked"),
    [
        ({"2025": OURS, "2026": OURS}, True),
        ({"Grafiek": CHART, "2025": OURS, "2026": OURS}, True),
        ({"2025": OURS, "Grafiek": CHART, "Firma's": FIRMS}, False),
        ({"2025": OURS, "Oud_": OURS}, False),
        ({"customers": OURS, "2025": OURS}, False),
        ({"2025": OURS, "customers": OURS}, False),
    ],
)
def test_which_of_two_lists_is_asked_even_where_all_columns_are_certain(sheets: dict[str, Any], is_asked: bool) -> None:
    content = book(**sheets)
    layout: dict[str, Any] = {}
    try:
        with Inspection(content, RULES, wishes=UNSURE) as inspection:
            assert inspection.head.sheet in {"2025", "customers"}
    except ColumnsUnsure as unsure:
        layout = unsure.layout
        assert (layout["sheet"], layout["certain"]) == ("2025", True)
    assert bool(layout) is is_asked
    with Inspection(content, RULES, wishes=Wishes(ask="unsure", sheet="2025")) as inspection:
        assert inspection.head.sheet == "2025"
    with Inspection(content, RULES) as inspection:
        assert inspection.head.columns


def test_a_sheet_that_was_chosen_stays() -> None:
    assert opened(book(Grafiek=CHART, Klanten=OURS), Wishes(ask="unsure", sheet="Grafiek"))[0] == "Grafiek"


def test_every_sheet_that_was_not_read_is_named() -> None:
    said = opened(book(Uitleg=NOTE, Klanten=OURS, Grafiek=CHART), Wishes())[1]
    assert said == {"sheet.others": "Uitleg, Grafiek"}


def test_nobody_misses_the_explanation_beside_our_own_list() -> None:
    assert opened(book(customers=OURS, Uitleg=NOTE, lists_=NOTE), Wishes()) == ("customers", {})


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"Grafiek": CHART, "Nota": NOTE}, "file.no_headers"),
        ({"Lijst": PEOPLE, "Nota": NOTE}, "file.columns_missing"),
    ],
)
def test_a_refusal_names_the_other_sheets_and_how_to_choose_one(sheets: dict[str, Any], code: str) -> None:
    with pytest.raises(UnusableFile) as raised:
        opened(book(**sheets), Wishes())
    assert raised.value.code == code
    assert "Nota" in raised.value.text()
    assert "--sheet" in raised.value.text()


def test_a_workbook_with_one_sheet_says_nothing_of_others() -> None:
    with pytest.raises(UnusableFile) as raised:
        opened(book(Grafiek=CHART), Wishes())
    assert "--sheet" not in raised.value.text()
