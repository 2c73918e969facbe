"""The pages of repairing: what moved meanwhile is said, hidden numbers stay hidden, queries are few."""

import html
import json
import re
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounton.customers.models import Customer
from accounton.importing.couples import merge
from accounton.importing.handing_out import handed_out
from accounton.importing.models import Bucket
from accounton.importing.repairing import edit
from accounton.importing.sealed_rows import opened
from accounton.importing.undoing_changes import undo
from accounton.rows.columns import KEYS
from tests.importing.conftest import person
from tests.importing.test_couples import couple, proposal

NUMBER = "85073003328"
pytestmark = pytest.mark.database
MOST_QUERIES = 12


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


def send(client, batch, number: int, key: str, text: str, revision: int = 0, **options):
    cells = json.dumps([{"row": number, "revision": revision, "key": key, "text": text}])
    url = f"/imports/{batch.pk}/edit/?bucket=invalid"
    return client.post(url, {"cells": cells}, headers={"hx-request": "true"}, **options)


def announced(answer) -> str:
    """Give what is said once, for eyes and screen readers, when an answer arrives."""
    return json.loads(answer["HX-Trigger"])["announce"]["text"]


def test_a_changed_cell_comes_back_as_its_row_with_the_counts(client, staged):
    batch = staged(person(1, email="a@@x"), person(2))
    answer = send(client, batch, 2, "email", "still wrong").content.decode()
    assert 'data-row="2"' in answer
    assert "still wrong" in answer
    answer = send(client, batch, 2, "email", "a@x.example", revision=batch.rows.get(number=2).revision)
    assert "in orde" in answer.content.decode()
    assert 'id="review-tabs"' in answer.content.decode()
    assert announced(answer).endswith("in orde. Ongeldige klanten: 0. Klanten enkel in import: 2.")
    page = answer.content.decode()
    assert "2 nieuw</strong>, 0 dubbel, 0 ongeldig" in page.partition('id="row-account"')[2]
    last = batch.changes.latest("pk")
    assert f"changes/{last.pk}/undo/" in page.partition('id="last-change"')[2]


def test_what_somebody_else_changed_is_said_and_shown_instead(client, staged, admin):
    batch = staged(person(1, email="a@@x"))
    edit(batch, admin, {2: (0, {"email": "b@@x"})})
    answer = send(client, batch, 2, "email", "a@x.example")
    assert answer["HX-Retarget"] == "#review"
    assert "iemand anders" in answer.content.decode()
    assert "iemand anders" in announced(answer)
    assert "Bewaard" not in announced(answer)
    assert opened(batch.rows.get(number=2)).values["email"] == "b@@x"


def test_the_rows_that_changed_since_they_were_shown_come_along(client, staged, admin):
    batch = staged(*(person(n, email=f"{n}@@x") for n in range(4)))
    edit(batch, admin, {3: (0, {"email": "colleague@x.example"}), 5: (0, {"email": "5@@y"})})
    seen = batch.rows.get(number=5).revision
    cells = json.dumps([{"row": 2, "revision": 0, "key": "email", "text": "a@x.example"}])
    url = f"/imports/{batch.pk}/edit/?bucket=invalid"
    shown = {"cells": cells, "shown": f"2:0 3:0 4:0 5:{seen} x:y 9999999999999:0"}
    answer = client.post(url, shown, headers={"hx-request": "true"}).content.decode()
    assert [number for number in range(2, 6) if f'data-row="{number}"' in answer] == [2, 3]


def test_a_row_that_goes_wrong_is_not_said_to_be_in_order(client, staged):
    batch = staged(person(1))
    cells = json.dumps([{"row": 2, "revision": 0, "key": "email", "text": "fout@@"}])
    url = f"/imports/{batch.pk}/edit/?bucket=only_in_import"
    page = client.post(url, {"cells": cells}, headers={"hx-request": "true"}).content.decode()
    assert "is in orde" not in page
    assert "staat nu bij “Ongeldige klanten”: Dit e-mailadres klopt niet." in page


def test_pasted_values_without_a_place_are_said(client, staged):
    batch = staged(person(1, email="a@@x"))
    cells = json.dumps([{"row": 2, "revision": 0, "key": "email", "text": "a@x.example"}])
    url = f"/imports/{batch.pk}/edit/?bucket=invalid"
    answer = client.post(url, {"cells": cells, "over": "10"}, headers={"hx-request": "true"})
    assert "10 geplakte waarden" in announced(answer)
    assert "10 geplakte waarden" in answer.content.decode()
    assert batch.rows.get().bucket == Bucket.ONLY_IN_IMPORT


def test_a_row_that_was_added_meanwhile_is_not_said_to_be_saved(client, staged, known):
    batch, customer = staged(person(1), added=1), known(client_code="K9")
    Customer.objects.filter(pk=customer.pk).update(import_row=batch.rows.get().pk)
    answer = send(client, batch, 2, "email", "other@x.example", revision=9)
    assert "iemand anders gewijzigd" in announced(answer)
    assert opened(batch.rows.get(number=2)).values["email"] != "other@x.example"


def test_a_row_that_was_put_aside_meanwhile_is_said_too(client, staged):
    batch = staged(person(1, email="a@@x"))
    batch.rows.update(bucket="left_out")
    answer = send(client, batch, 2, "email", "other@x.example", revision=9)
    assert "Weggelaten" in answer.content.decode()
    assert "iemand anders gewijzigd" in announced(answer)


@pytest.mark.parametrize(
    "cells",
    ["", "{}", "[]", "[1]", '[{"row": 2, "revision": 0, "key": "bucket", "text": "double"}]',
     '[{"row": "2", "revision": 0, "key": "email", "text": "a@x.example"}]',
     '[{"row": 2, "revision": 0, "key": "email", "text": "a@x.example"}, 7]',
     json.dumps([{"row": 10**30, "revision": 0, "key": "email", "text": "a@x.example"}]),
     json.dumps([{"row": 2, "revision": 10**30, "key": "email", "text": "a@x.example"}]),
     json.dumps([{"row": 2, "revision": 0, "key": "email", "text": "a" * 3000}])],
)  # fmt: skip
def test_what_our_pages_do_not_send_is_refused(client, staged, cells):
    batch = staged(person(1, email="a@@x"))
    assert client.post(f"/imports/{batch.pk}/edit/", {"cells": cells}).status_code == 400
    assert batch.rows.get(number=2).bucket == Bucket.INVALID


def test_a_valid_national_number_is_never_in_a_page(client, staged):
    batch = staged(person(1, national_number="85073003328", email="a@@x"), person(2, national_number="93051822361"))
    for address in ("?bucket=invalid", "?bucket=only_in_import", "rows/2/", "changes/", "values/email.invalid/"):
        page = client.get(f"/imports/{batch.pk}/{address}").content.decode()
        assert "85073003328" not in page
        assert "93051822361" not in page


def test_the_form_of_a_row_saves_only_what_was_changed(client, staged):
    batch = staged(person(1, national_number="85073003328", email="a@@x"))
    page = client.get(f"/imports/{batch.pk}/rows/2/")
    form = {name: field.initial for name, field in page.context["form"].fields.items()}
    client.post(f"/imports/{batch.pk}/rows/2/", {**form, "email": "a@x.example"})
    row = batch.rows.get(number=2)
    assert row.bucket == Bucket.ONLY_IN_IMPORT
    assert opened(row).values["national_number"] == "85073003328"
    assert batch.changes.get().column == "email"


def test_any_field_of_a_new_row_is_edited_before_adding(client, staged):
    batch = staged(person(1, national_number="85073003328"))
    new = {"first_name": "Lies", "last_name": "Maes", "email": "lies@x.example", "mobile": "+32478123456",
           "national_number": "93051822361", "street": "Markt", "house_number": "1", "box": "2", "postal_code": "9000",
           "city": "Gent", "country": "BE", "labels": "a,b", "spouse_national_number": "85073003328",
           "language": "french", "client_code": "K1", "enterprise_number": "0403019261",
           "spouse_enterprise_number": "0403170701", "deadline": "2026-10-16",
           "responsible": "els@gent.example"}  # fmt: skip
    page = client.get(f"/imports/{batch.pk}/rows/2/")
    form = {name: field.initial for name, field in page.context["form"].fields.items()}
    assert set(KEYS) - set(new) <= {"type", "extra_pb"}
    client.post(f"/imports/{batch.pk}/rows/2/", {**form, **new})
    row = batch.rows.get(number=2)
    assert row.bucket == Bucket.ONLY_IN_IMPORT
    assert {key: opened(row).values[key] for key in new} == new


def test_a_card_counts_its_rows_and_shows_them_alone(client, staged):
    batch = staged(
        person(1, email="a@@x"), person(2, language="duits"), person(3, language="duits", email="b@@x"), person(4)
    )
    page = client.get(f"/imports/{batch.pk}/?bucket=invalid").content.decode()
    cards = re.findall(r'<h2><span>(.*?)</span> <span>(\d+)</span></h2>.*?href="([^"]*code=[^"]*)"', page, re.DOTALL)
    assert {(title, count) for title, count, _ in cards} == {("Taal onbekend", "2"), ("E-mailadres ongeldig", "2")}
    for title, _, href in cards:
        shown = client.get(f"/imports/{batch.pk}/{html.unescape(href)}").content.decode()
        rows = {"Taal onbekend": {"3", "4"}, "E-mailadres ongeldig": {"2", "4"}}[title]
        assert set(re.findall(r'<tr[^>]* data-row="(\d+)"', shown)) == rows


def test_rows_lacking_only_their_address_are_let_in_when_asked(client, staged):
    batch = staged(person(1, email=""), person(2, email="", language="duits"))
    page = client.get(f"/imports/{batch.pk}/values/email.missing/").content.decode()
    assert "1 klant mist alleen het e-mailadres" in page
    client.post(f"/imports/{batch.pk}/without-email/")
    assert batch.rows.get(number=2).bucket == Bucket.ONLY_IN_IMPORT
    assert batch.rows.get(number=3).bucket == Bucket.INVALID


def test_nothing_is_changed_any_more_while_rows_are_added(client, staged, admin):
    batch = staged(person(1, email="a@@x"))
    change = edit(batch, admin, {2: (0, {"email": "b@@x"})})
    batch.state = "applying"
    batch.save()
    answer = send(client, batch, 2, "email", "a@x.example", revision=9)
    assert "er is niets gewijzigd" in announced(answer)
    client.post(f"/imports/{batch.pk}/changes/{change.pk}/undo/")
    assert opened(batch.rows.get(number=2)).values["email"] == "b@@x"


def test_an_edit_asks_the_database_few_questions(client, staged):
    batch = staged(*(person(n, email="a@@x") for n in range(60)))
    send(client, batch, 2, "email", "warm@x.example")
    with CaptureQueriesContext(connection) as asked:
        send(client, batch, 3, "email", "a@x.example")
    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) <= MOST_QUERIES, "\n".join(query[:150] for query in queries)


def test_an_edit_of_what_is_not_there_or_is_another_offices_is_refused(client, client_as, other_admin, staged):
    batch = staged(person(1, email="a@@x"))
    assert send(client_as(other_admin), batch, 2, "email", "a@x.example").status_code == 404
    nowhere = staged(person(1))
    nowhere.delete()
    nowhere.pk = batch.pk + 1
    assert send(client, nowhere, 2, "email", "a@x.example").status_code == 404
    assert opened(batch.rows.get()).values["email"] == "a@@x"


@pytest.mark.parametrize(
    ("form", "key", "texts"),
    [
        ({"action": "language", "language": "french"}, "language", ["french", "french", "dutch"]),
        ({"action": "add_labels", "labels": "Nieuw, Gent"}, "labels", ["Gent,Nieuw", "Nieuw,Gent", ""]),
        ({"action": "remove_labels", "labels": "gent"}, "labels", ["", "", ""]),
        ({"action": "replace", "in_column": "city", "before": "alst", "after": "Aalst"}, "city", ["Aalst", "", "Alst"]),
        ({"action": "clear", "in_column": "city"}, "city", ["", "", "Alst"]),
        ({"action": "responsible", "responsible": "els@gent.example"}, "responsible", ["els@gent.example"] * 2 + [""]),
    ],
    ids=lambda value: value["action"] if isinstance(value, dict) else "",
)
def test_the_selected_rows_are_changed_at_once_and_in_one_step_back(client, staged, admin, form, key, texts):
    batch = staged(person(1, labels="Gent", city="Alst"), person(2), person(3, city="Alst"))
    batch.rows.filter(number=4).update(selected=False)
    before = [opened(row).values.get(key) for row in batch.rows.order_by("number")]
    client.post(f"/imports/{batch.pk}/bulk/", form)
    assert [opened(row).values.get(key) for row in batch.rows.order_by("number")] == texts
    for change in batch.changes.all():
        undo(batch, admin, change)
    assert [opened(row).values.get(key) for row in batch.rows.order_by("number")] == before


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"action": "clear", "in_column": "city"}, "Kolom leeggemaakt: Gemeente, 2 rijen"),
        ({"action": "add_labels", "labels": "Nieuw"}, "Labels toegevoegd: Nieuw, 2 rijen"),
        ({"action": "remove_labels", "labels": "Gent"}, "Labels weggehaald: Gent, 2 rijen"),
        ({"action": "language", "language": "french"}, "Kolom ingevuld: Taal, Frans, 2 rijen"),
        ({"action": "replace", "in_column": "city", "before": "Alst", "after": "Aalst"},
         "Waarde vervangen: Gemeente, Alst → Aalst, 2 rijen"),
    ],
    ids=lambda value: value["action"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_was_done_to_many_rows_is_said_with_its_value(client, staged, form, words):
    batch = staged(person(1, labels="Gent", city="Alst"), person(2, labels="Gent", city="Alst"))
    client.post(f"/imports/{batch.pk}/bulk/", form)
    page = client.get(f"/imports/{batch.pk}/changes/").content.decode()
    assert words in page
    assert f"/imports/{batch.pk}/?bucket=double" in page


@pytest.mark.parametrize(
    ("column", "number", "bucket"),
    [("national_number", NUMBER, "only_in_import"), ("city", "85.07.30-033.28", "invalid")],
)
def test_a_national_number_never_stands_in_what_was_done(client, staged, column, number, bucket):
    batch = staged(person(1, **{column: number}))
    form = {"action": "replace", "in_column": column, "before": number, "after": ""}
    client.post(f"/imports/{batch.pk}/bulk/?bucket={bucket}", form)
    change = batch.changes.get()
    assert "033" not in change.code
    assert "033" not in client.get(f"/imports/{batch.pk}/changes/").content.decode()


def test_an_emptied_cell_is_not_called_changed_only(client, staged):
    batch = staged(person(1, mobile="+32478123456"))
    send(client, batch, 2, "mobile", "")
    assert "Cel leeggemaakt: Mobiel nummer, rij 2" in client.get(f"/imports/{batch.pk}/changes/").content.decode()


def languages(batch):
    return [opened(row).values["language"] for row in batch.rows.order_by("number")]


def test_ticked_rows_of_the_invalid_ones_are_changed_and_no_others(client, staged, admin):
    batch = staged(*(person(n, language="") for n in range(4)), person(5, language="dutch"))
    page = client.get(f"/imports/{batch.pk}/?bucket=invalid").content.decode()
    boxes = re.findall(r'<input type="checkbox" form="change-rows" name="row" value="(\d)"[^>]*>', page)
    assert boxes == ["2", "3", "4", "5"]
    where = f"/imports/{batch.pk}/bulk/?bucket=invalid&whom=ticked&row=3&row=4&row=6"
    assert "2 rijen" in client.get(where).content.decode()
    done = client.post(where, {"action": "language", "language": "french"})
    assert done.url == f"/imports/{batch.pk}/?bucket=invalid"
    assert languages(batch) == ["", "french", "french", "", "dutch"]
    assert [row.bucket for row in batch.rows.order_by("number")][1:3] == ["only_in_import"] * 2
    undo(batch, admin, batch.changes.get())
    assert languages(batch) == ["", "", "", "", "dutch"]


def test_all_invalid_rows_that_were_found_are_changed(client, staged):
    batch = staged(person(1, language=""), person(2, language="", email="a@@x"), person(3))
    where = f"/imports/{batch.pk}/bulk/?bucket=invalid&whom=all&code=email.invalid"
    client.post(where, {"action": "language", "language": "french"})
    assert languages(batch) == ["", "french", "dutch"]
    assert not client.post(where, {"action": "questionnaire"}).context["form"].is_valid()


def test_without_a_tick_nothing_is_changed(client, staged):
    batch = staged(person(1, language=""))
    where = f"/imports/{batch.pk}/bulk/?bucket=invalid&whom=ticked"
    page = client.post(where, {"action": "language", "language": "french"}, follow=True).content.decode()
    assert "Vink de rijen aan" in page
    assert languages(batch) == [""]


@pytest.mark.parametrize("form", [{}, {"action": "language"}, {"action": "clear", "in_column": "email"}])
def test_a_change_of_many_rows_says_what_it_lacks(client, staged, form):
    batch = staged(person(1))
    page = client.post(f"/imports/{batch.pk}/bulk/", form)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not batch.changes.exists()


def test_a_row_that_is_not_there_is_not_found(client, staged):
    batch = staged(person(1, email="a@@x"))
    assert send(client, batch, 7, "email", "a@x.example").status_code == 404
    assert client.get(f"/imports/{batch.pk}/rows/7/").status_code == 404


@pytest.mark.parametrize("row", ["9" * 30, "²", "x"])
def test_a_number_that_is_none_is_nobodys(client, staged, row):
    batch = staged(person(1, mobile="0478123456"))
    answer = client.post(f"/imports/{batch.pk}/accept/", {"code": "mobile.country_code_missing", "row": row})
    assert answer.status_code == 302
    assert batch.rows.get().bucket == Bucket.INVALID


def test_a_known_customer_is_not_edited_in_the_list(client, staged, known):
    known(client_code="K1")
    batch = staged(person(1, client_code="K1"))
    answer = client.get(f"/imports/{batch.pk}/rows/2/?bucket=double")
    assert (answer.status_code, answer.url) == (302, f"/imports/{batch.pk}/?bucket=double")


@pytest.mark.parametrize(
    ("reader", "choose", "in_list"),
    [
        ("nl", "Kies Nederlands, Frans of Engels.", "Kies dutch, french of english."),
        ("fr", "Choisissez néerlandais, français ou anglais.", "Choisissez dutch, french ou english."),
        ("en", "Choose Dutch, French or English.", "Choose dutch, french or english."),
    ],
)
def test_a_screen_names_languages_as_its_reader_and_the_list_as_it_must(client, staged, admin, reader, choose, in_list):
    batch = staged(person(1, language="klingon"), person(2, language=""))
    client.cookies["django_language"] = reader
    page = client.get(f"/imports/{batch.pk}/?bucket=invalid").content.decode()
    assert choose in page
    assert "dutch, french" not in page
    with override(reader):
        sheet = openpyxl.load_workbook(BytesIO(handed_out(batch, admin, "errors"))).active
    assert in_list in [cell.value for line in sheet for cell in line]


def test_the_languages_of_an_office_are_named_as_its_reader_names_them(client, staged, office):
    office.languages = ["dutch", "french"]
    office.save()
    batch = staged(person(1, language="english"))
    page = client.get(f"/imports/{batch.pk}/?bucket=invalid").content.decode()
    assert "Kies uit: Nederlands, Frans." in page


def row_form(client, batch, number: int, **typed) -> dict[str, str]:
    """Give what the page of a row sends when these fields are changed in it."""
    fields = client.get(f"/imports/{batch.pk}/rows/{number}/").context["form"].fields
    assert typed.keys() <= fields.keys()
    return {**{name: field.initial for name, field in fields.items() if name not in typed}, **typed}


def test_a_number_that_is_not_shown_is_removed_on_the_page_of_its_row(client, staged, admin):
    batch = staged(person(1, national_number=NUMBER, email="a@@x"), person(2, national_number="1"))
    client.post(f"/imports/{batch.pk}/rows/2/", row_form(client, batch, 2, clear_national_number="on"))
    row = batch.rows.get(number=2)
    assert (opened(row).values["national_number"], row.number_hash) == ("", None)
    change = batch.changes.get()
    assert (change.column, change.code) == ("national_number", "clear")
    undo(batch, admin, change)
    typed = {"clear_national_number": "on", "national_number": "17073003384"}
    client.post(f"/imports/{batch.pk}/rows/2/", row_form(client, batch, 2, **typed))
    assert opened(batch.rows.get(number=2)).values["national_number"] == "17073003384"
    shown = client.get(f"/imports/{batch.pk}/rows/3/").context["form"].fields
    assert "clear_national_number" not in shown


def test_the_names_of_a_partner_are_changed_on_the_page_of_the_row(client, staged, admin):
    batch = staged(*couple())
    merge(batch, admin, proposal(batch).pk, main=2, seen=batch.revision)
    seen = batch.rows.get(number=2).revision
    names = {"spouse_first_name": " Anna ", "spouse_last_name": "Claeys"}
    client.post(f"/imports/{batch.pk}/rows/2/", row_form(client, batch, 2, **names))
    row = batch.rows.get(number=2)
    values = opened(row).values
    assert (values["spouse_first_name"], values["spouse_last_name"]) == ("Anna", "Claeys")
    assert (row.bucket, row.is_joint, row.revision > seen) == (Bucket.ONLY_IN_IMPORT, True, True)
    undo(batch, admin, batch.changes.latest("pk"))
    assert opened(batch.rows.get(number=2)).values["spouse_first_name"] == "An"


def test_the_name_of_a_partner_is_checked_as_a_name_is(client, staged, admin):
    batch = staged(*couple())
    merge(batch, admin, proposal(batch).pk, main=2, seen=batch.revision)
    client.post(f"/imports/{batch.pk}/rows/2/", row_form(client, batch, 2, spouse_first_name="a" * 300))
    assert batch.rows.get(number=2).bucket == Bucket.INVALID
    page = client.get(f"/imports/{batch.pk}/rows/2/").content.decode()
    assert "Voornaam van de partner: Deze tekst is te lang" in page
    assert "Voornaam van de partner, rij 2" in client.get(f"/imports/{batch.pk}/changes/").content.decode()
    client.post(f"/imports/{batch.pk}/rows/2/", row_form(client, batch, 2, spouse_first_name="An"))
    assert batch.rows.get(number=2).bucket == Bucket.ONLY_IN_IMPORT


def test_who_declares_alone_has_no_partner_to_be_named(client, staged):
    batch = staged(person(1))
    assert "spouse_first_name" not in client.get(f"/imports/{batch.pk}/rows/2/").context["form"].fields
