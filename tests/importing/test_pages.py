"""The pages of an import through the test client: refusals store nothing, queries stay few, choices are saved."""

import json
import re
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounton.customers.models import Customer
from accounton.importing.demo.sample import known_rows, sample_rows
from accounton.importing.models import Batch, Bucket, StagedRow, State, Upload
from accounton.importing.workbooks import sample_workbook
from accounton.rows.columns import COLUMNS
from tests.importing.conftest import person, workbook

pytestmark = pytest.mark.database
MOST_QUERIES = 12


@pytest.fixture
def client(client_as, admin):
    return client_as(admin)


def upload(client, content: bytes, name: str = "lijst.xlsx", **options):
    return client.post("/imports/new/", {"file": SimpleUploadedFile(name, content)}, **options)


def review_url(client, *people) -> str:
    answer = upload(client, workbook(*people))
    assert answer.status_code == 302
    return answer.url


def test_a_file_that_is_no_workbook_is_refused_in_words_and_nothing_is_stored(client):
    answer = upload(client, b"%PDF-1.7 and more", headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert ".xlsx" in answer.json()["message"]
    assert not Batch.objects.exists()
    assert not Upload.objects.exists()
    assert not StagedRow.objects.exists()


def test_without_scripts_the_page_itself_says_why(client):
    answer = upload(client, b"PK\x03\x04 half a zip")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("content", [b""], ids=["zero bytes"])
def test_an_empty_file_is_refused(client, content):
    answer = upload(client, content, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "leeg" in answer.json()["message"]


def test_a_file_over_the_limit_is_stopped_while_it_comes_in(client, settings):
    settings.MAX_UPLOAD_BYTES = 100_000
    answer = upload(client, bytes(200_000), headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "groter dan" in answer.json()["message"]
    assert not Batch.objects.exists()


def test_unknown_columns_are_named_in_a_notice(client):
    book = openpyxl.Workbook()
    book.active.append(["Voornaam", "Achternaam", "E-mail", "Taal", "Schoenmaat"])
    book.active.append(["An", "Claes", "an@x.example", "dutch", "38"])
    target = BytesIO()
    book.save(target)
    page = client.get(upload(client, target.getvalue()).url).content.decode()
    assert "Schoenmaat" in page


@pytest.mark.parametrize("bucket", Bucket.values)
@pytest.mark.parametrize("search", ["", "&q=a", "&sort=-name", "&repaired=1", "&page=3"])
def test_a_page_of_the_review_takes_few_queries(client, office, bucket, search):
    url = upload(client, sample_workbook(office)).url
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{url}?bucket={bucket}{search}").status_code == 200
    # The session, the user and the office come on top of what the review itself asks.
    assert len(queries) <= MOST_QUERIES + 3


def test_a_review_of_many_rows_takes_no_more_queries_than_one_of_few(client):
    counts = []
    for size in (3, 120):
        url = review_url(client, *[person(n) for n in range(size)])
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_sample_list_shows_all_that_can_happen(office, admin, client_as):
    from accounton.importing.demo.office import _bring_in

    _bring_in(admin)
    url = upload(client_as(admin), sample_workbook(office)).url
    batch = Batch.objects.order_by("-id").first()
    buckets = dict(batch.rows.values_list("number", "bucket"))
    assert {"only_in_import", "double", "invalid"} <= set(buckets.values())
    assert batch.only_here.exists()
    assert batch.rows.filter(repaired=True).exists()
    assert batch.rows.filter(is_joint=True).exists()
    assert len(sample_rows()) == batch.rows_read
    assert f"{batch.rows_read} rijen met verzonnen klanten" in client_as(admin).get("/imports/new/").content.decode()
    assert len(known_rows()) == Customer.objects.count()
    assert url


def test_choices_survive_and_a_search_selects_all_it_finds(client):
    url = review_url(client, *[person(n) for n in range(60)])
    client.post(f"{url}select/", {"choice": "none"})
    client.post(f"{url}select/?q=noor5", {"choice": "all"})
    batch = Batch.objects.get()
    chosen = batch.rows.filter(selected=True)
    assert chosen.count() == 11
    client.post(f"{url}select/", {"row": ["2", "3"], "selected": "1"})
    client.post(f"{url}choose/", {"questionnaire": "personenbelasting", "language": "french"})
    page = client.get(url).content.decode()
    assert "13 van 60 geselecteerd" in " ".join(page.split())
    batch.refresh_from_db()
    assert (batch.questionnaire, batch.language) == ("personenbelasting", "french")


def test_what_is_chosen_by_script_answers_with_the_counts_and_says_saved(client):
    url = review_url(client, person(1), person(2))
    answer = client.post(f"{url}select/", {"row": "2", "selected": "0"}, headers={"HX-Request": "true"})
    assert "1 van 2 geselecteerd" in " ".join(answer.content.decode().split())
    said = json.loads(answer.headers["HX-Trigger"])["announce"]["text"]
    assert re.fullmatch(r"Bewaard om \d\d:\d\d:\d\d\. 1 van 2 geselecteerd", said)


def test_a_language_that_a_colleague_chose_for_all_meanwhile_is_not_added_unseen(client, client_as, staged, admin):
    batch = staged(person(1))
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    form = dict(re.findall(r'<input type="hidden" name="(revision|for_all)" value="([^"]*)"', page))
    other = client_as(admin)
    other.post(f"/imports/{batch.pk}/choose/", {"language": "french", "questionnaire": "personenbelasting"})
    said = client.post(f"/imports/{batch.pk}/add/", form, follow=True).content.decode()
    assert "koos intussen een andere taal" in said
    assert not Customer.objects.exists()
    form = dict(re.findall(r'<input type="hidden" name="(revision|for_all)" value="([^"]*)"', said))
    client.post(f"/imports/{batch.pk}/add/", form)
    assert Customer.objects.get().language == "french"


def test_a_questionnaire_or_language_that_the_office_does_not_have_is_not_saved(client, office):
    office.languages = ["dutch"]
    office.save()
    url = review_url(client, person(1))
    client.post(f"{url}choose/", {"questionnaire": "andere", "language": ""})
    client.post(f"{url}choose/", {"questionnaire": "", "language": "french"})
    batch = Batch.objects.get()
    assert (batch.questionnaire, batch.language) == ("", "")


def test_a_national_number_stands_masked_on_the_review(client):
    url = review_url(client, person(1, national_number="85073003328"))
    page = client.get(url).content.decode()
    assert "85.07.30-***.**" in page
    assert "85073003328" not in page


def test_what_people_type_is_text_on_every_page(client):
    url = review_url(client, person(1, first_name="<script>alert(1)</script>", last_name="O'Neill & Zn"))
    page = client.get(url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_review_can_be_thrown_away_until_something_was_added(client):
    url = review_url(client, person(1))
    client.post(f"{url}discard/")
    assert not Batch.objects.exists()
    url = review_url(client, person(1))
    client.post(f"{url}choose/", {"questionnaire": "personenbelasting"})
    client.post(f"{url}add/", {"revision": "99"})
    assert Customer.objects.count() == 1
    client.post(f"{url}discard/")
    assert Batch.objects.get().state == State.DONE


def test_adding_twice_leads_to_the_same_result(client):
    url = review_url(client, person(1))
    client.post(f"{url}choose/", {"questionnaire": "personenbelasting"})
    first = client.post(f"{url}add/", {"revision": "99"}, follow=True)
    second = client.post(f"{url}add/", {"revision": "99"}, follow=True)
    for answer in (first, second):
        assert "1 klant toegevoegd" in " ".join(answer.content.decode().split())
    assert Customer.objects.count() == 1


def test_a_large_list_is_read_by_the_worker(client, monkeypatch):
    from accounton.importing import jobs, staging

    monkeypatch.setattr(staging, "is_light", lambda _content: False)
    url = review_url(client, person(1))
    batch = Batch.objects.get()
    assert batch.state == State.WAITING
    assert "hx-trigger" in client.get(url).content.decode()
    jobs.work_on(batch.office_id, batch.pk)
    assert client.get(f"{url}progress/").headers["HX-Redirect"] == url


def test_a_file_that_kills_its_worker_is_given_up_after_three_attempts(client, monkeypatch):
    from accounton.importing import jobs, staging

    monkeypatch.setattr(staging, "is_light", lambda _content: False)
    url = review_url(client, person(1))
    batch = Batch.objects.get()
    Batch.objects.update(attempts=jobs.ATTEMPTS, state=State.READING)
    jobs.work_on(batch.office_id, batch.pk)
    batch.refresh_from_db()
    assert batch.state == State.FAILED
    assert not Upload.objects.exists()
    assert "drie keer afgebroken" in client.get(url).content.decode()


def test_a_job_delivered_again_leaves_a_finished_review_alone(client):
    from accounton.importing import jobs

    review_url(client, person(1))
    batch = Batch.objects.get()
    for _ in range(jobs.ATTEMPTS + 2):
        jobs.work_on(batch.office_id, batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.attempts, batch.rows.count()) == (State.REVIEW, 0, 1)


def test_an_add_that_dies_again_and_again_comes_back_to_its_reviewer(client):
    from accounton.importing import applying, jobs

    review_url(client, person(1))
    batch = Batch.objects.get()
    Batch.objects.update(questionnaire="personenbelasting")
    batch.refresh_from_db()
    applying.claim(batch, None, batch.revision)
    Batch.objects.update(attempts=jobs.ATTEMPTS)
    jobs.work_on(batch.office_id, batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Customer.objects.count()) == (State.REVIEW, 0)
    applying.claim(batch, None, batch.revision)
    jobs.work_on(batch.office_id, batch.pk)
    assert Customer.objects.count() == 1


def test_the_template_has_the_columns_in_order_in_the_readers_language(client_as, accountant):
    for language, first in (("nl", "Voornaam"), ("fr", "Prénom"), ("en", "Firstname")):
        answer = client_as(accountant, language).get("/imports/template.xlsx")
        book = openpyxl.load_workbook(BytesIO(answer.content))
        sheet = book.worksheets[0]
        assert [cell.value for cell in sheet[1]] == [column.headers[language] for column in COLUMNS]
        assert sheet["B1"].value == first
        assert sheet.freeze_panes == "A2"
        assert sheet["B1"].comment is not None
        groups = list(sheet.column_dimensions.values())
        assert {group.number_format for group in groups} == {"@"}
        assert {place for group in groups for place in range(group.min, group.max + 1)} == set(range(1, 22))
        offered = [rule.formula1 for rule in sheet.data_validations.dataValidation]
        assert any("person" in rule for rule in offered)
        assert any("dutch" in rule for rule in offered)
        assert any(accountant.email in rule for rule in offered)
        assert len(book.worksheets) == 2


@pytest.mark.parametrize("bucket", Bucket.values)
def test_help_is_one_click_away_in_every_bucket(client, bucket):
    url = review_url(client, person(1), person(2, email="a@@x"))
    assert "Hoe werkt dit?" in client.get(f"{url}?bucket={bucket}").content.decode()


def test_choosing_in_very_many_rows_says_that_it_takes_a_while(client, monkeypatch):
    from accounton.importing import review

    url = review_url(client, *[person(n) for n in range(3)])
    assert "worden bewaard" not in client.get(url).content.decode()
    monkeypatch.setattr(review, "LONG", 2)
    page = client.get(url).content.decode()
    assert "3 rijen worden bewaard…" in page
    assert 'role="status"' in page
