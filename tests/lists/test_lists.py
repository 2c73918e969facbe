"""Awkward lists as offices have them, written by several programs, each with what must come out.

octopus_export (openpyxl; libreoffice.xlsx is the same saved by LibreOffice 7.4) and logiciel_fr (CSV in Windows-1252)
have the headers of real packages; excel_van_drie_mensen (XlsxWriter; libreoffice.ods likewise) has a title above, full
names, telephone numbers of all kinds; dubbele_koppen (XlsxWriter) the same headers twice and other people's columns;
identificatie (UTF-16, tabs) the national number under another name; zonder_koppen (openpyxl) no headers at all.
pyxlsbwriter.xlsb is octopus_export once more by pyxlsbwriter 0.1; excel_binair.xlsb (records as Excel writes them, seen
the same by LibreOffice) is excel_van_drie_mensen with errors, typed in and of formulas, one in a row of its own.
xlwt_met_titel (xlwt 1.3) has a title, an empty column, typing errors, two telephone columns, numbers as numbers, a row
of totals and a hidden sheet; odfpy_clients (odfpy 1.4) house numbers before the street, a second address and a parent;
pyexcelerate_mandanten (pyexcelerate 0.13) German headers; formules_1904 (XlsxWriter) formulas, dates from 1904, what is
filtered and hidden, and a partner; excel_windows (CSV as Excel in Windows-1252) zeros kept by ="0012", quotes and line
breaks; pakket_komma (CSV in UTF-8 with its mark) commas within cells.
adminpulse_migratie (LibreOffice 7.4, from what tests/adminpulse.py writes) is AdminPulse's migration workbook: what is
left out comes last.
"""

from pathlib import Path
from typing import Any

import orjson
import pytest

from accounton.rows.intake import Inspection, Intake
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.reading import ColumnsUnsure
from accounton.sealing.sealer import Sealer
from tests.rows.people import RULES

HERE = Path(__file__).parent
KEY = bytes(range(32))
ADDRESS = {"street": "Kerkstraat", "house_number": "12", "postal_code": "9300", "city": "Aalst"}
EMMA = {
    "first_name": "Emma", "last_name": "Peeters", "email": "emma@telenet.be", "language": "dutch",
    "national_number": "80010100107",
}  # fmt: skip
LOUIS = {
    "first_name": "Louis",
    "last_name": "Van den Berghe",
    "email": "louis@skynet.be",
    "national_number": "75061500397",
}
OCTOPUS: dict[str, Any] = {
    "rows": [
        EMMA | ADDRESS | {"box": "3", "country": "BE", "mobile": "+32478123456", "client_code": "1001"},
        LOUIS | {"street": "Markt", "house_number": "4", "postal_code": "9000", "city": "Gent", "country": "BE",
                 "mobile": "+32479123456", "enterprise_number": "0403019261", "client_code": "1002",
                 "language": "french"},
    ],
    "ignored": ["Telefoon", "E-mail factuur", "Opmerking"],
    "certain": False,
}  # fmt: skip
THREE_PEOPLE: dict[str, Any] = {
    "rows": [
        EMMA | ADDRESS | {"box": "3", "mobile": "0478 12 34 56"},
        LOUIS | {"street": "Markt", "house_number": "4", "postal_code": "9000", "city": "Gent", "language": "french"},
        {"first_name": "Marie", "last_name": "De Smet", "mobile": "0479 12 34 56", "street": "Rue Haute",
         "house_number": "5"},
    ],
    "ignored": ["Dossierbeheerder"],
    "certain": False,
}  # fmt: skip
WITH_ERRORS = {
    "rows": [
        THREE_PEOPLE["rows"][0] | {"spouse_national_number": "#N/A"},
        THREE_PEOPLE["rows"][1],
        THREE_PEOPLE["rows"][2] | {"national_number": "#N/A"},
        {"first_name": "", "last_name": "#REF!"},
    ],
    "ignored": ["Dossierbeheerder"],
    "certain": False,
}
ADMINPULSE = {
    "rows": [
        EMMA | {"client_code": "1001"},
        {"first_name": "An", "last_name": "De Smet", "enterprise_number": "0403019261"},
        {"first_name": "Noor", "last_name": "Janssens"},
        {"first_name": "Louis", "last_name": "Janssens", "national_number": "75061500397"},
        {"last_name": "Bakkerij Peeters NV"},
        {"first_name": "Tom", "last_name": "Maes"},
    ],
    "ignored": ["Status", "Type", "Nr. boekhouding", "Rechtsvorm", "BTW-nummer", "Geboorteland", "Nationaliteit",
                "E-mail factuur", "Boekhoudsoftware"],
    "certain": True,
}  # fmt: skip
EXPECTED: dict[str, dict[str, Any]] = {
    "octopus_export.xlsx": OCTOPUS,
    "pyxlsbwriter.xlsb": OCTOPUS,
    "excel_binair.xlsb": WITH_ERRORS,
    "libreoffice.xlsx": OCTOPUS,
    "excel_van_drie_mensen.xlsx": THREE_PEOPLE,
    "libreoffice.ods": THREE_PEOPLE,
    "adminpulse_migratie.xlsx": ADMINPULSE,
    "adminpulse_migratie.ods": ADMINPULSE,
    "adminpulse_migratie.xls": ADMINPULSE,
    "zonder_koppen.xlsx": {
        "rows": [EMMA | ADDRESS, {"first_name": "Louis", "last_name": "Janssens", "house_number": "4A"}],
        "ignored": [],
        "certain": False,
    },
    "logiciel_fr.csv": {
        "rows": [
            {"first_name": "Zoé", "last_name": "Lefèvre", "national_number": "80010100107", "house_number": "12",
             "mobile": "+32478123456", "spouse_national_number": "75061500397", "client_code": "D1", "box": "3"},
            {"first_name": "André", "street": "Chaussée de Mons", "house_number": "101", "spouse_national_number": ""},
        ],
        "ignored": ["Téléphone", "Conjoint"],
        "certain": True,
    },
    "dubbele_koppen.xlsx": {
        "rows": [
            {"first_name": "Emma", "last_name": "Peeters", "email": "emma@telenet.be", "client_code": "1",
             "house_number": "12", "spouse_national_number": "75061500397"},
            {"first_name": "An", "last_name": "Claes", "spouse_national_number": ""},
        ],
        "ignored": ["E-mail", "Klantcode", "Naam partner", "Ouder 1 rijksregisternummer"],
        "certain": False,
    },
    "identificatie.tsv": {
        "rows": [EMMA | {"street": "Kerkstraat", "house_number": "12"}, LOUIS],
        "ignored": ["Geboortedatum"],
        "certain": False,
    },
}  # fmt: skip


EXPECTED |= {
    "xlwt_met_titel.xls": {
        "rows": [
            EMMA | {"street": "Kerkstraat", "house_number": "12A", "postal_code": "9300", "mobile": "0478 12 34 56",
                    "client_code": "1001", "enterprise_number": "0403019261"},
            LOUIS | {"house_number": "4", "mobile": "", "language": "french", "enterprise_number": ""},
            {"last_name": "Totaal", "first_name": ""},
        ],
        "ignored": ["Tel 1", "E-mail fact.", "Geb.datum"],
        "certain": False,
    },
    "odfpy_clients.ods": {
        "rows": [
            EMMA | {"language": "french", "street": "Rue Haute", "house_number": "12", "box": "3", "city": "Bruxelles",
                    "client_code": "D-1", "spouse_national_number": "75061500397"},
            {"last_name": "Lefèvre", "street": "Chaussée de l’Été", "house_number": "101", "language": "dutch",
             "national_number": "", "client_code": "D-2"},
            {"last_name": "Dubois", "house_number": "12", "national_number": "75061500397"},
        ],
        "ignored": ["Autre e-mail", "Parent 1 NISS"],
        "certain": False,
    },
    "pyexcelerate_mandanten.xlsx": {
        "rows": [
            EMMA | {"last_name": "Müller", "mobile": "478123456", "street": "Hauptstraße", "postal_code": "4700",
                    "city": "Eupen", "client_code": "M1", "spouse_national_number": "75061500397"},
            {"last_name": "Schmitz", "national_number": "", "city": "Lontzen", "client_code": "M2"},
        ],
        "ignored": [],
        "certain": False,
    },
    "formules_1904.xlsx": {
        "rows": [
            EMMA | {"mobile": "+32478123456", "deadline": "2026-12-15", "spouse_national_number": "75061500397"},
            {"first_name": "An", "national_number": "05050500514", "deadline": "2026-12-15", "language": "french",
             "email": "an@skynet.be", "spouse_national_number": ""},
        ],
        "ignored": ["Volledige naam", "Naam partner", "E-mail partner"],
        "certain": True,
    },
    "excel_windows.csv": {
        "rows": [
            {"first_name": "Zoé", "last_name": "Lefèvre", "language": "french", "national_number": "05050500514",
             "client_code": "0012"},
            EMMA | {"client_code": "0013"},
        ],
        "ignored": ["Bedrag", "Opmerking"],
        "certain": False,
    },
    "pakket_komma.csv": {
        "rows": [
            LOUIS | {"language": "french", "postal_code": "9300", "city": "Aalst, Erembodegem"},
            EMMA | {"city": "Brussel"},
        ],
        "ignored": [],
        "certain": False,
    },
}  # fmt: skip


def test_every_list_has_what_must_come_out() -> None:
    assert {path.name for path in HERE.iterdir() if path.suffix not in (".py", "")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_comes_out(name: str) -> None:
    expected, sealer = EXPECTED[name], Sealer([KEY])
    with Intake(HERE / name, RULES, keys=[KEY], office_id=7) as intake:
        ignored = [column["header"] for column in intake.head.columns if not column["keys"]]
        sealed = [row[-1] for block in intake for row in block.rows()]
    rows = [orjson.loads(sealer.open(each, b"row:7"))["values"] for each in sealed]
    assert ignored == expected["ignored"]
    for row, values in zip(rows, expected["rows"], strict=False):
        assert {key: row.get(key, "") for key in values} == values
    assert len(rows) >= len(expected["rows"])


@pytest.mark.parametrize("name", EXPECTED)
def test_who_is_asked_and_sees_no_national_number(name: str) -> None:
    layout: dict[str, Any] = {}
    with Inspection(HERE / name, RULES, wishes=Wishes(ask="unsure")) as inspection:
        try:
            assert inspection.head.columns
        except ColumnsUnsure as unsure:
            layout = unsure.layout
    assert bool(layout) is not EXPECTED[name]["certain"]
    shown = orjson.dumps(layout)
    for number in ("80010100107", "75061500397", "05050500514", "5050500514", "80.01.01-001.07"):
        assert number.encode() not in shown
