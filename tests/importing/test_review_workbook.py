"""The whole review as a workbook: each row of the file once, with what became of it and who did that."""

from io import BytesIO

import openpyxl
import pytest

from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.choosing import choose_rows
from accounton.importing.handing_out import handed_out
from accounton.importing.overwriting import choose_column
from accounton.importing.repairing import edit
from accounton.importing.traces import traces
from accounton.offices.models import AuditEntry
from tests.importing.conftest import person

pytestmark = pytest.mark.database


def rows_of(content: bytes) -> tuple[openpyxl.Workbook, list[dict[str, str]]]:
    book = openpyxl.load_workbook(BytesIO(content))
    headers, *rows = book.worksheets[0].iter_rows(values_only=True)
    return book, [dict(zip(headers, row, strict=True)) for row in rows]


@pytest.fixture
def batch(staged, known, admin):
    known(email="oud@x.example", client_code="K1")
    batch = staged(
        person(1),
        person(2, last_name="Bekend", email="oud@x.example", client_code="K1"),
        person(3, email="an@@x"),
        person(4, mobile="0032 478 12 34 56", national_number="85.07.30-033.28"),
        person(5, national_number="85073003329"),
        created_by=admin,
    )
    choose_rows(batch, batch.rows.filter(number=2), selected=False)
    edit(batch, admin, {5: (0, {"city": "Aalst"})})
    claim(batch, admin, batch.revision)
    return continue_applying(batch)


def test_every_row_of_the_file_says_what_became_of_it(batch, admin):
    book, rows = rows_of(handed_out(batch, admin, "review"))
    assert [row["Rij"] for row in rows] == ["2", "3", "4", "5", "6"]
    became = [row["Wat ervan kwam"] for row in rows]
    assert [text.partition(":")[0] for text in became[:3]] == ["Niet toegevoegd"] * 3
    assert became[3].startswith("Toegevoegd door Els Claes op ")
    assert len(set(became)) == 4
    assert rows[1]["Herkend aan"] == "klantcode"
    assert "Bekend" in rows[1]["Klant"]
    assert "e-mail" in rows[2]["Problemen en opmerkingen"]
    assert "+32478123456" in rows[3]["Wat rechtgezet werd"]
    assert "Els Claes" in rows[3]["Gedaan in de controle"]
    assert rows[3]["City"] == "Aalst"
    about = book.worksheets[2]
    assert (about.title, about["A2"].value, about["B2"].value) == ("Over deze import", "Bestand", batch.file_name)


def test_each_row_says_who_added_it_though_somebody_else_went_on(staged, admin, accountant):
    batch = staged(person(1), person(2))
    choose_rows(batch, batch.rows.filter(number=3), selected=False)
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    choose_rows(batch, batch.rows.all(), selected=True)
    claim(batch, accountant, batch.revision)
    continue_applying(batch)
    _, rows = rows_of(handed_out(batch, admin, "review"))
    whom = ("Els Claes", "Tom Baert")
    assert [name in row["Wat ervan kwam"] for row, name in zip(rows, whom, strict=True)] == [True, True]
    assert tuple(traces(each)[0].who for each in Customer.objects.order_by("first_name")) == whom


def test_national_numbers_are_masked_unless_they_are_wrong(batch, admin):
    content = handed_out(batch, admin, "review")
    assert [row["Registration Number"] for row in rows_of(content)[1][3:]] == ["85.07.30-***.**", "85073003329"]
    _book, rows = rows_of(content)
    assert "85073003328" not in str(rows)


def test_who_is_only_here_stands_on_a_sheet_of_its_own(staged, known, admin):
    known(email="oud@x.example")
    book, _rows = rows_of(handed_out(staged(person(1)), admin, "review"))
    assert [cell.value for cell in book.worksheets[1][2]][:1] == ["Bekend"]
    assert AuditEntry.objects.filter(action="import.review_downloaded", user=admin).count() == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sheet_names_fit_in_every_language(batch, admin, language):
    from django.utils import translation

    with translation.override(language):
        assert len(rows_of(handed_out(batch, admin, "review"))[0].worksheets) == 3


def test_rows_that_were_put_aside_and_customers_that_were_changed_say_so(staged, known, admin):
    known(email="oud@x.example", client_code="K1", city="Gent")
    batch = staged(
        person(1),
        person(2, last_name="Bekend", first_name="Noor1000", email="oud@x.example", client_code="K1", city="Aalst"),
        person(3),
        person(4),
    )
    batch.rows.filter(number=4).update(bucket="left_out")
    batch.rows.filter(number=5).update(bucket="merged", merged_into=2)
    choose_column(batch, admin, "city", on=True)
    claim(batch, admin, batch.revision)
    batch = continue_applying(batch)
    rows = rows_of(handed_out(batch, admin, "review"))[1]
    became = [row["Wat ervan kwam"] for row in rows]
    assert became[0].startswith("Toegevoegd door")
    assert became[1].startswith("Gewijzigd bij de bestaande klant door Els Claes")
    assert became[1].endswith(": Adres")
    assert became[2:] == ["Niet toegevoegd: weggelaten", "Samengevoegd met rij 2"]
    assert [row["Wat het is"] for row in rows[2:]] == ["Weggelaten", "Samengevoegd met een andere rij"]
