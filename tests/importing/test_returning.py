"""The workbook of what is wrong: given out, corrected, taken back; just those rows change and nothing silently."""

from io import BytesIO

import openpyxl
import pytest

from accounton.importing.applying import claim, continue_applying
from accounton.importing.choosing import ReviewClosed
from accounton.importing.finishing import finish
from accounton.importing.handing_out import handed_out
from accounton.importing.models import Batch, Bucket, Change, StagedRow
from accounton.importing.repairing import edit
from accounton.importing.returning import belongs_to, take_back
from accounton.importing.sealed_rows import opened
from accounton.importing.staging import stage
from accounton.importing.undoing_changes import undo
from accounton.offices.models import AuditEntry
from accounton.offices.scoping import acting_for
from accounton.rows.returned import MARK_HEADER
from accounton.spreadsheets.problems import UnusableFile
from tests.importing.conftest import person, workbook

pytestmark = pytest.mark.database
WRONG = {"email": "an@@x", "mobile": "0478 12 34 56", "national_number": "85073003329"}


class Downloaded:
    """The workbook as somebody has it open."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(content))
        self.page = self.book["customers"]
        self.headers = [cell.value for cell in self.page[1]]

    def cell(self, row: int, header: str):
        return self.page.cell(row, self.headers.index(header) + 1)

    def saved(self) -> bytes:
        target = BytesIO()
        self.book.save(target)
        return target.getvalue()


@pytest.fixture
def batch(staged):
    return staged(person(1), person(2, **WRONG), person(3), person(4, language="duits"))


@pytest.fixture
def downloaded(batch, admin):
    return Downloaded(handed_out(batch, admin, "errors"))


def row(batch: Batch, number: int) -> StagedRow:
    return batch.rows.get(number=number)


def value(batch: Batch, number: int, key: str) -> str:
    return opened(row(batch, number)).values[key]


def test_it_has_the_invalid_rows_in_their_layout_with_what_to_do(downloaded, batch):
    assert downloaded.headers[:4] == ["person", "Firstname", "Lastname", "Email"]
    assert downloaded.headers[-1] == MARK_HEADER
    assert downloaded.page.max_row == 3
    assert downloaded.cell(2, "Registration Number").value == "85073003329"
    what_to_do = downloaded.page.cell(2, len(downloaded.headers) - 1).value
    assert all(word in what_to_do for word in ("e-mail", "+32", "11"))
    assert "+32478123456" in what_to_do


def test_wrong_cells_are_coloured_and_say_why_and_the_others_are_not(downloaded):
    wrong, right = downloaded.cell(2, "Email"), downloaded.cell(2, "Firstname")
    assert (wrong.fill.fgColor.rgb, right.fill.fill_type) == ("FFFFC7CE", None)
    assert wrong.comment.text
    assert right.comment is None
    assert downloaded.cell(2, "Mobile Number").fill.fgColor.rgb == "FFFFE3B3"


def test_the_marks_stand_in_a_hidden_column(downloaded):
    letter = downloaded.cell(1, MARK_HEADER).column_letter
    assert downloaded.page.column_dimensions[letter].hidden
    assert "85073003329" not in downloaded.cell(2, MARK_HEADER).value


def test_nothing_in_it_is_a_formula(staged, admin):
    found = Downloaded(handed_out(staged(person(1, last_name="=1+1", city="@SUM(A1)", language="+x")), admin, "errors"))
    for cell in found.page[2]:
        assert cell.data_type in ("s", "n", "inlineStr")
        assert cell.value is None or cell.data_type != "n"
        assert cell.value is None or cell.quotePrefix
    assert found.cell(2, "Lastname").value == "=1+1"


def test_who_downloaded_it_is_recorded_without_any_personal_data(batch, downloaded, admin):
    entry = AuditEntry.objects.get(action="import.errors_downloaded")
    assert (entry.user, entry.subject, entry.details) == (admin, f"batch:{batch.pk}", {"rows": 2})


def test_corrected_rows_replace_just_those_rows(batch, downloaded, admin):
    others = {number: bytes(row(batch, number).sealed) for number in (2, 4)}
    downloaded.cell(2, "Email").value = "an@x.example"
    downloaded.cell(2, "Mobile Number").value = "0032 478 12 34 56"
    downloaded.cell(2, "Registration Number").value = 85073003328
    downloaded.cell(3, "Lastname").value = "Ander"
    taken = take_back(batch, admin, downloaded.saved())
    assert (taken.valid, taken.invalid, taken.same) == (1, 1, 0)
    assert not any((taken.unknown, taken.twice, taken.changed, taken.added))
    assert row(batch, 3).bucket == Bucket.ONLY_IN_IMPORT
    assert opened(row(batch, 3)).values["mobile"] == "+32478123456"
    assert value(batch, 3, "national_number") == "85073003328"
    assert value(batch, 5, "last_name") == "Ander"
    assert {number: bytes(row(batch, number).sealed) for number in (2, 4)} == others
    undo(batch, admin, taken.change)
    assert row(batch, 3).bucket == Bucket.INVALID


def test_unchanged_it_changes_nothing(batch, downloaded, admin):
    taken = take_back(batch, admin, downloaded.saved())
    assert (taken.change, taken.same) == (None, 2)
    assert not Change.objects.exists()


def test_as_it_was_given_out_it_reads_too(batch, admin):
    assert take_back(batch, admin, handed_out(batch, admin, "errors")).same == 2


def test_what_the_review_says_meanwhile_stays_and_is_said(batch, downloaded, admin):
    edit(batch, admin, {3: (0, {"email": "piet@x.example"})})
    downloaded.cell(2, "Email").value = "an@x.example"
    downloaded.cell(3, "Language").value = "dutch"
    taken = take_back(batch, admin, downloaded.saved())
    assert (taken.changed, taken.valid) == ([2], 1)
    assert value(batch, 3, "email") == "piet@x.example"


def test_the_same_workbook_may_be_worked_on_and_uploaded_again(batch, downloaded, admin, accountant):
    downloaded.cell(2, "Email").value = "an@x.example"
    take_back(batch, admin, downloaded.saved())
    downloaded.cell(2, "Mobile Number").value = "+32478123456"
    assert take_back(batch, accountant, downloaded.saved()).changed == [2]
    taken = take_back(batch, admin, downloaded.saved())
    assert (taken.invalid, taken.changed, taken.same) == (1, [], 1)
    assert value(batch, 3, "mobile") == "+32478123456"


def test_marks_that_are_not_of_this_import_are_named_and_left_alone(batch, staged, downloaded, admin):
    other = Downloaded(handed_out(staged(person(9, email="x@@y")), admin, "errors"))
    downloaded.cell(2, MARK_HEADER).value = other.cell(2, MARK_HEADER).value
    mark = downloaded.cell(3, MARK_HEADER).value
    downloaded.cell(3, MARK_HEADER).value = mark.replace("-5-", "-4-")
    downloaded.page.append(["person", "Nieuw", "Iemand"])
    for at in (2, 3):
        downloaded.cell(at, "Lastname").value = "Indringer"
    taken = take_back(batch, admin, downloaded.saved())
    assert taken.unknown == [2, 3, 4]
    assert taken.change is None


def test_a_mark_of_another_office_is_none_here(batch, admin, other_office, other_admin):
    with acting_for(other_office.id):
        theirs = Batch.objects.create(file_name="liste.xlsx", assessment_year=2026)
        stage(theirs, workbook(person(1, email="x@@y")))
        content = Downloaded(handed_out(theirs, other_admin, "errors"))
    content.cell(2, "Email").value = "x@y.example"
    assert take_back(batch, admin, content.saved()).unknown == [2]
    assert belongs_to(content.saved(), batch.office_id) is None


def test_a_row_that_stands_there_twice_is_not_taken(batch, downloaded, admin):
    downloaded.cell(2, "Email").value = "an@x.example"
    downloaded.page.append([cell.value for cell in downloaded.page[2]])
    taken = take_back(batch, admin, downloaded.saved())
    assert (taken.twice, taken.change) == ([4], None)


def test_columns_may_be_moved_or_left_out_and_rows_sorted(batch, downloaded, admin):
    downloaded.cell(3, "Language").value = "french"
    downloaded.page.delete_cols(downloaded.headers.index("Email") + 1)
    downloaded.page.move_range("A2:AZ2", rows=5)
    assert take_back(batch, admin, downloaded.saved()).valid == 1
    assert value(batch, 5, "language") == "french"
    assert value(batch, 3, "email") == "an@@x"


def test_written_anew_by_another_program_it_reads_too(batch, downloaded, admin):
    downloaded.cell(2, "Email").value, downloaded.cell(2, "Mobile Number").value = "an@x.example", "+32478123456"
    downloaded.cell(2, "Registration Number").value = 85073003328
    downloaded.cell(3, "Language").value = "french"
    headers, first, second = ([cell.value for cell in row] for row in downloaded.page.iter_rows())
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Verbeterd"
    for row in ([], ["Onze verbeterde lijst"], headers, second, [], first):
        page.append(row)
    downloaded.book = book
    taken = take_back(batch, admin, downloaded.saved())
    assert (taken.valid, taken.unknown, taken.twice, taken.changed) == (2, [], [], [])
    assert (value(batch, 3, "mobile"), value(batch, 5, "language")) == ("+32478123456", "french")


def test_odd_texts_that_nobody_touched_are_no_change(staged, admin):
    odd = {"street": "Kerkstraat 5\nbus 3", "box": "  b  2 ", "city": "=1+1", "labels": "a, b ,c", "language": "duits",
           "postal_code": "09300", "client_code": "007", "deadline": "ooit", "last_name": "'t Hooft",
           "house_number": "_x0041_12", "first_name": "Zo\u200be", "national_number": "85.07.30-033 28x"}  # fmt: skip
    batch = staged(person(1, **odd))
    taken = take_back(batch, admin, Downloaded(handed_out(batch, admin, "errors")).saved())
    assert (taken.change, taken.same) == (None, 1)


def test_a_row_that_was_emptied_was_taken_out(batch, downloaded, admin):
    before = bytes(row(batch, 3).sealed)
    for header in downloaded.headers[:-1]:
        downloaded.cell(2, header).value = None
    downloaded.cell(3, "Language").value = "french"
    taken = take_back(batch, admin, downloaded.saved())
    assert (taken.valid, taken.invalid, taken.same) == (1, 0, 0)
    assert bytes(row(batch, 3).sealed) == before


def test_a_row_that_was_added_meanwhile_is_left_alone(batch, admin, downloaded):
    downloaded.cell(3, "Language").value = "french"
    edit(batch, admin, {5: (0, {"language": "dutch"})})
    claim(batch, admin, batch.revision)
    continue_applying(batch)
    assert take_back(batch, admin, downloaded.saved()).added == [3]
    finish(batch, admin)
    with pytest.raises(ReviewClosed):
        take_back(batch, admin, downloaded.saved())


def test_a_workbook_without_marks_is_refused_in_words(batch, admin):
    with pytest.raises(UnusableFile) as caught:
        take_back(batch, admin, workbook(person(1)))
    assert caught.value.code == "file.no_marks"


def test_the_review_it_belongs_to_is_found(batch, downloaded):
    assert belongs_to(downloaded.saved(), batch.office_id) == batch
    assert belongs_to(workbook(person(1)), batch.office_id) is None
    Batch.objects.update(state="done")
    assert belongs_to(downloaded.saved(), batch.office_id) is None


def test_a_file_with_its_own_headers_gets_them_back(office, admin):
    headers = ["Prénom", "Taal", "Achternaam", "E-mail", "Schoenmaat"]
    book = openpyxl.Workbook()
    for cells in (headers, ["An", "duits", "Claes", "an@x.example", "38"]):
        book.active.append(cells)
    target = BytesIO()
    book.save(target)
    batch = Batch.objects.create(file_name="lijst.xlsx", assessment_year=2026)
    stage(batch, target.getvalue())
    found = Downloaded(handed_out(batch, admin, "errors"))
    assert found.headers[:4] == headers[:4]
    found.cell(2, "Taal").value = "F"
    assert take_back(batch, admin, found.saved()).valid == 1


def test_a_row_that_was_left_out_meanwhile_stays_so(batch, downloaded, admin):
    batch.rows.filter(number=5).update(bucket="left_out")
    downloaded.cell(3, "Language").value = "french"
    assert take_back(batch, admin, downloaded.saved()).changed == [3]
    assert row(batch, 5).bucket == "left_out"
