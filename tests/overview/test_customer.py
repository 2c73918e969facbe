"""The page of one customer: what stands there, revealing a number, archiving, and that other offices see nothing."""

import datetime
import re

import orjson
import pytest
from django.test import Client

from accounton.customers.models import Customer
from accounton.importing.bases import overwritten_context
from accounton.importing.models import Batch, Overwritten, StagedRow
from accounton.offices.keys import sealer
from accounton.offices.models import AuditEntry
from accounton.overview.editing import set_archived
from tests.overview.conftest import LOUIS
from tests.overview.test_overview import names, text

NUMBER, SPOUSE = "85.07.30-033.28", "17.07.30-033.84"


def url(customer, action="") -> str:
    return f"/customers/{customer.pk}/{action}"


def test_details_partner_and_dossier(staff, emma):
    page = text(staff.get(url(emma)))
    for words in (
        "Emma Peeters & Louis Janssens", "Personenbelasting 2026", "Gezamenlijke aangifte", "Hoofdaangever",
        "e.peeters@telenet.be", "+32 478 12 34 56", "85.07.30-***.**", "Kerkstraat 12 bus 3, 9300 Aalst", "Nederlands",
        "0403.019.261", "1017", "Partner", "Louis Janssens", "17.07.30-***.**", "Dossier 2026", "Nog niet verzonden",
        "16/10/2026", "belastingkalender", "Checklist van de personenbelasting", "kantoor Gent", "zelfstandig",
    ):  # fmt: skip
        assert words in page


def test_the_questionnaire_stands_filled_in_with_numbers_masked(staff, emma):
    response = staff.get(url(emma))
    part = response.content.decode().split('id="questionnaire"')[1].split('id="history"')[0]
    for words in (
        "Emma Peeters", "e.peeters@telenet.be", "+32 478 12 34 56", "Kerkstraat 12 bus 3, 9300 Aalst",
        "85.07.30-***.**", "17.07.30-***.**", "Louis Janssens",
    ):  # fmt: skip
        assert words in part
    view = response.context["present"]
    assert 5 < view.filled < view.asked
    assert f"{view.filled} van {view.asked} ingevuld" in text(response)


def test_a_single_return_shows_no_partner(staff, make):
    response = staff.get(url(make()))
    assert response.context["partner"] == []
    assert "Individuele aangifte" in text(response)


def test_dossiers_by_year_with_their_own_deadlines(staff, make):
    from accounton.dossiers.models import Dossier

    customer = make(LOUIS, deadline=datetime.date(2026, 9, 1))
    Dossier.objects.create(customer=customer, assessment_year=2024, status="done")
    Dossier.objects.create(customer=customer, assessment_year=2031)
    page = text(staff.get(url(customer)))
    years = re.findall(r"Dossier (20\d\d)", page)
    assert years == ["2031", "2026", "2024"]
    for words in ("01/09/2026 eigen datum", "nog niet bekend voor aanslagjaar 2031", "15/07/2024", "Afgewerkt"):
        assert words in page
    assert "deadline 01/09/2026" in page


@pytest.mark.parametrize(("column", "plain"), [("national_number", NUMBER), ("spouse_national_number", SPOUSE)])
def test_a_number_is_revealed_by_a_click_and_that_is_written_down(staff, accountant, emma, column, plain):
    assert plain not in text(staff.get(url(emma)))
    response = staff.post(url(emma, f"reveal/{column}/"))
    assert plain in text(response)
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.action, entry.subject) == (accountant, "number.revealed", f"customer:{emma.pk}")
    assert plain not in text(staff.get(url(emma)))
    assert "bekeken" in text(staff.get(url(emma)))
    assert "Tom Baert" in text(staff.get(url(emma)))


def test_only_the_asked_number_is_revealed(staff, emma):
    page = text(staff.post(url(emma, "reveal/national_number/")))
    assert SPOUSE not in page
    assert "17.07.30-***.**" in page


def test_with_a_script_only_the_fragment_comes_back(staff, emma):
    response = staff.post(url(emma, "reveal/national_number/"), headers={"HX-Request": "true"})
    assert NUMBER in response.content.decode()
    assert "<html" not in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("column", ["email", "national_number_hash", "enterprise_number", "office_id"])
def test_nothing_but_national_numbers_is_revealed(staff, emma, column):
    assert staff.post(url(emma, f"reveal/{column}/")).status_code == 404
    assert not AuditEntry.objects.exists()


def test_a_number_that_is_not_there_is_not_revealed(staff, make):
    assert staff.post(url(make(), "reveal/national_number/")).status_code == 404


def test_revealing_asks_for_a_post_with_a_token(accountant, emma):
    client = Client(enforce_csrf_checks=True)
    client.force_login(accountant)
    assert client.get(url(emma, "reveal/national_number/")).status_code == 405
    assert client.post(url(emma, "reveal/national_number/")).status_code == 403
    assert not AuditEntry.objects.exists()


def test_archive_and_undo(staff, emma):
    response = staff.post(url(emma, "archive/"), follow=True)
    assert "Emma Peeters is gearchiveerd." in text(response)
    undo = re.search(r'form="undo" formaction="([^"]+)"', response.content.decode())
    assert '<form id="undo" method="post">' in response.content.decode()
    assert names(staff.get("/customers/")) == []
    page = text(staff.post(undo[1], follow=True))
    assert "Emma Peeters staat weer in het overzicht." in page
    assert names(staff.get("/customers/")) == ["Peeters"]
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "customer.archived",
        "customer.brought_back",
    ]


def test_archiving_twice_is_archiving_once(accountant, emma):
    assert set_archived(emma, accountant, archived=True)
    when = Customer.objects.get().archived_at
    assert not set_archived(emma, accountant, archived=True)
    assert Customer.objects.get().archived_at == when
    assert AuditEntry.objects.count() == 1


def test_an_archived_customer_can_be_looked_at_and_brought_back(staff, accountant, emma):
    set_archived(emma, accountant, archived=True)
    page = text(staff.get(url(emma)))
    assert "Gearchiveerd op" in page
    assert "Terughalen" in page


def test_archiving_goes_back_to_where_one_came_from_but_never_elsewhere(staff, emma):
    assert staff.post(url(emma, "archive/?next=/imports/3/%3Fbucket%3Ddouble")).url == "/imports/3/?bucket=double"
    assert staff.post(url(emma, "archive/?next=https://evil.example/")).url == "/customers/"
    assert staff.post(url(emma, "archive/?next=//evil.example/")).url == "/customers/"


def test_the_history_says_from_which_list_and_row_a_customer_came(staff, admin, client_as, make):
    customer = make()
    batch = Batch.objects.create(file_name="klanten.xlsx", assessment_year=2026, created_by=admin)
    row = StagedRow.objects.create(batch=batch, number=17, bucket="only_in_import", is_joint=False, repaired=False)
    Customer.objects.filter(pk=customer.pk).update(import_row=row.pk)
    assert "Toegevoegd uit klanten.xlsx, rij 17 · Els Claes" in text(staff.get(url(customer)))
    assert f'href="/imports/{batch.pk}/"' not in staff.get(url(customer)).content.decode()
    assert f'href="/imports/{batch.pk}/"' in client_as(admin).get(url(customer)).content.decode()


def test_the_history_shows_what_an_import_overwrote_field_by_field(staff, admin, emma):
    batch = Batch.objects.create(file_name="klanten.xlsx", assessment_year=2026)
    row = StagedRow.objects.create(batch=batch, number=17, bucket="double", is_joint=False, repaired=False)
    before = {"mobile": "", "national_number": "93051822361"}
    after = {"mobile": "+32495551000", "national_number": "85073003328"}
    content = orjson.dumps({"before": before, "after": after, "was_archived": ""})
    Overwritten.objects.create(
        batch=batch, row=row, customer=emma, keys=",mobile,national_number,", with_dossier=False, chosen_by=admin,
        sealed=sealer().seal(content, overwritten_context(batch.office_id)), at=emma.created_at,
    )  # fmt: skip
    page = text(staff.get(url(emma))).split("Geschiedenis")[-1]
    assert "Overschreven uit klanten.xlsx, rij 17 · Els Claes" in page
    assert "Mobiel nummer: — → +32495551000" in page
    assert "Rijksregisternummer: 93.05.18-***.** → 85.07.30-***.**" in page
    assert "93051822361" not in page
    assert "Ongedaan" not in page


PAGES = (("get", ""), ("get", "edit/"), ("post", "edit/"), ("post", "archive/"), ("post", "bring-back/"),
         ("post", "reveal/national_number/"))  # fmt: skip


@pytest.mark.parametrize(("method", "action"), PAGES)
def test_another_offices_customer_is_as_one_that_never_was(emma, other_admin, client_as, method, action):
    client = client_as(other_admin)
    before = Customer.objects.values().get()
    foreign = getattr(client, method)(url(emma, action))
    unknown = getattr(client, method)(f"/customers/999999999/{action}")
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    assert Customer.objects.values().get() == before
    assert not AuditEntry.objects.exists()


def test_ids_too_large_for_any_database_do_not_exist(staff, office):
    assert staff.get(f"/customers/{10**30}/").status_code == 404


def test_the_number_of_queries_is_small(staff, emma, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        staff.get(url(emma))


def test_names_are_never_markup(staff, make):
    customer = make(LOUIS, first_name="<script>alert(1)</script>", labels="<b>x</b>")
    for path in ("/customers/", url(customer), url(customer, "edit/")):
        assert "<script>alert" not in staff.get(path).content.decode()
    assert "&lt;script&gt;" in staff.post(url(customer, "archive/"), follow=True).content.decode()
