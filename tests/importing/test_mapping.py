"""Matching the columns of a list that is not ours: page, what is kept meanwhile, what is learnt."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounton.importing.invariants import broken
from accounton.importing.jobs import KEPT, take_up_interrupted
from accounton.importing.mapping_layouts import SEEN
from accounton.importing.models import Batch, LearntColumn, State, Upload
from accounton.importing.sealed_rows import opened
from accounton.offices.models import User
from accounton.offices.scoping import acting_for

pytestmark = pytest.mark.database
NUMBER = "85073003328"
OTHER_NUMBER = "93051822361"
HEADERS = ["Naam + voornaam", "Nr. burger", "Mail", "GSM/tel", "Adres", "Woonplaats", "T", "Opm."]
ROWS = [
    ["Van den Berghe Emma", NUMBER, "e@telenet.be", "+32478123456", "Kerkstraat 12 bus 3", "9300 Aalst", "N", "liever"],
    ["Janssens Louis", OTHER_NUMBER, "l@skynet.be", "09/225.11.02", "Markt 4", "9000 Gent", "F", ""],
]


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


def book(rows, **sheets) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Blad1"
    for row in rows:
        workbook.active.append(row)
    for name, others in sheets.items():
        page = workbook.create_sheet(name)
        for row in others:
            page.append(row)
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def uploaded(client, rows=(HEADERS, *ROWS), /, data=None, **sheets) -> Batch:
    file = SimpleUploadedFile("export.xlsx", book(rows, **sheets))
    assert client.post("/imports/new/", {"file": file, **(data or {})}).status_code == 302
    return Batch.objects.latest("id")


def shown(client, batch):
    return client.get(f"/imports/{batch.pk}/columns/")


def proposals(answer) -> dict[str, str]:
    return {view.header: view.target for view in [*answer.context["columns"], *answer.context["aside"]]}


def go_on(client, batch, **changes):
    answer = shown(client, batch)
    views = [*answer.context["columns"], *answer.context["aside"]]
    choices = {view.field: changes.pop(view.header, view.target) for view in views}
    return client.post(f"/imports/{batch.pk}/columns/", {"revision": batch.revision, **choices, **changes})


def test_a_foreign_list_is_matched_and_then_read(client):
    batch = uploaded(client)
    assert batch.state == State.MAPPING
    assert client.get(f"/imports/{batch.pk}/").url == f"/imports/{batch.pk}/columns/"
    answer = shown(client, batch)
    assert proposals(answer) == {
        "Naam + voornaam": "last_first",
        "Nr. burger": "national_number",
        "Mail": "email",
        "GSM/tel": "phone",
        "Adres": "street_and_number",
        "Woonplaats": "postal_code_and_city",
        "T": "language",
        "Opm.": "none",
    }
    assert (answer.context["missing"], answer.context["twice"]) == ([], [])
    assert "100 % geldig" in answer.content.decode()
    assert go_on(client, batch).url == f"/imports/{batch.pk}/"
    batch.refresh_from_db()
    assert (batch.state, batch.rows_read) == (State.REVIEW, 2)
    first, second = (opened(row).values for row in batch.rows.order_by("number"))
    assert {key: value for key, value in first.items() if value} == {
        "first_name": "Emma", "last_name": "Van den Berghe", "email": "e@telenet.be", "national_number": NUMBER,
        "mobile": "+32478123456", "street": "Kerkstraat", "house_number": "12", "box": "3", "postal_code": "9300",
        "city": "Aalst", "language": "dutch",
    }  # fmt: skip
    assert (second["mobile"], second["language"], second["box"]) == ("", "french", "")
    assert set(batch.rows.values_list("problems", flat=True)) == {""}
    assert not Upload.objects.exists()
    assert list(broken()) == []


def test_mobile_numbers_of_a_telephone_column_fill_what_is_empty_in_the_other(client):
    headers = ["Voornaam", "Familienaam", "Mail", "Taal", "Tel", "Gsm"]
    people = ["Emma", "Louis", "Noor"]
    phones = [("053 21 22 23", "+32478123456"), ("+32479123456", ""), ("+32471123456", "+32472123456")]
    rows = [[name, "Maes", f"{name}@x.be", "N", *both] for name, both in zip(people, phones, strict=True)]
    batch = uploaded(client, (headers, *rows))
    answer = shown(client, batch)
    assert proposals(answer)["Tel"] == "second_phone"
    assert answer.context["twice"] == []
    assert "Mobiel nummer, als de andere er geen heeft" in answer.content.decode()
    go_on(client, batch)
    batch.refresh_from_db()
    values = [opened(row).values["mobile"] for row in batch.rows.order_by("number")]
    assert values == ["+32478123456", "+32479123456", "+32472123456"]
    assert set(batch.rows.values_list("problems", flat=True)) == {""}
    assert client.get(f"/imports/{batch.pk}/columns/").status_code == 200


def test_required_columns_come_first_with_three_samples_each(client):
    headers = ["Opm.", "RRN", "Taal", "Gsm", "Mail", "Voornaam", "Zzz", "Naam"]
    rows = [["x", NUMBER, "N", "+32478123456", f"m{n}@x.example", f"Jan{n}", f"zzz-{n}", "Peeters"] for n in range(5)]
    answer = shown(client, uploaded(client, [headers, *rows], data={"show_columns": "on"}))
    views = answer.context["columns"]
    assert [view.header for view in views][:4] == ["Taal", "Mail", "Voornaam", "Naam"]
    assert [view.header for view in views][-1] == "Zzz"
    assert {view.header: list(view.samples) for view in views}["Mail"] == [f"m{n}@x.example" for n in range(3)]
    page = answer.content.decode()
    assert page.index("m2@x.example") < page.index("85.07.30-***.**") < page.index("zzz-2")
    assert "m3@x.example" not in page.partition('id="first-rows"')[0]


def test_no_national_number_in_plain_on_the_page_or_in_the_database_while_it_waits(client):
    batch = uploaded(client)
    answer = shown(client, batch)
    assert NUMBER not in answer.content.decode()
    assert "werkbladen" not in answer.content.decode()
    assert "85.07.30-***.**" in answer.content.decode()
    with connection.cursor() as cursor:
        for model in (Batch, Upload):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            kept = b"".join(
                bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in cursor.fetchone()
            )
            assert NUMBER.encode() not in kept
            assert b"telenet" not in kept
    assert list(broken()) == []


def test_our_own_headers_skip_the_page_unless_asked_for(client):
    ours = [["Voornaam", "Achternaam", "E-mail", "Taal"], ["An", "Claes", "an@x.example", "dutch"]]
    assert uploaded(client, ours).state == State.REVIEW
    batch = uploaded(client, ours, data={"show_columns": "on"})
    assert batch.state == State.MAPPING
    assert go_on(client, batch).status_code == 302
    batch.refresh_from_db()
    assert batch.state == State.REVIEW


def test_what_is_missing_or_twice_is_said_and_nothing_is_read(client):
    batch = uploaded(client)
    answer = go_on(client, batch, Mail="none", T="none", Adres="city")
    assert answer.status_code == 422
    assert answer.context["missing"] == ["E-mail", "Taal"]
    assert answer.context["twice"] == ["Gemeente"]
    batch.refresh_from_db()
    assert batch.state == State.MAPPING
    assert not LearntColumn.objects.exists()


def test_one_language_for_a_list_without_a_column_for_it(client):
    batch = uploaded(client, [row[:6] for row in (HEADERS, *ROWS)])
    assert shown(client, batch).context["missing"] == ["Taal"]
    go_on(client, batch, language="french")
    assert set(batch.rows.values_list("language", "problems")) == {("french", "")}


def test_what_was_learnt_skips_the_page_for_the_whole_office(client, client_as, office):
    go_on(client, uploaded(client), **{"Opm.": "labels"})
    again = uploaded(client)
    assert again.state == State.REVIEW
    assert opened(again.rows.first()).values["labels"] == "liever"
    assert "column.guessed" not in [notice["code"] for notice in again.notices]
    colleague = User.objects.create_user("tom@gent.example", "een-lang-wachtwoord", office, role=User.Role.ADMIN)
    assert uploaded(client_as(colleague)).state == State.REVIEW


def test_the_users_own_choice_goes_before_the_offices(client, client_as, office):
    colleague = User.objects.create_user("tom@gent.example", "een-lang-wachtwoord", office, role=User.Role.ADMIN)
    go_on(client, uploaded(client), **{"Opm.": "labels"})
    go_on(client_as(colleague), uploaded(client_as(colleague), data={"show_columns": "on"}), **{"Opm.": "client_code"})
    mine = proposals(shown(client, uploaded(client, data={"show_columns": "on"})))
    assert mine["Opm."] == "labels"


def test_what_was_learnt_is_seen_and_forgotten(client, other_office):
    go_on(client, uploaded(client), **{"Opm.": "labels"})
    page = client.get("/imports/learnt/").content.decode()
    assert page.count(">Opm.</th>") == 2
    one = LearntColumn.objects.filter(header="Opm.").first()
    assert client.post("/imports/learnt/", {"forget": one.pk}).status_code == 302
    assert not LearntColumn.objects.filter(pk=one.pk).exists()
    with acting_for(other_office.id):
        theirs = LearntColumn.objects.create(key="x", header="X", target="email")
    assert client.post("/imports/learnt/", {"forget": theirs.pk}).status_code == 404
    client.post("/imports/learnt/", {"forget": "all"})
    assert not LearntColumn.objects.exists()
    assert uploaded(client).state == State.MAPPING


def learnt_targets():
    return set(LearntColumn.objects.exclude(target=SEEN).values_list("key", "target", "user__name"))


def test_nothing_is_learnt_of_what_was_only_confirmed_and_the_same_list_is_not_asked_about_again(client):
    full = [["Naam", "Mail", "Taal"], ["Bart De Smet", "b@x.example", "nl"]]
    go_on(client, uploaded(client, full))
    assert learnt_targets() == set()
    page = client.get("/imports/learnt/").content.decode()
    assert page.count("Naam, Mail, Taal</th>") == 2
    assert uploaded(client, full).state == State.REVIEW
    assert uploaded(client, [["Naam", "Courriel", "Taal"], *full[1:]]).state == State.MAPPING
    plain = [["Naam", "Voornaam", "E-mail", "Taal"], ["De Smet", "Bart", "b@x.example", "nl"]]
    batch = uploaded(client, plain)
    assert batch.state == State.REVIEW
    values = opened(batch.rows.first()).values
    assert (values["first_name"], values["last_name"]) == ("Bart", "De Smet")


def test_a_split_that_was_chosen_does_not_spoil_a_list_with_a_column_for_each_name(client):
    full = [["Naam", "Mail", "Taal"], ["De Smet Bart", "b@x.example", "nl"]]
    go_on(client, uploaded(client, full), Naam="first_last")
    assert {(key, target) for key, target, _ in learnt_targets()} == {("naam", "first_last")}
    plain = [["Naam", "Voornaam", "E-mail", "Taal"], ["De Smet", "Bart", "b@x.example", "nl"]]
    batch = uploaded(client, plain)
    assert opened(batch.rows.first()).values["last_name"] == "De Smet"
    # Going on with such a list does not forget what holds for the other.
    go_on(client, uploaded(client, plain, data={"show_columns": "on"}))
    assert {(key, target) for key, target, _ in learnt_targets()} == {("naam", "first_last")}


def test_choosing_what_would_have_been_proposed_forgets(client):
    go_on(client, uploaded(client), **{"Opm.": "labels"})
    assert len(learnt_targets()) == 2
    go_on(client, uploaded(client, data={"show_columns": "on"}), **{"Opm.": "none"})
    assert learnt_targets() == set()


def test_another_sheet_and_another_header_row(client):
    batch = uploaded(client, Klanten=[["Lijst", "2026"], HEADERS, *ROWS])
    assert shown(client, batch).context["sheets"] == ["Blad1", "Klanten"]
    assert batch.sheet == "Blad1"
    look = f"/imports/{batch.pk}/columns/look/"
    client.post(look, {"revision": batch.revision, "sheet": "Klanten"})
    batch.refresh_from_db()
    assert (batch.state, batch.sheet) == (State.MAPPING, "Klanten")
    assert shown(client, batch).context["layout"]["header_row"] == 2
    client.post(look, {"revision": batch.revision, "sheet": "Klanten", "header_row": "0"})
    batch.refresh_from_db()
    answer = shown(client, batch)
    assert answer.context["layout"]["header_row"] == 0
    assert NUMBER not in answer.content.decode()
    client.post(look, {"revision": batch.revision, "sheet": "Klanten", "header_row": "2"})
    batch.refresh_from_db()
    go_on(client, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.sheet, batch.rows_read) == (State.REVIEW, "Klanten", 2)


def test_the_sheet_with_customers_is_opened_where_the_first_has_none(client):
    batch = uploaded(client, [["Totaal", 5]], Klanten=[["Lijst", "2026"], HEADERS, *ROWS])
    assert (batch.state, batch.sheet) == (State.MAPPING, "Klanten")
    go_on(client, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_read) == (State.REVIEW, 2)
    assert {"code": "sheet.others", "detail": "Blad1", "cell": ""} in batch.notices


def test_a_person_chooses_between_two_lists_of_our_own_headers(client):
    ours = [["Voornaam", "Achternaam", "E-mail", "Taal"], ["An", "Claes", "an@x.example", "dutch"]]
    newer = [ours[0], *([name, "Maes", f"{name}@x.example", "dutch"] for name in ("bo", "jo"))]
    batch = uploaded(client, ours, **{"2026": newer})
    answer = shown(client, batch)
    assert (batch.state, batch.sheet, answer.context["sheets"]) == (State.MAPPING, "Blad1", ["Blad1", "2026"])
    assert "werkbladen zijn niet gelezen: 2026." in answer.content.decode()
    answer = looked(client, batch, sheet="2026")
    assert "bo@x.example" in answer.content.decode()
    assert "werkbladen zijn niet gelezen: Blad1." in answer.content.decode()
    go_on(client, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.sheet, batch.rows_read) == (State.REVIEW, "2026", 2)


def test_a_sheet_that_cannot_be_used_is_said_and_the_list_waits_on(client):
    batch = uploaded(client, [HEADERS, *ROWS], Leeg=[])
    look = f"/imports/{batch.pk}/columns/look/"
    client.post(look, {"revision": batch.revision, "sheet": "Leeg"})
    batch.refresh_from_db()
    assert batch.state == State.MAPPING
    answer = shown(client, batch)
    assert batch.problem["code"] == "file.no_data"
    assert answer.context["layout"]["sheet"] == "Blad1"
    assert go_on(client, batch).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.rows_read, batch.problem) == (State.REVIEW, 2, {})


def looked(client, batch, *, choices=None, **wanted):
    batch.refresh_from_db()
    answer = shown(client, batch)
    views = {view.header: view for view in [*answer.context["columns"], *answer.context["aside"]]}
    fields = {view.field: view.target for view in views.values()}
    fields |= {views[header].field: target for header, target in (choices or {}).items() if header != "language"}
    fields["language"] = (choices or {}).get("language", answer.context["language"])
    client.post(f"/imports/{batch.pk}/columns/look/", {"revision": batch.revision, **fields, **wanted})
    batch.refresh_from_db()
    return shown(client, batch)


def test_choices_survive_another_header_row_and_back(client):
    batch = uploaded(client, [["Lijst", "van", "2026"], [*HEADERS[:6], "", "Opm."], *([*r[:6], "", "x"] for r in ROWS)])
    answer = looked(client, batch, header_row="1", choices={"Mail": "none", "Opm.": "labels", "language": "french"})
    assert answer.context["layout"]["header_row"] == 1
    answer = looked(client, batch, header_row="2")
    assert answer.context["layout"]["header_row"] == 2
    assert (proposals(answer)["Mail"], proposals(answer)["Opm."]) == ("none", "labels")
    assert (answer.context["language"], answer.context["missing"]) == ("french", ["E-mail"])
    assert learnt_targets() == set()


def test_choices_and_the_header_row_survive_another_sheet_and_back(client):
    batch = uploaded(client, [["Kop", "x"], HEADERS, *ROWS], Andere=[["Voornaam", "Zzz"], ["An", "y"]])
    looked(client, batch, header_row="3")
    looked(client, batch, header_row="2")
    answer = looked(client, batch, sheet="Andere", choices={"Opm.": "labels"})
    assert answer.context["layout"]["sheet"] == "Andere"
    looked(client, batch, sheet="Blad1", choices={"Zzz": "city"})
    answer = looked(client, batch, header_row="3")
    answer = looked(client, batch, sheet="Andere")
    assert proposals(answer) == {"Voornaam": "first_name", "Zzz": "city"}
    answer = looked(client, batch, sheet="Blad1")
    assert answer.context["layout"]["header_row"] == 3
    answer = looked(client, batch, header_row="2")
    assert proposals(answer)["Opm."] == "labels"


def test_each_choice_is_kept_at_once_and_sealed(client, other_office):
    batch = uploaded(client)
    keep = f"/imports/{batch.pk}/columns/keep/"
    chosen = {"revision": batch.revision, "column-7": "labels", "column-2": "nonsense", "column-999": "city"}
    assert client.post(keep, chosen).status_code == 204
    answer = shown(client, batch)
    assert (proposals(answer)["Opm."], proposals(answer)["Mail"]) == ("labels", "none")
    assert proposals(answer)["Adres"] == "street_and_number"
    assert b"labels" not in bytes(Upload.objects.get().layout)
    batch.refresh_from_db()
    assert batch.revision == chosen["revision"]
    answer = client.post(keep, {"revision": batch.revision - 1, "column-7": "city"})
    assert answer.headers["HX-Refresh"] == "true"
    assert proposals(shown(client, batch))["Opm."] == "labels"
    go_on(client, batch, Mail="email")
    assert {(key, target) for key, target, _ in learnt_targets()} == {("opm", "labels")}
    assert client.post(keep, {"revision": batch.revision, "column-7": "city"}).headers["HX-Refresh"] == "true"


def test_what_was_refused_is_there_after_a_reload(client):
    batch = uploaded(client)
    assert go_on(client, batch, Mail="none").status_code == 422
    assert proposals(shown(client, batch))["Mail"] == "none"


@pytest.mark.parametrize("sheet", ["Nergens", "x\x00"])
def test_a_sheet_that_is_not_there_costs_nobody_the_list(client, sheet):
    batch = uploaded(client)
    client.post(f"/imports/{batch.pk}/columns/look/", {"revision": batch.revision, "sheet": sheet})
    batch.refresh_from_db()
    assert batch.state == State.MAPPING


@pytest.mark.parametrize("place", ["99999", "16383", "-1", "x"])
def test_a_column_far_outside_is_no_column(client, place):
    batch = uploaded(client)
    answer = go_on(client, batch, **{f"column-{place}": "city"})
    batch.refresh_from_db()
    assert answer.status_code == 302
    assert (batch.state, batch.rows_read) == (State.REVIEW, 2)


def test_two_people_on_one_page(client):
    batch = uploaded(client)
    stale = batch.revision - 1
    answer = client.post(f"/imports/{batch.pk}/columns/", {"revision": stale, "column-0": "last_first",
                         "column-2": "email", "column-6": "language"}, follow=True)  # fmt: skip
    assert "Iemand anders" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == State.MAPPING


def test_the_columns_of_a_review_can_be_looked_at(client):
    batch = uploaded(client)
    go_on(client, batch)
    page = shown(client, batch).content.decode()
    assert "Achternaam + Voornaam" in page
    assert "?columns=1" in page


def test_a_file_that_nobody_matches_is_wiped_after_a_week(client):
    batch = uploaded(client)
    take_up_interrupted()
    assert Upload.objects.exists()
    Batch.objects.filter(pk=batch.pk).update(touched_at=timezone.now() - KEPT - timedelta(hours=1))
    take_up_interrupted()
    batch.refresh_from_db()
    assert (batch.state, batch.problem["code"]) == (State.FAILED, "file.never_matched")
    assert not Upload.objects.exists()


def test_the_page_asks_after_each_choice_what_is_missing_or_doubled(client):
    batch = uploaded(client)
    keep = f"/imports/{batch.pk}/columns/keep/"
    chosen = {"revision": batch.revision, "column-2": "none"}
    assert "columns-kept" in client.post(keep, chosen).headers["HX-Trigger"]
    assert "nog geen bron" in shown(client, batch).content.decode()
    client.post(keep, {**chosen, "column-2": "email", "column-7": "email"})
    answer = shown(client, batch).content.decode()
    assert "Meer dan één kolom" in answer
    assert answer.count('aria-invalid="true"') == 2
    go_on(client, batch, Mail="email", **{"Opm.": "none"})
    late = client.get(f"/imports/{batch.pk}/columns/", headers={"HX-Request": "true"})
    assert late.status_code == 204
