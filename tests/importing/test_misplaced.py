"""A national number in the wrong column: said, masked on every page, moved once accepted, never in plain."""

import json
import re
from importlib import import_module
from io import BytesIO

import openpyxl
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from accounton.belgium.national_numbers import formatted
from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.handing_out import handed_out
from accounton.importing.invariants import broken
from accounton.importing.mapping import go_on, look_again
from accounton.importing.mapping_layouts import opened_layout
from accounton.importing.models import Bucket, LearntColumn, StagedRow
from accounton.importing.plain_numbers import in_plain
from accounton.importing.returning import take_back
from accounton.importing.sealed_rows import opened
from accounton.importing.starting import start
from accounton.rows.columns import KEYS
from accounton.rows.headers import squeezed
from accounton.rows.misplaced import MISPLACED, NUMBERS
from tests.importing.conftest import person, workbook

pytestmark = pytest.mark.database
OWN, OTHER = "85073003328", "17073003384"
MASK = "85.07.30-***.**"


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def in_street(staged):
    return staged(person(1, national_number="", street=f"Kerkstraat 12 ({formatted(OWN)})"))


def values(batch, number: int = 2) -> dict[str, str]:
    return opened(batch.rows.get(number=number)).values


def edit(client: Client, batch, number: int, key: str, **cell):
    seen = batch.rows.get(number=number).revision
    cells = json.dumps([{"row": number, "revision": seen, "key": key, **cell}])
    url = f"/imports/{batch.pk}/edit/?bucket=invalid"
    return client.post(url, {"cells": cells}, headers={"hx-request": "true"})


def holds_number(text: str) -> bool:
    return OWN in text or formatted(OWN) in text or OTHER in text or formatted(OTHER) in text


def in_clear() -> str:
    """Everything that stands unsealed in the tables of imports and customers."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for row in cursor.fetchall() for value in row if isinstance(value, str)]
    return "\n".join(found)


def pages_from(client: Client, start: str) -> dict[str, str]:
    """Every page that can be reached by links from one, with what it says."""
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting and len(seen) < 150:
        address = waiting.pop(0)
        if address in seen:
            continue
        answer = client.get(address)
        is_page = answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]
        seen[address] = answer.content.decode() if is_page else ""
        links = re.findall(r'href="(/imports/[^"#]*|\?[^"#]*)"', seen[address])
        base = address.partition("?")[0]
        waiting += [(base + link if link.startswith("?") else link).replace("&amp;", "&") for link in links]
    return seen


@pytest.mark.parametrize("key", [key for key in KEYS if key not in NUMBERS])
def test_it_stands_nowhere_in_plain_in_whatever_column_it_came(staged, client, key):
    batch = staged(person(1, **{"national_number": "", key: f"x {formatted(OWN)}"}))
    row = batch.rows.get()
    assert MISPLACED in row.problems
    assert row.bucket == Bucket.INVALID
    assert not holds_number(in_clear())
    page = client.get(f"/imports/{batch.pk}/?bucket=invalid").content.decode()
    assert MASK in page
    assert not holds_number(page)


def test_no_page_of_a_review_shows_it(staged, client):
    batch = staged(
        person(1, national_number="", street=f"Kerkstraat 12 ({formatted(OWN)})", first_name=f"Jan {OWN}"),
        person(2, national_number=OTHER, client_code=OWN),
        person(3, national_number=OTHER, labels=f"A,{OWN}"),
        person(4, national_number="", city=f"Gent {OWN}", email="p1@example.be", last_name=f"Peeters {OWN}"),
    )
    pages = pages_from(client, f"/imports/{batch.pk}/?bucket=invalid")
    assert len(pages) > 15
    assert [address for address, page in pages.items() if holds_number(page)] == []
    for row in batch.rows.all():
        answer = client.get(f"/imports/{batch.pk}/rows/{row.number}/")
        assert answer.status_code == 200
        assert not holds_number(answer.content.decode())


def test_accepting_moves_it_and_undoing_puts_it_back(in_street, client):
    batch = in_street
    before = values(batch)
    page = client.get(f"/imports/{batch.pk}/?bucket=invalid").content.decode()
    assert "<ins>Kerkstraat 12</ins>" in page
    assert "<ins>het nummer uit een andere kolom</ins>" in page
    edit(client, batch, 2, "street", accept=MISPLACED)
    row = batch.rows.get()
    assert (values(batch)["street"], values(batch)["national_number"]) == ("Kerkstraat 12", OWN)
    assert (row.bucket, bool(row.number_hash)) == (Bucket.ONLY_IN_IMPORT, True)
    assert not holds_number(in_clear())
    change = batch.changes.get()
    client.post(f"/imports/{batch.pk}/changes/{change.pk}/undo/")
    assert values(batch) == before
    assert batch.rows.get().bucket == Bucket.INVALID
    assert not holds_number(in_clear())


def test_from_the_empty_cell_it_is_the_same_move(in_street, client):
    edit(client, in_street, 2, "national_number", accept=MISPLACED)
    assert (values(in_street)["street"], values(in_street)["national_number"]) == ("Kerkstraat 12", OWN)


def test_the_page_of_a_row_offers_the_same_move(in_street, client):
    address = f"/imports/{in_street.pk}/rows/2/"
    form = client.get(address).context["form"]
    assert "Het nummer naar zijn eigen kolom verplaatsen" in client.get(address).content.decode()
    kept = {name: form[name].value() or "" for name in form.fields if not name.startswith(("clear_", "move_"))}
    kept["revision"] = 0
    client.post(address, kept)
    assert formatted(OWN) in values(in_street)["street"]
    client.post(address, {**kept, "move_street": "on"})
    assert (values(in_street)["street"], values(in_street)["national_number"]) == ("Kerkstraat 12", OWN)


def test_a_number_that_is_typed_beside_it_is_not_written_over(in_street, client):
    form = client.get(f"/imports/{in_street.pk}/rows/2/").context["form"]
    kept = {name: form[name].value() or "" for name in form.fields if not name.startswith(("clear_", "move_"))}
    typed = {**kept, "revision": 0, "national_number": "93051822361", "move_street": "on"}
    client.post(f"/imports/{in_street.pk}/rows/2/", typed)
    assert values(in_street)["national_number"] == "93051822361"
    assert formatted(OWN) in values(in_street)["street"]


def test_all_alike_rows_are_accepted_at_once(staged, client):
    batch = staged(
        person(1, national_number="", client_code=OWN),
        person(2, national_number=OTHER, labels=f"A,{OTHER}"),
        person(3, national_number="93051822361", labels=f"A,{OWN}"),
    )
    client.post(f"/imports/{batch.pk}/accept/", {"code": MISPLACED})
    assert (values(batch, 2)["client_code"], values(batch, 2)["national_number"]) == ("", OWN)
    assert (values(batch, 3)["labels"], values(batch, 3)["national_number"]) == ("A", OTHER)
    # Whose it is nobody knows: that row waits for a person.
    assert values(batch, 4)["labels"] == f"A,{OWN}"
    assert [row.number for row in batch.rows.filter(bucket=Bucket.INVALID)] == [4]


def test_the_suggestion_follows_what_is_typed_beside_it(in_street, client):
    edit(client, in_street, 2, "national_number", text="93051822361")
    assert [f for f in opened(in_street.rows.get()).findings if f.kind == "suggestion"] == []
    edit(client, in_street, 2, "national_number", text=OWN)
    likely = {f.column: f.after for f in opened(in_street.rows.get()).findings if f.kind == "suggestion"}
    assert likely == {"street": "Kerkstraat 12"}


def test_what_is_typed_pasted_or_set_is_refused_alike(staged, client):
    batch = staged(person(1), person(2))
    edit(client, batch, 2, "city", text=f"Gent {formatted(OWN)}")
    assert MISPLACED in batch.rows.get(number=2).problems
    page = client.post(
        f"/imports/{batch.pk}/bulk/", {"action": "add_labels", "labels": OWN}, query_params={"bucket": "only_in_import"}
    )
    assert "alleen in zijn eigen kolom" in page.content.decode()
    assert batch.rows.get(number=3).bucket == Bucket.ONLY_IN_IMPORT
    assert not holds_number(in_clear())


def test_the_mask_that_a_page_shows_is_no_value(in_street, client):
    edit(client, in_street, 2, "street", text=f"Kerkstraat 12 ({MASK})")
    assert values(in_street)["street"] == f"Kerkstraat 12 ({formatted(OWN)})"


def test_workbooks_have_the_mask_and_take_it_back_as_nothing(in_street, admin):
    for kind in ("errors", "review"):
        book = openpyxl.load_workbook(BytesIO(handed_out(in_street, admin, kind)))
        cells = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
        comments = " ".join(
            cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment
        )
        assert MASK in cells
        assert not holds_number(cells + comments)
    taken = take_back(in_street, admin, handed_out(in_street, admin, "errors"))
    assert taken.change is None
    assert values(in_street)["street"] == f"Kerkstraat 12 ({formatted(OWN)})"


def test_it_is_found_by_its_name_without_the_number(staged):
    batch = staged(person(1, national_number="", first_name=f"Jan {OWN}", last_name="Peeters", client_code=OWN))
    row = StagedRow.objects.get(batch=batch)
    assert row.search.startswith("peeters jan ")
    assert row.client_code == ""
    assert row.name_key == "jan peeters"


def test_nobody_is_added_with_one(staged, admin, client):
    batch = staged(person(1, national_number="", labels=f"A,{OWN}"), person(2))
    client.post(f"/imports/{batch.pk}/accept/", {"code": MISPLACED})
    client.post(f"/imports/{batch.pk}/choose/", {"questionnaire": "personenbelasting"})
    batch.refresh_from_db()
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    assert Customer.objects.count() == 2
    assert Customer.objects.get(first_name="Noor1").labels == ["A"]
    assert not holds_number(in_clear())


def test_a_file_is_kept_shown_and_handed_out_under_a_masked_name(client, admin):
    name = f"{formatted(OWN)} lijst.xlsx"
    batch = start(admin, name, workbook(person(1)), task_flow="personenbelasting", assessment_year=2026)
    assert batch.file_name == f"{MASK} lijst.xlsx"
    assert not holds_number(in_clear())
    answer = client.get(f"/imports/{batch.pk}/review.xlsx")
    assert answer.status_code == 200
    assert "85.07.30-xxx.xx lijst" in answer.headers["Content-Disposition"]


def with_older_rows(batch, customer) -> None:
    """Put numbers where an earlier version let them stand."""
    Customer.objects.filter(pk=customer.pk).update(client_code=OWN, street=f"Kerkstraat {formatted(OTHER)}")
    batch.file_name, batch.sheet = f"{formatted(OWN)} lijst.xlsx", f"RR {OTHER}"
    batch.columns = [{**batch.columns[0], "header": f"Opm. {OWN}"}, *batch.columns[1:]]
    batch.notices = [{"code": "sheet.others", "detail": f"{OTHER}, 2025", "cell": ""}]
    batch.save()
    LearntColumn.objects.create(key=f"rr{OWN}", header=f"RR {OWN}", target="none")


def test_the_doctor_names_rows_of_an_earlier_version_by_their_ids(staged, known):
    customer, batch = known(), staged(person(1))
    assert list(in_plain()) == []
    with_older_rows(batch, customer)
    said = list(in_plain())
    assert f"customer {customer.pk}: a national number stands in client_code" in said
    assert f"customer {customer.pk}: a national number stands in street" in said
    assert f"batch {batch.pk}: a national number stands in file_name" in said
    assert not holds_number("\n".join(said))
    assert set(said) <= set(broken())


def test_upgrading_masks_the_names_that_are_kept(staged, known):
    customer, batch = known(), staged(person(1))
    with_older_rows(batch, customer)
    import_module("accounton.importing.migrations.0003_mask_names").mask_names(apps, None)
    batch.refresh_from_db()
    assert batch.file_name == f"{MASK} lijst.xlsx"
    assert batch.columns[0]["header"] == f"Opm. {MASK}"
    learnt = LearntColumn.objects.get()
    assert (learnt.header, learnt.key) == (f"RR {MASK}", squeezed(f"RR {MASK}"))
    assert {line.partition(" ")[0] for line in in_plain()} == {"customer"}


def test_a_list_is_read_on_by_the_masked_name_of_its_sheet(office, admin):
    book = openpyxl.load_workbook(BytesIO(workbook(person(1))))
    book.active.title = f"RR {OWN}"
    other = book.create_sheet(f"Klanten {formatted(OTHER)}")
    for row in book.active.iter_rows(values_only=True):
        other.append(row)
    target = BytesIO()
    book.save(target)
    batch = start(
        admin, "lijst.xlsx", target.getvalue(), task_flow="personenbelasting", assessment_year=2026, show_columns=True
    )
    layout = opened_layout(batch)
    assert [name for name, _ in layout["sheets"]] == ["RR 85.07.30-***.**", "Klanten 17.07.30-***.**"]
    look_again(batch, batch.revision, "Klanten 17.07.30-***.**", None)
    columns = {each["place"]: each["target"] for each in opened_layout(batch)["columns"]}
    go_on(batch, admin, batch.revision, columns)
    batch.refresh_from_db()
    assert (batch.state, batch.sheet, batch.rows_read) == ("review", "Klanten 17.07.30-***.**", 1)
    assert not holds_number(in_clear())
