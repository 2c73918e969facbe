"""The template workbook, opened by another program; and back through the intake."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from accounton.rows.columns import COLUMNS
from accounton.rows.head import EXPLANATION_SHEETS
from accounton.rows.template import write_list, write_template
from accounton.rows.wording import gettext_in
from accounton.site.catalogues import compile_missing
from tests.rows.books import inspected, row_of
from tests.rows.people import TIDY


@pytest.fixture(scope="module", autouse=True)
def catalogues() -> None:
    compile_missing()
    gettext_in.cache_clear()


STAFF = ["els@kantoor.be", "tom@kantoor.be"]


def template(**options: Any) -> tuple[bytes, Any]:
    target = BytesIO()
    write_template(target, **options)
    return target.getvalue(), openpyxl.load_workbook(BytesIO(target.getvalue()))


def choices(sheet: Any) -> dict[str, Any]:
    return {str(rule.sqref)[0]: rule for rule in sheet.data_validations.dataValidation}


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_columns_in_order_in_the_readers_language(language: str) -> None:
    _, book = template(language=language)
    sheet = book["customers"]
    assert [cell.value for cell in sheet[1]] == [column.headers[language] for column in COLUMNS]
    assert len(COLUMNS) == 21
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold and cell.comment for cell in sheet[1])
    assert book.sheetnames == ["customers", EXPLANATION_SHEETS[language]]


def test_letters_are_those_of_the_design() -> None:
    assert "".join(column.letter for column in COLUMNS) == "ABCDEFGHIJKLMNOPQRSTU"
    assert {column.key: column.letter for column in COLUMNS if column.required} == {
        "first_name": "B",
        "last_name": "C",
        "email": "D",
        "language": "P",
    }


def test_every_column_is_text_as_far_as_the_sheet_goes() -> None:
    _, book = template()
    groups = book["customers"].column_dimensions.values()
    covered = {place: group.number_format for group in groups for place in range(group.min, group.max + 1)}
    assert covered == dict.fromkeys(range(1, 22), "@")


def test_drop_downs_for_kind_language_and_colleagues() -> None:
    _, book = template(staff=STAFF, languages=["dutch", "french"])
    rules = choices(book["customers"])
    assert {letter: rule.formula1 for letter, rule in rules.items()} == {
        "A": '"person"',
        "P": '"dutch,french"',
        "U": '"els@kantoor.be,tom@kantoor.be"',
    }
    assert all(rule.errorStyle == "warning" for rule in rules.values())


def test_all_of_a_large_staff_can_be_chosen() -> None:
    staff = [f"collega.met.een.lange.naam{number}@kantoor.be" for number in range(60)]
    file, book = template(staff=staff)
    target = choices(book["customers"])["U"].formula1.lstrip("=")
    name, _, reference = target.replace("'", "").rpartition("!")
    assert [row[0].value for row in book[name][reference.replace("$", "")]] == staff
    assert inspected(file)[0].head.notices == []


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_second_sheet_explains_every_column(language: str) -> None:
    gettext = gettext_in(language)
    _, book = template(language=language, gettext=gettext)
    rows = list(book[EXPLANATION_SHEETS[language]].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == [column.headers[language] for column in COLUMNS]
    assert all(gettext(column.help) in row[2] for column, row in zip(COLUMNS, rows, strict=True))


def test_the_template_comes_back_without_rows_notices_or_problems() -> None:
    for language in ("nl", "fr", "en"):
        file, _ = template(language=language, staff=STAFF)
        inspection, blocks = inspected(file)
        assert (sum(block.valid + block.invalid for block in blocks), inspection.empty_rows) == (0, 1)
        assert inspection.head.notices == []
        assert all(column["keys"] for column in inspection.head.columns)


def test_the_example_row_is_a_good_example() -> None:
    _, book = template()
    example = {column.key: cell.value or "" for column, cell in zip(COLUMNS, book["customers"][2], strict=True)}
    example["email"] = "jan.peeters@voorbeeld.be"
    target = BytesIO()
    write_list(target, [row_of(example)])
    _, [block] = inspected(target.getvalue())
    assert (block.valid, block.findings) == (1, [])


def test_a_list_comes_back_as_it_was() -> None:
    target = BytesIO()
    write_list(target, [row_of(TIDY), row_of(TIDY | {"first_name": "=1+1", "email": "b@x.be"})], language="fr")
    book = openpyxl.load_workbook(BytesIO(target.getvalue()))
    assert [cell.value or "" for cell in book.active[2]] == row_of(TIDY)
    assert book.active["B3"].value == "=1+1"
    assert book.active["B3"].data_type == "s"
