"""A mask is what a screen shows of a national number: it is never suggested, accepted or put in the place of one."""

import json
import re
from io import BytesIO

import openpyxl
import pytest

from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.handing_out import handed_out
from accounton.importing.models import Bucket
from accounton.importing.returning import take_back
from accounton.importing.sealed_rows import add_findings, opened
from accounton.importing.staging import stage
from accounton.rows.columns import COLUMNS
from accounton.rows.findings import Finding
from accounton.rows.messages import MESSAGES
from tests.importing.conftest import person, workbook

pytestmark = pytest.mark.database
PLAIN, WRITTEN, MASK = "47042103955", "47.04.21-039.55", "47.04.21-***.**"
TEN_DIGITS, WITH_ZERO = "1020300141", "01020300141"
SECRET = [column.key for column in COLUMNS if column.secret]
CODES = [*MESSAGES, *(f"{column.key}.too_long" for column in COLUMNS), *(f"{column.key}.date" for column in COLUMNS)]


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


def page_of(client, batch, query: str = "?bucket=invalid") -> str:
    return client.get(f"/imports/{batch.pk}/{query}").content.decode()


def edit(client, batch, number: int, key: str, **cell):
    seen = batch.rows.get(number=number).revision
    cells = json.dumps([{"row": number, "revision": seen, "key": key, **cell}])
    url = f"/imports/{batch.pk}/edit/?bucket=invalid"
    return client.post(url, {"cells": cells}, headers={"hx-request": "true"})


def value(batch, number: int, key: str = "national_number") -> str:
    return opened(batch.rows.get(number=number)).values[key]


def suggestions(page: str) -> list[str]:
    return re.findall(r"<ins>(.*?)</ins>", page) + re.findall(r"data-accept=\S+", page)


def with_finding(batch, row, kind: str, column: str, code: str) -> None:
    detail = "dutch" if code == "language.not_enabled" else "2"
    add_findings(row, [Finding(kind, column, code, opened(row).values[column], detail=detail)])
    batch.rows.filter(pk=row.pk).update(bucket=Bucket.INVALID, problems=code)


@pytest.mark.parametrize("kind", ["problem", "notice"])
@pytest.mark.parametrize("column", SECRET)
def test_no_code_makes_a_suggestion_of_a_number_that_was_put_right(client, staged, column, kind):
    batch = staged(*(person(n, **{column: WRITTEN, "client_code": f"K{n}"}) for n in range(len(CODES))))
    for row, code in zip(batch.rows.order_by("number"), CODES, strict=True):
        with_finding(batch, row, kind, column, code)
    batch.refresh_from_db()
    pages = [page_of(client, batch, f"?bucket=invalid&page={page}") for page in range(1, len(CODES) // 50 + 2)]
    assert sum(page.count(MASK) for page in pages) >= len(CODES) - 1
    for page in pages:
        assert suggestions(page) == []


@pytest.mark.parametrize("column", SECRET)
def test_what_is_suggested_for_a_number_is_told_in_words_and_accepted_by_its_code(client, staged, column):
    batch = staged(person(1, **{column: TEN_DIGITS}))
    page = page_of(client, batch)
    assert "<ins>het nummer met een nul vooraan</ins>" in page
    assert TEN_DIGITS not in page
    edit(client, batch, 2, column, accept=f"{column}.invalid")
    assert value(batch, 2, column) == WITH_ZERO
    assert batch.rows.get(number=2).bucket == Bucket.ONLY_IN_IMPORT


def test_all_that_is_suggested_for_numbers_is_accepted_by_the_card_and_on_the_page_of_wrong_values(client, staged):
    batch = staged(person(1, national_number=TEN_DIGITS), person(2, spouse_national_number=TEN_DIGITS))
    client.post(f"/imports/{batch.pk}/accept/", {"code": "national_number.invalid"})
    assert value(batch, 2) == WITH_ZERO
    url = f"/imports/{batch.pk}/values/spouse_national_number.invalid/"
    page = client.get(url).content.decode()
    assert "gebruik het nummer met een nul vooraan" in page
    assert TEN_DIGITS not in page
    client.post(url, {"column": "spouse_national_number", "row": "3", "use": "suggestion", "after": ""})
    assert value(batch, 3, "spouse_national_number") == WITH_ZERO


def test_what_is_suggested_no_more_is_not_accepted(client, staged):
    batch = staged(person(1, national_number=WRITTEN, email="a@@x"))
    edit(client, batch, 2, "national_number", accept="national_number.invalid")
    assert value(batch, 2) == PLAIN


@pytest.mark.parametrize("column", SECRET)
@pytest.mark.parametrize("mask", [MASK, "93.05.18-***.**", "***", "470421*****"])
def test_a_mask_that_is_typed_or_pasted_leaves_the_number(client, staged, column, mask):
    batch = staged(person(1, **{column: WRITTEN}, email="a@@x"))
    answer = edit(client, batch, 2, column, text=mask)
    assert value(batch, 2, column) == PLAIN
    assert "met sterretjes (***)" in json.loads(answer["HX-Trigger"])["announce"]["text"]


def test_of_a_pasted_block_all_but_the_masks_is_put_in(client, staged):
    batch = staged(person(1, national_number=WRITTEN, email="a@@x"), person(2, national_number="1", email="b@@x"))
    cells = [{"row": row, "revision": 0, "key": key, "text": text} for row in (2, 3) for key, text in
             (("national_number", MASK), ("email", f"goed{row}@x.example"))]  # fmt: skip
    client.post(f"/imports/{batch.pk}/edit/?bucket=invalid", {"cells": json.dumps(cells)})
    assert [value(batch, row) for row in (2, 3)] == [PLAIN, "1"]
    assert [value(batch, row, "email") for row in (2, 3)] == ["goed2@x.example", "goed3@x.example"]


def test_a_mask_for_many_rows_is_refused(client, staged):
    batch = staged(person(1, national_number="1"), person(2))
    given = {"action": "replace", "in_column": "national_number", "before": "1", "after": MASK}
    page = client.post(f"/imports/{batch.pk}/bulk/?bucket=invalid", given).content.decode()
    assert "Vul alle 11 cijfers in" in page
    given = {"column": "national_number", "before": "1", "after": MASK}
    client.post(f"/imports/{batch.pk}/values/national_number.invalid/", given)
    assert value(batch, 2) == "1"


def test_a_mask_on_the_page_of_a_row_is_refused_at_its_field(client, staged):
    batch = staged(person(1, national_number=WRITTEN, email="a@@x"))
    url = f"/imports/{batch.pk}/rows/2/"
    fields = client.get(url).context["form"].fields
    typed = {name: field.initial for name, field in fields.items() if field.initial} | {"national_number": MASK}
    answer = client.post(url, typed)
    assert "Vul alle 11 cijfers in" in answer.content.decode()
    assert value(batch, 2) == PLAIN


def test_a_list_with_masks_gives_invalid_rows_and_no_customers(staged, client):
    batch = staged(person(1, national_number=MASK), person(2, spouse_national_number=MASK), person(3))
    assert [row.bucket for row in batch.rows.order_by("number")] == ["invalid", "invalid", "only_in_import"]
    claim(batch, None, batch.revision)
    continue_applying(batch)
    assert list(Customer.objects.values_list("national_number_hash", "spouse_national_number_hash")) == [(None, None)]


def test_the_workbook_of_what_is_wrong_has_masks_and_takes_them_back_as_the_numbers(staged, admin):
    batch = staged(person(1, national_number=WRITTEN, email="a@@x"), person(2, national_number=TEN_DIGITS))
    book = openpyxl.load_workbook(BytesIO(handed_out(batch, admin, "errors")))
    sheet = book["customers"]
    headers = [cell.value for cell in sheet[1]]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    texts += [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment]
    assert MASK in texts
    assert not [text for text in texts if any(number in text for number in (PLAIN, WRITTEN, TEN_DIGITS))]
    sheet.cell(2, headers.index("Email") + 1).value = "goed@x.example"
    sheet.cell(3, headers.index("Registration Number") + 1).value = WITH_ZERO
    target = BytesIO()
    book.save(target)
    taken = take_back(batch, admin, target.getvalue())
    assert (taken.valid, taken.invalid) == (2, 0)
    assert [value(batch, row) for row in (2, 3)] == [PLAIN, WITH_ZERO]


def test_our_own_workbook_as_a_list_of_its_own_stores_no_mask_as_a_number(staged, admin, client):
    batch = staged(person(1, national_number=WRITTEN), person(2, national_number=PLAIN))
    again = staged(person(9))
    stage(again, workbook(person(1, national_number=MASK)))
    assert again.rows.get(number=2).number_hash is None
    assert MASK not in value(batch, 2)
