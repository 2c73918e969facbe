"""No page and no workbook has a whole national number unless somebody asked for it, which is written down."""

import json
import re
from collections import Counter

import openpyxl
import pytest
from django.utils import timezone

from accounton.belgium.national_numbers import check_digits, formatted
from accounton.customers.models import Customer
from accounton.importing.applying import claim, continue_applying
from accounton.importing.finishing import finish
from accounton.importing.models import Batch, Bucket, State
from accounton.importing.near import look
from accounton.importing.overwriting import choose_column
from accounton.importing.undoing import claim_undo, continue_undoing
from accounton.offices.models import AuditEntry
from accounton.rows.columns import BY_KEY
from accounton.site import cli
from tests.importing.conftest import known, person, staged  # noqa: F401
from tests.importing.test_mapping import uploaded
from tests.site.crawling import crawl, unzipped, whole

HOME = {"street": "Kerkstraat", "house_number": "12", "postal_code": "9300", "city": "Aalst"}
NAMES = (
    *("known", "known_spouse", "twin", "other_twin", "new", "new_spouse", "twice", "invalid", "letters", "too_long"),
    *("own_partner", "main", "partner", "double_spouse", "taken", "replaced", "by_hand", "column", "left_out"),
)


def number_of(index: int) -> str:
    nine = f"8507{index % 28 + 1:02d}{index * 37 % 900 + 50:03d}"
    return nine + check_digits(nine, from_2000=False)


PLANTED = {name: number_of(index) for index, name in enumerate(NAMES)} | {"ten_digits": "01020300141"}
TWIN = f"{PLANTED['twin'][:6]}991"
PLANTED["other_twin"] = TWIN + check_digits(TWIN, from_2000=False)
WRITTEN = {name: formatted(number) for name, number in PLANTED.items()}


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


@pytest.fixture
def customers(known):  # noqa: F811
    """A couple and a customer whose number a list will say differently."""
    joint = {"national_number": PLANTED["known"], "spouse_national_number": PLANTED["known_spouse"]}
    known(first_name="Emma", email="emma@x.example", **joint)
    known(first_name="Lies", last_name="Tweeling", email="lies@x.example", national_number=PLANTED["twin"])
    known(first_name="Kees", last_name="Code", email="kees@x.example", client_code="K1", national_number=number_of(40))
    known(first_name="Jo", last_name="Zonder", email="jo@x.example")


@pytest.fixture
def batch(customers, staged, client) -> Batch:  # noqa: F811
    """A review with everything that can be about a number in it."""
    written, plain = WRITTEN, PLANTED
    batch = staged(
        person(1, national_number=written["new"], spouse_national_number=written["new_spouse"]),
        person(2, national_number=plain["twice"], email="nog@x.example"),
        person(3, national_number=written["twice"], email="nogmaals@x.example"),
        person(4, national_number=written["invalid"], email="a@@x"),
        person(5, national_number="RR " + written["letters"] + "x"),
        person(6, national_number=plain["too_long"] + "1"),
        person(7, national_number=plain["ten_digits"][1:]),
        person(8, spouse_national_number=plain["ten_digits"][1:]),
        person(9, national_number=plain["own_partner"], spouse_national_number=written["own_partner"]),
        person(10, national_number=written["known_spouse"]),
        person(11, national_number=plain["main"], spouse_national_number=plain["partner"], **HOME),
        person(12, national_number=written["partner"], **HOME),
        person(13, first_name="Lise", last_name="Tweeling", national_number=plain["other_twin"]),
        person(14, first_name="Emma", last_name="Bekend", email="emma@x.example", national_number=written["known"],
               spouse_national_number=written["double_spouse"], mobile="+32478123456"),
        person(15, client_code="K1", national_number=written["taken"]),
        person(16, national_number=written["replaced"], email="a@@x"),
        person(17, first_name="Jo", last_name="Zonder", email="jo@x.example", national_number=written["by_hand"]),
        person(18, national_number=plain["left_out"]), person(19, national_number=written["left_out"]),
    )  # fmt: skip
    look(batch)
    cells = [{"row": 17, "revision": 0, "key": "national_number", "text": "1"}]
    client.post(f"/imports/{batch.pk}/edit/?bucket=invalid", {"cells": json.dumps(cells)})
    batch.refresh_from_db()
    given = {"action": "keep", "row": "20", "kept": "19", "revision": str(batch.revision)}
    client.post(f"/imports/{batch.pk}/repeated/one/", given)
    batch.refresh_from_db()
    return batch


def starts(batch: Batch) -> list[str]:
    """Pages beside those that the crawl finds by itself: of every row, every code and every customer."""
    here = f"/imports/{batch.pk}/"
    codes = {code for row in batch.rows.all() for code in row.problems.split(",") if code}
    return [
        "/customers/", "/imports/", here, "/imports/decisions/", "/imports/rules/", "/imports/learnt/",
        *(f"/customers/{pk}/{page}" for pk in Customer.objects.values_list("pk", flat=True) for page in ("", "edit/")),
        *(f"{here}?bucket={bucket}" for bucket in Bucket.values), f"{here}?repaired=1",
        *(f"{here}rows/{number}/" for number in batch.rows.values_list("number", flat=True)),
        *(f"{here}values/{code}/" for code in codes),
        *(f"{here}?bucket=invalid&code={code}" for code in codes),
        *(f"{here}{page}/" for page in ("couples", "near", "repeated", "left-out", "changes", "columns", "bulk")),
        f"{here}undo/",
        f"{here}errors.xlsx", f"{here}review.xlsx", "/imports/template.xlsx", "/imports/sample.xlsx",
    ]  # fmt: skip


def leaks(client, batch: Batch) -> dict[str, list[str]]:
    pages = list(crawl(client, *starts(batch)))
    assert len(pages) > 60
    assert "-***.**" in "".join(text for _, text in pages)
    return {address: found for address, text in pages if (found := whole(PLANTED, text))}


def test_the_list_holds_every_kind(batch):
    codes = Counter(code for row in batch.rows.all() for code in row.problems.split(",") if code)
    assert {
        "row.repeated", "national_number.invalid", "spouse_national_number.invalid", "national_number.is_spouse",
        "spouse_national_number.same", "client_code.taken", "email.invalid",
    } <= codes.keys()  # fmt: skip
    assert set(batch.rows.values_list("bucket", flat=True)) >= {"only_in_import", "double", "invalid", "left_out"}
    assert {each.reason for each in batch.proposals.all()} >= {"couple", "birth", "partner"}


def test_no_page_of_a_review_nor_of_a_customer_has_a_whole_number(client, batch):
    assert leaks(client, batch) == {}
    assert not AuditEntry.objects.filter(action="number.revealed").exists()


def test_nor_after_customers_were_added_and_overwritten(client, admin, batch):
    choose_column(batch, admin, "spouse_national_number", on=True)
    batch.refresh_from_db()
    claim(batch, admin, batch.revision, with_undecided=True)
    continue_applying(batch)
    batch.refresh_from_db()
    assert Customer.objects.count() > 5
    assert leaks(client, batch) == {}
    finish(batch, admin)
    batch.refresh_from_db()
    assert leaks(client, batch) == {}
    claim_undo(batch, admin)
    continue_undoing(batch)
    batch.refresh_from_db()
    assert batch.state == State.UNDONE
    assert leaks(client, batch) == {}


def test_nor_while_columns_are_matched(client):
    headers = ["Naam + voornaam", "Nr. burger", "Mail", "Adres", "T"]
    row = ["Van den Berghe Emma", PLANTED["column"], "e@telenet.be", "Kerkstraat 12", "N"]
    other = ["Janssens Louis", WRITTEN["column"], "l@skynet.be", "Markt 4", "N"]
    batch = uploaded(client, (headers, row, other))
    assert batch.state == State.MAPPING
    here = f"/imports/{batch.pk}/"
    pages = list(crawl(client, f"{here}columns/", "/imports/"))
    assert [address for address, text in pages if whole(PLANTED, text)] == []


@pytest.mark.parametrize("column", ["email", "last_name", "deadline"])
def test_a_form_that_is_refused_has_none_either(client, customers, column):
    customer = Customer.objects.get(first_name="Emma")
    url = f"/customers/{customer.pk}/edit/"
    form = client.get(url).context["form"]
    given = {name: form[name].value() or "" for name in form.fields if not name.startswith("clear_")} | {column: "@"}
    page = client.post(url, given | {"email": "a@@x"}).content.decode()
    assert whole(PLANTED, page) == []
    customer.first_name = "Emmy"
    customer.updated_at = timezone.now()
    customer.save()
    page = client.post(url, given | {"email": "e@x.example", "first_name": "E"}).content.decode()
    assert whole(PLANTED, page) == []


def test_a_number_just_typed_comes_back_to_its_typist_only_and_is_kept_nowhere(client, customers):
    """In the answer to what was sent, so that it can be put right; no page that is opened afterwards has it."""
    customer = Customer.objects.get(first_name="Emma")
    given = {"first_name": "Jan", "last_name": "Peeters", "email": "a@@x", "national_number": WRITTEN["new"]}
    for url in ("/customers/new/", f"/customers/{customer.pk}/edit/"):
        answer = client.post(url, given)
        page = answer.content.decode()
        assert (answer.status_code, whole(PLANTED, page)) == (422, ["new"])
        assert answer["Cache-Control"] == "no-store, private"
        [field] = re.findall(r'<input[^>]*name="national_number"[^>]*>', page)
        assert 'autocomplete="off"' in field
        assert PLANTED["new"] not in re.sub(r"\D", "", page.replace(field, "")), "nowhere but in its field"
        for later in (url, "/customers/", f"/customers/{customer.pk}/"):
            assert whole(PLANTED, client.get(later).content.decode()) == []
        assert whole(PLANTED, str(client.session.items())) == []


def test_the_commands_that_write_workbooks_have_none(batch, tmp_path):
    for name, command in (("review", ["report", str(batch.pk)]), ("template", ["template"])):
        target = tmp_path / f"{name}.xlsx"
        assert cli.main([*command, str(target)]) in (0, 1)
        assert whole(PLANTED, unzipped(target.read_bytes())) == []


LISTED = (
    {"national_number": WRITTEN["new"], "spouse_national_number": PLANTED["new_spouse"]},
    {"national_number": WRITTEN["twice"]},
    {"national_number": WRITTEN["twice"].replace("-", " "), "last_name": "Nogmaals"},
    {"national_number": f"RR {WRITTEN['letters']}x"},
    {"national_number": f"{PLANTED['too_long']}1"},
    {"national_number": PLANTED["ten_digits"][1:]},
    {"spouse_national_number": PLANTED["ten_digits"][1:]},
    {"labels": f"vip, {WRITTEN['column']}"},
    {"client_code": PLANTED["by_hand"], "national_number": WRITTEN["by_hand"]},
    {"city": f"Aalst {WRITTEN['main']}", "email": f"{PLANTED['partner']}@x.example"},
)


@pytest.fixture
def told(tmp_path):
    """A list with numbers wherever people put them: in the name of the file, of the sheet and of a column too."""
    rows = [[BY_KEY[key].headers["nl"] for key in BY_KEY] + [f"Rest {WRITTEN['left_out']}"]]
    for row, given in enumerate(LISTED, 1):
        values = person(row) | given
        rows.append([values.get(key, "") for key in BY_KEY] + [WRITTEN["left_out"]])
    path = tmp_path / f"lijst {WRITTEN['own_partner']}.xlsx"
    book = openpyxl.Workbook()
    book.active.title = WRITTEN["own_partner"]
    for row in rows:
        book.active.append([value or None for value in row])
    book.save(path)
    return path


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_no_command_prints_a_whole_number(told, office, capfd, caplog, language):
    into = ["--office", office.slug, "--questionnaire", "personenbelasting"]
    for command in (
        ["check", str(told), "--language", language],
        ["check", str(told), "--sheet", WRITTEN["own_partner"]],
        ["check", str(told.with_name(f"{WRITTEN['own_partner']} weg.xlsx"))],
        ["import", str(told), *into, "--dry-run", "--json"],
        ["import", str(told), *into, "--dry-run"],
        ["imports"],
        ["doctor", "--json"],
    ):
        cli.main(command)
        said = "".join(capfd.readouterr()) + caplog.text
        assert said, command
        assert whole(PLANTED, said) == [], command


def test_a_program_gets_the_values_with_which_to_put_a_file_right(told, office, capfd):
    cli.main(["check", str(told), "--json"])
    said = json.loads(capfd.readouterr().out)
    repairs = {each["cell"]: each for each in said["repairs"]}
    expected = {"row": 2, "column": "national_number", "code": "cell.notation"}
    assert repairs["F2"] == expected | {"cell": "F2", "before": WRITTEN["new"], "after": PLANTED["new"]}
    suggested = {each["suggestion"] for each in said["problems"] if each["column"] == "national_number"}
    assert suggested == {PLANTED["ten_digits"], None}


def test_the_crawl_sees_a_number_that_stands_on_a_page(client, batch, monkeypatch):
    for name in ("shown_wrong", "shown"):
        monkeypatch.setattr(f"accounton.importing.cells.{name}", lambda _key, text: text)
    assert leaks(client, batch)
