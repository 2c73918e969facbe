"""Small customer lists as several programs write them."""

from pathlib import Path

import openpyxl
import xlsxwriter

from accounton.rows.columns import COLUMNS

HEADERS = [column.headers["en"] for column in COLUMNS]
KEYS = [column.key for column in COLUMNS]
PEOPLE = [
    {"first_name": "Emma", "last_name": "Peeters", "email": "emma@telenet.example", "mobile": "+32478123456",
     "national_number": "85073003328", "street": "Kerkstraat", "house_number": "12", "box": "3", "postal_code": "9300",
     "city": "Aalst", "labels": "kantoor Gent", "spouse_national_number": "93051822361", "language": "dutch"},
    {"first_name": "Louis", "last_name": "Goossens", "email": "louis@telenet.example", "language": "french",
     "national_number": "17073003384"},
    {"first_name": "Noor", "last_name": "Declercq", "email": "noor@telenet.example", "language": "english",
     "client_code": "K12"},
]  # fmt: skip
WRONG = {"first_name": "Arthur", "last_name": "Jacobs", "email": "arthur@telenet.example", "language": "dutch",
         "national_number": "85073003329", "mobile": "0478 12 34 56"}  # fmt: skip


def as_rows(people):
    return [HEADERS, *[[person.get(key, "") for key in KEYS] for person in people]]


def by_openpyxl(path: Path, people) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "customers"
    for row in as_rows(people):
        book.active.append([value or None for value in row])
    book.save(path)
    return path


def by_xlsxwriter(path: Path, people) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("customers")
    for number, row in enumerate(as_rows(people)):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(number, column, value)
    book.close()
    return path
