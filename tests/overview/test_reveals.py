"""National numbers are shown within limits, whichever page shows them; every one stands in a list for the admins."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounton.importing.near import look
from accounton.offices.audit.triggers import lifted
from accounton.offices.models import AuditEntry, User
from accounton.offices.reveals import LimitReached, Seen, is_stopped, reveal, stopped_among
from accounton.offices.scoping import acting_for
from accounton.site import environment
from tests.conftest import PASSWORD
from tests.importing.conftest import person, staged  # noqa: F401
from tests.overview.conftest import EMMA, YEAR
from tests.overview.test_overview import text

NUMBER, WRITTEN = EMMA["national_number"], "85.07.30-033.28"
LIST = "/customers/numbers/"
AGAIN = "/accounts/reauthenticate/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def midsummer():
    """These tests go by the real day: the audit does."""


@pytest.fixture
def second_admin(office):
    return User.objects.create_user("an@gent.example", PASSWORD, office, name="An Maes", role=User.Role.ADMIN)


@pytest.fixture
def boss(admin, client_as):
    return client_as(admin)


@pytest.fixture
def small(settings):
    """Three an hour and five a day."""
    settings.REVEALS_PER_HOUR, settings.REVEALS_PER_DAY = 3, 5


def show(client, customer, column="national_number", query="", **options):
    return client.post(f"/customers/{customer.pk}/reveal/{column}/{query}", **options)


def confirm(client, next_page: str):
    return client.post(AGAIN, {"password": PASSWORD, "next": next_page})


def shown(user=None) -> int:
    entries = AuditEntry.objects.filter(action="number.revealed", **({"user": user} if user else {}))
    return sum(entry.details.get("numbers", 1) for entry in entries)


def move_back(**delta) -> None:
    """Let all that was looked at have been looked at earlier."""
    with lifted():
        for entry in AuditEntry.objects.all():
            AuditEntry.objects.filter(pk=entry.pk).update(at=entry.at - datetime.timedelta(**delta))


def test_the_defaults_are_twenty_an_hour_and_a_hundred_a_day():
    assert (django_settings.REVEALS_PER_HOUR, django_settings.REVEALS_PER_DAY) == (20, 100)


def test_the_limits_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("ACCOUNTON_REVEALS_PER_HOUR", "7")
    assert environment.reveals("PER_HOUR", 20) == 7
    for wrong in ("0", "-1", "many", "1.5"):
        monkeypatch.setenv("ACCOUNTON_REVEALS_PER_HOUR", wrong)
        with pytest.raises(environment.UnusableEnvironment):
            environment.reveals("PER_HOUR", 20)


def test_the_twenty_first_within_an_hour_asks_who_it_is_and_leads_back(staff, accountant, emma):
    for _ in range(20):
        assert WRITTEN in show(staff, emma).content.decode()
    answer = show(staff, emma)
    assert answer.url == f"{AGAIN}?next=%2Fcustomers%2F{emma.pk}%2F"
    page = text(staff.get(answer.url))
    assert "U bekeek 20 rijksregisternummers in een uur tijd" in page
    assert shown() == 20
    assert confirm(staff, f"/customers/{emma.pk}/").url == f"/customers/{emma.pk}/"
    assert WRITTEN in show(staff, emma).content.decode()
    assert shown() == 21


def test_what_was_confirmed_in_one_session_opens_no_other(staff, client_as, accountant, emma, small):
    for _ in range(3):
        show(staff, emma)
    confirm(staff, "/")
    assert show(staff, emma).status_code == 200
    assert show(client_as(accountant), emma).status_code == 302


def test_after_an_hour_nobody_is_asked(staff, emma, small):
    for _ in range(3):
        show(staff, emma)
    assert show(staff, emma).status_code == 302
    move_back(minutes=61)
    assert show(staff, emma).status_code == 200


def test_a_script_is_led_there_too(staff, emma, small):
    for _ in range(3):
        show(staff, emma, headers=HTMX)
    answer = show(staff, emma, headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"{AGAIN}?next=%2Fcustomers%2F{emma.pk}%2F"
    assert NUMBER not in answer.content.decode()


def test_in_a_form_it_is_said_in_the_place_of_the_number_so_that_nothing_typed_is_lost(staff, emma, small):
    page = staff.get(f"/customers/{emma.pk}/edit/").content.decode()
    assert f'action="/customers/{emma.pk}/reveal/national_number/?in=form"' in page
    for _ in range(3):
        assert WRITTEN in show(staff, emma, query="?in=form", headers=HTMX).content.decode()
    answer = show(staff, emma, query="?in=form", headers=HTMX)
    assert "HX-Redirect" not in answer.headers
    assert f"{AGAIN}?next=%2Fcustomers%2F{emma.pk}%2Fedit%2F" in answer.content.decode()
    assert show(staff, emma, query="?in=form").url == f"{AGAIN}?next=%2Fcustomers%2F{emma.pk}%2Fedit%2F"


def test_without_scripts_the_form_itself_shows_the_number(staff, emma):
    page = show(staff, emma, query="?in=form").content.decode()
    assert WRITTEN in page
    assert 'name="first_name" value="Emma"' in page
    assert NUMBER not in page


@pytest.fixture
def stopped(staff, accountant, emma, small):
    """An accountant who saw all numbers of a day."""
    for _ in range(5):
        show(staff, emma)
        move_back(hours=1) if timezone.localtime().hour > 6 else confirm(staff, "/")
    return accountant


@pytest.mark.usefixtures("stopped")
def test_after_a_hundred_a_day_no_more_are_shown_until_an_admin_lifts_it(staff, accountant, admin, boss, emma):
    answer = show(staff, emma)
    assert answer.url == f"/customers/{emma.pk}/"
    page = text(staff.get(answer.url))
    assert "U bekeek 5 rijksregisternummers op één dag" in page
    assert "Els Claes" in page
    assert shown() == 5
    confirm(staff, "/")
    assert show(staff, emma).status_code == 302
    listed = boss.get(LIST)
    assert "Tom Baert" in text(listed)
    assert "heeft de daggrens bereikt" in text(listed)
    boss.post(f"{LIST}lift/", {"colleague": accountant.pk})
    assert show(staff, emma).status_code == 200
    lifted = text(boss.get(LIST))
    assert "heeft de daggrens bereikt" not in lifted
    assert "Liet Tom Baert meer nummers bekijken" in lifted


@pytest.mark.usefixtures("stopped")
def test_the_next_day_lifts_nothing(staff, emma):
    move_back(days=2)
    assert show(staff, emma).status_code == 302
    assert shown() == 5


@pytest.mark.usefixtures("small")
def test_a_new_day_counts_anew_for_who_was_not_stopped(staff, emma):
    for _ in range(3):
        show(staff, emma)
    move_back(days=1)
    for _ in range(3):
        assert show(staff, emma).status_code == 200


@pytest.mark.usefixtures("stopped")
def test_an_accountant_neither_sees_the_list_nor_lifts(staff, accountant, emma):
    assert staff.get(LIST).status_code == 403
    assert staff.post(f"{LIST}lift/", {"colleague": accountant.pk}).status_code == 403
    assert show(staff, emma).status_code == 302
    assert f'href="{LIST}"' not in staff.get("/customers/").content.decode()


@pytest.fixture
def stopped_admin(admin, office, small):
    for _ in range(5):
        reveal(admin, Seen("customer:1", "national_number"), timezone.now())
    assert is_stopped(admin)
    return admin


@pytest.mark.usefixtures("stopped_admin")
def test_an_admin_does_not_lift_their_own_limit_where_there_is_another(boss, admin, second_admin, client_as):
    confirm(boss, "/")
    boss.post(f"{LIST}lift/", {"colleague": admin.pk})
    assert is_stopped(admin)
    page = boss.get(LIST).content.decode()
    assert "An Maes" in page
    assert "Laat meer nummers toe" not in page
    client_as(second_admin).post(f"{LIST}lift/", {"colleague": admin.pk})
    assert not is_stopped(admin)


@pytest.mark.usefixtures("stopped_admin")
def test_the_only_admin_lifts_their_own_limit_after_signing_in_again(boss, admin):
    answer = boss.post(f"{LIST}lift/", {"colleague": admin.pk})
    assert answer.url == f"{AGAIN}?next=%2Fcustomers%2Fnumbers%2F"
    assert is_stopped(admin)
    assert confirm(boss, LIST).url == LIST
    boss.post(f"{LIST}lift/", {"colleague": admin.pk})
    assert not is_stopped(admin)
    [entry] = AuditEntry.objects.filter(action="reveals.lifted")
    assert (entry.user, entry.subject) == (admin, f"user:{admin.pk}")


def test_a_colleague_of_another_office_is_none_of_ours(boss, other_admin):
    assert boss.post(f"{LIST}lift/", {"colleague": other_admin.pk}).status_code == 404


def test_every_page_that_shows_numbers_counts_them(boss, admin, emma, staged, settings):  # noqa: F811
    settings.REVEALS_PER_HOUR = 6
    batch = staged(
        person(1, last_name="Peeters", first_name="Ema", national_number="85073003427"),
        person(2, national_number="93.05.18-223.61", email="a@@x"),
    )
    look(batch)
    near = f"/imports/{batch.pk}/near/reveal/"
    proposal = {"proposal": batch.proposals.get().pk}
    row = f"/imports/{batch.pk}/rows/3/reveal/national_number/"
    assert "85.07.30-034.27" in boss.post(near, proposal).content.decode()
    assert "93.05.18-223.61" in boss.post(row).content.decode()
    assert "93.05.18-223.61" in boss.post(row, headers=HTMX).content.decode()
    assert show(boss, emma).status_code == 200
    assert shown(admin) == 5
    refused = boss.post(near, proposal)  # it would show two
    assert refused.url.startswith(AGAIN)
    assert f"next=%2Fimports%2F{batch.pk}%2Fnear%2F" in refused.url
    assert boss.post(row).status_code == 200
    assert boss.post(row).url.startswith(f"{AGAIN}?next=%2Fimports%2F{batch.pk}%2Frows%2F3%2F")
    assert show(boss, emma).url.startswith(AGAIN)
    assert shown(admin) == 6
    page = text(boss.get(LIST))
    for words in ("Rijksregisternummers van twee personen", "rij 3 van lijst.xlsx", "Ema Peeters", "Emma Peeters"):
        assert words in page


@pytest.mark.parametrize("column", ["email", "national_number", "spouse_first_name"])
def test_of_a_row_nothing_else_is_revealed_nor_a_number_that_is_not_there(boss, staged, column):  # noqa: F811
    batch = staged(person(1, email="a@@x"))
    assert boss.post(f"/imports/{batch.pk}/rows/2/reveal/{column}/").status_code == 404
    assert not AuditEntry.objects.filter(action="number.revealed").exists()


def test_the_page_of_a_row_shows_its_number_when_asked(boss, staged):  # noqa: F811
    batch = staged(person(1, national_number=WRITTEN, email="a@@x"))
    page = boss.get(f"/imports/{batch.pk}/rows/2/").content.decode()
    assert WRITTEN not in page
    assert "Toon het volledige nummer" in page


def test_the_list_is_filtered_by_colleague_and_day(boss, admin, accountant, staff, emma):
    show(staff, emma)
    move_back(days=3)
    show(boss, emma, "spouse_national_number")
    today = timezone.localdate()
    for query, who in (
        ("", {"Tom Baert", "Els Claes"}),
        (f"?colleague={accountant.pk}", {"Tom Baert"}),
        (f"?day={today}", {"Els Claes"}),
        (f"?day={today - datetime.timedelta(days=3)}&colleague={admin.pk}", set()),
        ("?day=gisteren&colleague=x", {"Tom Baert", "Els Claes"}),
    ):
        page = boss.get(LIST + query).content.decode()
        table = page.partition("<tbody>")[2].partition("</tbody>")[0]
        assert {name for name in ("Tom Baert", "Els Claes") if name in table} == who, query
        assert not re.search(r"85\.?07\.?30-?033", page)


def test_the_empty_list_says_what_will_stand_there(boss):
    page = text(boss.get(LIST))
    assert "Nog niemand bekeek een nummer" in page
    assert 'href="/customers/numbers/"' in boss.get("/customers/").content.decode()


def test_the_list_of_many_takes_few_queries(boss, admin, make, staged):  # noqa: F811
    customers = [make(EMMA, year=YEAR, client_code=f"{n}", national_number="", spouse_national_number="")
                 for n in range(30)]  # fmt: skip
    for customer in customers:
        reveal(admin, Seen(f"customer:{customer.pk}", "national_number"), timezone.now())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert boss.get(LIST).status_code == 200
    assert len(queries) <= 12


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_at_once_only_as_many_are_shown_as_may_be(db, settings):
    from accounton.offices.models import Office

    settings.REVEALS_PER_DAY = 5
    office = Office.objects.create(name="Kantoor Gent", slug="gent")
    user = User.objects.create_user("tom@gent.example", PASSWORD, office, name="Tom")

    def one(_turn: int) -> bool:
        try:
            with acting_for(office.pk):
                reveal(user, Seen("customer:1", "national_number"), timezone.now())
        except LimitReached:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(20))) == 5
    with acting_for(office.pk):
        assert shown(user) == 5
        assert AuditEntry.objects.filter(action="reveals.stopped").count() == 1
        assert stopped_among([user]) == [user]
