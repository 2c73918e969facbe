"""AdminPulse's migration workbook: recognised, sorted, and its couples found however its links name people."""

import zipfile
from io import BytesIO

import orjson
import pytest

from accounton.rows.intake import LEFT_OUT, Inspection, Intake
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.reading import ColumnsUnsure
from accounton.rows.rules import Rules
from accounton.sealing.sealer import Sealer
from accounton.spreadsheets.limits import Limits
from accounton.spreadsheets.problems import UnusableFile
from tests.adminpulse import EMMA, HEADERS, LOUIS, by_openpyxl, by_xlsxwriter, office, relation, sheets
from tests.rows.people import RULES

WRITERS = {"openpyxl": by_openpyxl, "xlsxwriter": by_xlsxwriter}
KEY = bytes(range(32))
JAN = relation("Peeters", "Jan", "A1", Rijksregisternummer=EMMA)
AN = relation("Claes", "An", "A2", Rijksregisternummer=LOUIS)


def inspected(content, rules=RULES, **wished):
    file = content if isinstance(content, bytes) else by_openpyxl(content)
    with Inspection(file, rules, wishes=Wishes(**wished)) as inspection:
        blocks = list(inspection)
    return inspection, blocks


def said(inspection) -> dict[str, str]:
    return {notice["code"]: notice["detail"] for notice in (*inspection.head.notices, *inspection.notices)}


def taken(content, rules=RULES):
    """Give the values by sheet row, those left out apart, and the intake."""
    sealer, rows, left_out = Sealer([KEY]), {}, {}
    with Intake(by_openpyxl(content), rules, keys=[KEY], office_id=7) as intake:
        for block in intake:
            for row in block.rows():
                into = left_out if block.held == LEFT_OUT else rows
                into[row[0]] = orjson.loads(sealer.open(row[-1], b"row:7"))["values"]
    return rows, left_out, intake


@pytest.mark.parametrize("writer", WRITERS)
def test_it_is_recognised_and_nobody_is_asked(writer):
    inspection, blocks = inspected(WRITERS[writer](office()), ask="unsure")
    assert inspection.head.sheet == "Relaties"
    assert inspection.head.header_row == 3
    assert said(inspection) == {
        "adminpulse.recognised": "", "adminpulse.all_dutch": "", "adminpulse.companies": "1",
        "adminpulse.not_customers": "Prospect: 1", "adminpulse.partners": "1", "adminpulse.couples": "1",
        "adminpulse.other_links": "2",
    }  # fmt: skip
    assert inspection.linked == [(4, 5)]
    assert inspection.left_out == 2
    assert sum(block.valid + block.invalid for block in blocks) == 4


def test_a_sole_trader_stays_and_gets_the_lost_zero_back():
    rows, left_out, _ = taken(office())
    assert rows[7]["last_name"] == "De Smet"
    assert rows[7]["enterprise_number"] == "0403019261"
    assert {values["last_name"] for values in left_out.values()} == {"Bakkerij Peeters NV", "Maes"}
    assert {values["language"] for values in rows.values()} == {"dutch"}


@pytest.mark.parametrize(
    ("headers", "links"),
    [
        (("Klantcode", "Type", "Klantcode gelinkte relatie"), [["A1", "Partner", "A2"]]),
        (("Klantcode1", "Klantcode2", "Soort"), [["a1", "a2", "Echtgeno(o)t(e)"]]),
        (("Rijksregisternummer", "Type link", "Rijksregisternummer partner"), [[EMMA, "Gehuwd met", int(LOUIS)]]),
        (("Naam", "Voornaam", "Type", "Naam", "Voornaam"), [["Peeters", "Jan", "partner", "CLAES", "An"]]),
        (("Relatie 1", "Relatie 2", "Relatietype"), [["Jan Peeters", "Claes An", "Wettelijk samenwonend"]]),
        (("Relatie", "Gelinkte relatie", "Type"), [["A1", "75.06.15-003.97", "Partner"]]),
        (("Type", "Van relatie", "Naar relatie"), [["Partner", "A1", "An Claes"], ["Partner", "A2", "A1"]]),
    ],
)
def test_however_the_links_name_people(headers, links):
    inspection, _ = inspected(sheets(JAN, AN, links=links, link_headers=headers))
    assert inspection.linked == [(2, 3)]
    assert "adminpulse.couples" in said(inspection)


@pytest.mark.parametrize(
    ("links", "code", "rows"),
    [
        ([["A1", "Partner", "B9"]], "unknown", "2"),
        ([["A1", "Partner", "A1"]], "self", "2"),
        ([["A1", "Partner", "A3"]], "company", "2"),
        ([["A1", "Partner", ""]], "unknown", "2"),
        ([["A1", "Partner", "A2"], ["A4", "Partner", "A1"]], "two_partners", "2, 3"),
        ([["A5", "Partner", "A6"]], "left_out", "2"),
    ],
)
def test_links_that_make_no_couple_change_nothing(links, code, rows):
    relations = (
        JAN, AN, relation("Bouw", "", "A3", Type="Bedrijf"), relation("Maes", "Tom", "A4"),
        relation("Pro", "Een", "A5", Status="Prospect"), relation("Pro", "Twee", "A6", Status="Prospect"),
    )  # fmt: skip
    inspection, _ = inspected(sheets(*relations, links=links))
    assert inspection.linked == []
    assert said(inspection)[f"adminpulse.link_{code}"] == rows


def test_a_name_that_two_relations_have_is_nobody_in_particular():
    other = relation("Claes", "An", "A7")
    links = [["Jan Peeters", "Partner", "An Claes"]]
    inspection, _ = inspected(sheets(JAN, AN, other, links=links, link_headers=("Relatie", "Type", "Gelinkte relatie")))
    assert inspection.linked == []
    assert said(inspection)["adminpulse.link_ambiguous"] == "2"


def test_people_who_merely_live_together_are_no_couple():
    inspection, _ = inspected(sheets(JAN, AN, links=[["A1", "Feitelijk samenwonend", "A2"], ["A1", "Kind", "A2"]]))
    assert inspection.linked == []
    assert said(inspection)["adminpulse.other_links"] == "2"


def test_a_partner_who_is_no_customer_comes_in_and_the_customer_declares():
    an = AN | {"Status": "Andere"}
    rows, left_out, intake = taken(sheets(an, JAN, links=[["A2", "Partner", "A1"]]))
    assert sorted(rows) == [2, 3]
    assert left_out == {}
    assert intake.linked == [(3, 2)]
    assert intake.left_out == 0


def test_the_rows_add_up_over_many_blocks():
    relations = [
        relation("Naam", f"V{number}", f"K{number}", Type="Bedrijf" if number % 3 == 0 else "Persoon")
        for number in range(1700)
    ]
    empty = {"Status": "Klant", "Type": "Bedrijf"}
    rows, left_out, intake = taken(sheets(*relations, empty, links=[["K1", "Partner", "K1699"]]))
    assert len(left_out) == intake.left_out == 567
    assert len(rows) == 1133
    assert intake.empty_rows == 1
    assert intake.linked == [(3, 1701)]


def test_other_columns_and_another_order_are_read_too():
    headers = ("Taal", "Straat", "Huisnummer", *reversed(HEADERS), "Opmerkingen")
    jan = JAN | {"Taal": "FR", "Straat": "Kerkstraat", "Huisnummer": "12", "Opmerkingen": "belt graag"}
    rows, _, intake = taken(sheets(jan, AN, links=[], headers=headers))
    assert rows[2] | {"language": "french", "street": "Kerkstraat", "house_number": "12"} == rows[2]
    assert "adminpulse.all_dutch" not in said(intake)


def test_an_uncertain_extra_column_is_asked_about():
    headers = (*HEADERS, "Telefoon")
    jan = JAN | {"Telefoon": "0478 12 34 56"}
    with pytest.raises(ColumnsUnsure) as asked:
        inspected(sheets(jan, AN, links=[], headers=headers), ask="unsure")
    assert asked.value.layout["sheet"] == "Relaties"
    assert asked.value.layout["missing"] == []


def test_the_first_colleague_among_several_is_responsible():
    rules = Rules(RULES.today, staff=frozenset({"els@kantoor.be"}), names=(("els claes", "els@kantoor.be"),))
    several = JAN | {"Dossiermedewerkers": "Piet Weg; Claes Els, Els Claes"}
    nobody = AN | {"Dossiermedewerkers": "Piet Weg"}
    address = relation("Maes", "Tom", "A3", Dossiermedewerkers="weg@kantoor.be\nels@kantoor.be")
    rows, _, intake = taken(sheets(several, nobody, address, links=[]), rules)
    assert [values["responsible"] for values in rows.values()] == ["els@kantoor.be", "", "els@kantoor.be"]
    assert said(intake)["adminpulse.nobody"] == "1"


def test_without_a_sheet_of_links_or_known_headers_it_says_so():
    content = office()
    del content["Gelinkte Relaties"]
    assert "adminpulse.links_missing" in said(inspected(content)[0])
    content["Gelinkte Relaties"] = [["Een", "Twee"], ["1001", "1002"]]
    inspection, _ = inspected(content)
    assert said(inspection)["adminpulse.links_unknown"] == "Gelinkte Relaties"
    content["Gelinkte Relaties"] = []
    assert "adminpulse.links_unknown" in said(inspected(content)[0])


def test_a_damaged_sheet_of_links_is_refused():
    file = by_openpyxl(office())
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(file)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[: len(data) // 2] if name.endswith("sheet3.xml") else data)
    with pytest.raises(UnusableFile) as refused:
        inspected(target.getvalue())
    assert refused.value.code == "file.damaged"


def test_the_limits_hold_for_the_sheet_of_links():
    content = office()
    content["Gelinkte Relaties"] = [*content["Gelinkte Relaties"], *([[1001, "Kind", 1006]] * 60)]
    with pytest.raises(UnusableFile) as refused, Inspection(by_openpyxl(content), RULES, Limits(rows=50)) as inspection:
        list(inspection)
    assert refused.value.code in ("file.far_cell", "file.too_many_rows")


def test_an_error_in_the_sheet_of_links_names_nobody():
    content = sheets(JAN, AN, links=[["A1", "Partner", "=NA()"]])
    inspection, _ = inspected(by_xlsxwriter(content))
    assert inspection.linked == []
    assert said(inspection)["adminpulse.link_unknown"] == "2"


def test_another_workbook_with_a_sheet_of_this_name_is_an_ordinary_list():
    content = {
        "Relaties": [["Voornaam", "Achternaam", "E-mail", "Taal"], ["Jan", "Peeters", "jan@telenet.be", "NL"]],
        "Gelinkte Relaties": [["Iets"]],
    }
    inspection, blocks = inspected(content)
    assert "adminpulse.recognised" not in said(inspection)
    assert said(inspection)["sheet.others"] == "Gelinkte Relaties"
    assert blocks[0].valid == 1
