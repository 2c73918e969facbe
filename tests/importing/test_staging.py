"""From a file to four buckets, with every row accounted for."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounton.customers.models import Customer
from accounton.dossiers.models import Dossier
from accounton.importing.applying import claim, continue_applying
from accounton.importing.cells import RowView
from accounton.importing.models import Batch, Bucket, State, Upload
from accounton.importing.review import Review
from accounton.importing.staging import keep_upload, read_upload, stage
from accounton.spreadsheets.problems import UnusableFile
from tests.importing.conftest import person, workbook

pytestmark = pytest.mark.database
NUMBER, OTHER = "85073003328", "93051822361"


def add(batch: Batch) -> Batch:
    claim(batch, None, batch.revision, with_undecided=True)
    return continue_applying(batch)


def buckets(batch: Batch) -> dict[int, str]:
    return dict(batch.rows.values_list("number", "bucket"))


def test_new_invalid_and_double_rows_go_to_their_buckets(staged):
    add(staged(person(1, national_number=NUMBER)))
    batch = staged(
        person(1, national_number=NUMBER, first_name="Anders"),
        person(2),
        person(3, national_number="85073003329"),
        person(4, email=""),
    )
    assert buckets(batch) == {2: "double", 3: "only_in_import", 4: "invalid", 5: "invalid"}


def test_known_by_client_code_and_by_email_and_name(staged):
    add(staged(person(1, client_code="K1"), person(2)))
    batch = staged(
        person(9, client_code="K1"),
        {**person(2), "first_name": "declercq", "last_name": "NOOR2"},
        person(2, first_name="Broer"),
    )
    rows = list(batch.rows.order_by("number"))
    assert [(row.bucket, row.matched_by) for row in rows] == [
        ("double", "client_code"), ("double", "email_and_name"), ("only_in_import", ""),
    ]  # fmt: skip


def test_a_client_code_of_somebody_with_another_number_is_taken(staged):
    add(staged(person(1, client_code="K1", national_number=NUMBER)))
    batch = staged(person(2, client_code="K1", national_number=OTHER))
    row = batch.rows.get()
    assert (row.bucket, row.problems) == ("invalid", "client_code.taken")
    with translation.override("nl"):
        assert RowView(row, batch).reasons == ["Deze klantcode hoort al bij een andere klant. Vul een andere code in."]


def test_a_partner_in_a_joint_return_is_not_added_as_a_customer_of_his_own(staged):
    add(staged(person(1, national_number=NUMBER, spouse_national_number=OTHER)))
    row = staged(person(2, national_number=OTHER)).rows.get()
    assert (row.bucket, row.problems) == ("invalid", "national_number.is_spouse")


def test_customers_with_a_dossier_this_year_who_are_not_in_the_list(staged):
    add(staged(person(1), person(2)))
    add(staged(person(3)))
    batch = staged(person(1))
    assert {here.customer.first_name for here in batch.only_here.all()} == {"Noor2", "Noor3"}
    counts = {
        "only_in_import": 0,
        "only_in_platform": 2,
        "double": 1,
        "invalid": 0,
        "merged": 0,
        "left_out": 0,
        "added": 0,
    }
    assert Review(batch, {}).counts == counts


def test_a_customer_in_an_invalid_row_is_not_missing_from_the_list(staged):
    add(staged(person(1, national_number=NUMBER)))
    batch = staged(person(1, national_number=NUMBER, mobile="123"))
    assert batch.rows.get().bucket == Bucket.INVALID
    assert not batch.only_here.exists()


def test_an_archived_customer_is_double_and_not_only_here(staged):
    add(staged(person(1), person(2)))
    Customer.objects.update(archived_at="2026-01-01T00:00Z")
    batch = staged(person(1))
    assert batch.rows.get().bucket == Bucket.DOUBLE
    assert not batch.only_here.exists()


def test_another_offices_customers_match_nothing(staged, other_office):
    from accounton.offices.scoping import acting_for

    with acting_for(other_office.id):
        theirs = Batch.objects.create(file_name="x", assessment_year=2026, questionnaire="personenbelasting")
        stage(theirs, workbook(person(1, national_number=NUMBER)))
        add(theirs)
    assert staged(person(1, national_number=NUMBER)).rows.get().bucket == Bucket.ONLY_IN_IMPORT


def test_what_was_repaired_is_kept_before_and_after(staged):
    batch = staged(person(1, mobile="0032 478 12 34 56"))
    row = batch.rows.get()
    view = RowView(row, batch)
    assert row.repaired
    assert [(f.before, f.after) for f in view.repairs] == [("0032 478 12 34 56", "+32478123456")]


def test_an_uploaded_file_is_sealed_while_it_waits_and_gone_once_read(office):
    batch = Batch.objects.create(file_name="lijst.xlsx", assessment_year=2026)
    content = workbook(person(1, national_number=NUMBER))
    keep_upload(batch, content)
    assert content[:50] not in bytes(Upload.objects.get().sealed)
    read_upload(batch)
    assert batch.state == State.REVIEW
    assert not Upload.objects.exists()


def test_a_file_that_cannot_be_used_leaves_a_reason_and_nothing_else(office):
    batch = Batch.objects.create(file_name="brief.xlsx", assessment_year=2026)
    keep_upload(batch, b"%PDF-1.7")
    read_upload(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.problem["code"]) == (State.FAILED, "file.not_a_workbook")
    assert not Upload.objects.exists()
    assert not batch.rows.exists()


def test_a_missing_required_column_is_said_once_for_the_file(office):
    batch = Batch.objects.create(file_name="lijst.xlsx", assessment_year=2026)
    row = {"type": "An", "first_name": "Claes", "last_name": "+32478123456"}  # the first three cells of the row
    with pytest.raises(UnusableFile) as error:
        stage(batch, workbook(row, headers=["Voornaam", "Achternaam", "Gsm"]))
    assert error.value.code == "file.columns_missing"


def test_staging_again_after_a_crash_leaves_no_row_twice(staged):
    batch = staged(person(1), person(2))
    batch.state = State.READING
    stage(batch, workbook(person(1), person(2)))
    assert batch.rows.count() == batch.rows_read == 2


CELLS = st.one_of(
    st.none(), st.sampled_from(["An", "Claes", "an@x.example", "dutch", NUMBER, "0478123456"]), st.text(max_size=8)
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.dictionaries(st.sampled_from(["first_name", "last_name", "email", "language", "mobile"]), CELLS))
)
def test_rows_read_are_the_four_buckets_and_the_empty_ones(office, rows):
    printable = [{k: v for k, v in row.items() if v and v.isprintable()} for row in rows]
    batch = Batch.objects.create(file_name="lijst.xlsx", assessment_year=2026)
    last = person(0, client_code="laatste")
    stage(batch, workbook(*printable, last))
    counts = Review(batch, {}).counts
    in_buckets = counts["only_in_import"] + counts["double"] + counts["invalid"]
    assert in_buckets + batch.rows_empty == len(printable) + 1
    assert in_buckets == batch.rows_read == batch.rows.count()


def test_the_dossiers_questionnaire_is_in_the_customers_own_language(staged):
    add(staged(person(1), person(2, language="french"), person(3, language="english")))
    found = Dossier.objects.order_by("customer__first_name").values_list("questionnaire__language", flat=True)
    assert list(found) == ["dutch", "french", "english"]


def test_couples_on_two_rows_are_said_at_the_first_row_too_however_many_they_are(staged, monkeypatch):
    from itertools import islice

    from accounton.importing import staging
    from accounton.importing.demo.people import national_number

    monkeypatch.setattr(staging, "LATE_AT_ONCE", 3)
    partners = [national_number(n) for n in range(8)]
    first = [person(n, national_number=number) for n, number in enumerate(partners)]
    filler = [person(n) for n in range(100, 5000)]
    second = [person(5000 + n, spouse_national_number=number) for n, number in enumerate(partners)]
    batch = staged(*first, *filler, *second)
    views = [RowView(row, batch) for row in islice(batch.rows.order_by("number"), 8)]
    assert all("national_number.partner_of_row" in {f.code for f in view.findings} for view in views)


def test_a_list_in_which_only_spaces_stand_below_the_headers_has_no_rows(staged):
    batch = staged({"first_name": " ", "last_name": " "})
    assert (batch.rows_read, batch.rows_empty) == (0, 1)
