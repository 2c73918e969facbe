"""AdminPulse's migration workbook as its columns are known, to be written by two programs."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter

HEADERS = (
    "Status", "Type", "Naam", "Voornaam", "Klantcode", "Nr. boekhouding", "Rechtsvorm", "Ondernemingsnummer",
    "BTW-nummer", "Rijksregisternummer", "Geboorteland", "Nationaliteit", "E-mail", "E-mail factuur",
    "Boekhoudsoftware", "Dossiermedewerkers",
)  # fmt: skip
LINK_HEADERS = ("Klantcode", "Type", "Klantcode gelinkte relatie")
Sheets = dict[str, Sequence[Sequence[Any]]]


def relation(last_name: str, first_name: str, code: Any, **cells: Any) -> dict[str, Any]:
    """Give one relation: a customer and a person with an e-mail address, unless `cells` says otherwise."""
    usual = {"Status": "Klant", "Type": "Persoon", "E-mail": f"{first_name.lower()}@telenet.be"}
    return {"Naam": last_name, "Voornaam": first_name, "Klantcode": code, **usual, **cells}


def sheets(*relations: dict[str, Any], links: Sequence[Sequence[Any]], **more: Any) -> Sheets:
    """Give the workbook's sheets. `headers` and `link_headers` replace the usual ones, `above` stands over both."""
    headers, above = more.get("headers", HEADERS), more.get("above", ())
    lines = [[each.get(header, "") for header in headers] for each in relations]
    return {
        "Instructies": [["Vul de tabbladen in."], ["Klant", "Voornaam", "E-mail"]],
        "Relaties": [*above, headers, *lines],
        "Gelinkte Relaties": [*above, more.get("link_headers", LINK_HEADERS), *links],
    }


def by_openpyxl(content: Sheets) -> bytes:
    """Write it as openpyxl does."""
    book = openpyxl.Workbook()
    del book[book.active.title]
    for name, rows in content.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    return _saved(book.save)


def by_xlsxwriter(content: Sheets) -> bytes:
    """Write it as XlsxWriter does."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    for name, rows in content.items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write(at, place, cell)
    book.close()
    return target.getvalue()


def _saved(save: Any) -> bytes:
    target = BytesIO()
    save(target)
    return target.getvalue()


EMMA, LOUIS = "80010100107", "75061500397"


def office() -> Sheets:
    """Give an office's workbook: a couple named both ways, a sole trader, a company, a prospect, a child."""
    return sheets(
        relation("Peeters", "Emma", 1001, Rijksregisternummer="80.01.01-001.07", Dossiermedewerkers="Els Claes"),
        relation("Janssens", "Louis", 1002, Status="Andere", Rijksregisternummer=int(LOUIS), **{"E-mail": ""}),
        relation("Bakkerij Peeters NV", "", 1003, Type="Bedrijf", **{"E-mail": "info@bakkerij.be"}),
        relation("De Smet", "An", 1004, Type="Eenmanszaak", Ondernemingsnummer=403019261),
        relation("Maes", "Tom", 1005, Status="Prospect"),
        relation("Janssens", "Noor", 1006),
        links=[[1001, "Partner", 1002], [1002, "Partner", 1001], [1001, "Kind", 1006], [1002, "Kind", 1006]],
        above=[["Migratie AdminPulse"], []],
    )
