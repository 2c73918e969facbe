"""How long somebody stays signed in, and what is answered where nobody is any more."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounton.customers.models import Customer
from accounton.importing.models import Batch
from accounton.offices import sessions
from accounton.offices.kept_posts import KEY
from accounton.offices.models import Office
from accounton.site import environment
from tests.conftest import PASSWORD
from tests.site.routes import routes

OVERVIEW = "/customers/"
PAGE = {"accept": "text/html"}
SCRIPT = {"hx-request": "true"}
HOUR = 3600
ROOT = Path(__file__).parent.parent.parent / "accounton"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sessions, "time", clock)
    return clock


@pytest.fixture
def batch(admin) -> Batch:
    return Batch.objects.create(file_name="lijst.xlsx", assessment_year=2026, state="review")


def is_signed_in(client: Client, url: str = OVERVIEW) -> bool:
    return client.get(url, follow=False).status_code == 200


def test_use_keeps_somebody_signed_in(clock, admin, client_as):
    client = client_as(admin)
    for _ in range(10):
        clock.forward(settings.SESSION_IDLE_SECONDS - 1)
        assert is_signed_in(client)
        if clock.now - 1_800_000_000 > settings.SESSION_COOKIE_AGE - 2 * settings.SESSION_IDLE_SECONDS:
            break


def test_without_use_a_session_ends_and_is_gone(clock, admin, client_as):
    client = client_as(admin)
    clock.forward(settings.SESSION_IDLE_SECONDS + 1)
    assert not is_signed_in(client)
    assert not Session.objects.exists()


def test_after_a_working_day_it_ends_whatever_happens(clock, admin, client_as):
    client = client_as(admin)
    while clock.now < 1_800_000_000 + settings.SESSION_COOKIE_AGE:
        assert is_signed_in(client)
        clock.forward(HOUR // 2)
    assert not is_signed_in(client)


def test_what_a_page_asks_by_itself_is_no_use(clock, admin, client_as, batch):
    client = client_as(admin)
    for _ in range(4):
        clock.forward(settings.SESSION_IDLE_SECONDS // 4 + 1)
        client.get(reverse("importing:progress", args=[batch.pk]), headers=SCRIPT)
        client.get(reverse("account_session"))
    assert not is_signed_in(client)


def test_every_page_that_asks_by_itself_asks_what_is_no_use():
    """A new page that polls must ask a view that is marked for it."""
    polls = []
    for template in ROOT.glob("**/templates/**/*.html"):
        for tag in re.findall(r"<[^>]*every \d[^>]*>", re.sub(r"{%(.*?)%}", r"«\1»", template.read_text())):
            polls += re.findall(r"hx-get=\"« url '([\w:]+)'", tag)
    assert len(polls) > 3
    views = {route.name: route.view for route in routes()}
    assert [name for name in polls if not getattr(views[name], "is_background", False)] == []


def test_use_is_written_down_every_two_minutes_at_most(clock, admin, client_as):
    client = client_as(admin)
    is_signed_in(client)
    clock.forward(sessions.NOTED_EVERY - 1)
    with CaptureQueriesContext(connection) as asked:
        is_signed_in(client)
    assert not [query for query in asked if "UPDATE" in query["sql"]]
    clock.forward(1)
    with CaptureQueriesContext(connection) as asked:
        is_signed_in(client)
    assert [query["sql"] for query in asked if "UPDATE" in query["sql"] and "django_session" in query["sql"]]


def test_one_stays_signed_in_by_asking_for_it(clock, admin, client_as):
    client = client_as(admin)
    address = reverse("account_session")
    clock.forward(settings.SESSION_IDLE_SECONDS - 60)
    state = client.get(address).json()
    assert (state["seconds"], state["can_stay"]) == (60, True)
    assert state["person"] == f"{admin.office_id}-{admin.pk}"
    assert client.post(address).json()["seconds"] == settings.SESSION_IDLE_SECONDS
    assert Client().get(address).json() == {"person": ""}


def test_near_the_end_of_the_day_nobody_is_promised_to_stay(clock, admin, client_as):
    client = client_as(admin)
    while clock.now < 1_800_000_000 + settings.SESSION_COOKIE_AGE - HOUR // 2:
        is_signed_in(client)
        clock.forward(HOUR // 2)
    state = client.post(reverse("account_session")).json()
    assert (state["seconds"], state["can_stay"]) == (HOUR // 2, False)


@pytest.mark.parametrize(("idle", "most"), [("0", "12"), ("60", "0"), ("een", "12"), ("61", "1"), ("-5", "12")])
def test_limits_that_make_no_sense_are_refused(monkeypatch, idle, most):
    monkeypatch.setenv("ACCOUNTON_SESSION_IDLE_MINUTES", idle)
    monkeypatch.setenv("ACCOUNTON_SESSION_MAX_HOURS", most)
    with pytest.raises(environment.UnusableEnvironment, match="SESSION_IDLE_MINUTES"):
        environment.session_limits()


def test_limits_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("ACCOUNTON_SESSION_IDLE_MINUTES", "30")
    monkeypatch.setenv("ACCOUNTON_SESSION_MAX_HOURS", "8")
    assert environment.session_limits() == (1800, 28800)


@pytest.mark.parametrize(
    "headers", [SCRIPT, {"sec-fetch-dest": "empty"}, {"accept": "application/json"}], ids=["htmx", "fetch", "json"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_is_told_that_nobody_is_signed_in(db, headers, method):
    answer = getattr(Client(), method)("/imports/new/", headers=headers)
    assert (answer.status_code, answer["X-Refused"]) == (401, "signed-out")
    assert answer["X-Sign-In"] == "/accounts/login/?next=%2Faccounts%2Fsigned-in%2F"
    assert answer.content == b""


def test_a_script_is_told_where_to_show_who_one_is(admin, client_as):
    answer = client_as(admin).get("/accounts/2fa/totp/activate/", headers=SCRIPT)
    assert (answer.status_code, answer["X-Refused"]) == (401, "not-confirmed")
    assert answer["X-Sign-In"] == "/accounts/reauthenticate/?next=%2Faccounts%2Fsigned-in%2F"


def test_a_script_of_a_page_from_before_the_last_sign_in_is_told_so(admin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    answer = client.post("/language/", {"language": "fr"}, headers=SCRIPT)
    assert (answer.status_code, answer["X-Refused"]) == (403, "outdated-token")


def test_a_page_of_somebody_else_changes_nothing(admin, accountant, client_as):
    client = client_as(accountant)
    mine, other = ({"x-person": sessions.person_of(user), **SCRIPT} for user in (accountant, admin))
    assert client.get(OVERVIEW, headers=mine).status_code == 200
    answer = client.get(OVERVIEW, headers=other)
    assert (answer.status_code, answer["X-Refused"], answer.content) == (409, "other-person", b"")
    assert client.post("/customers/new/", {"first_name": "Jan"}, headers=other).status_code == 409


def signed_out(user, client_as) -> Client:
    """Return a client whose session ended just after a page was opened."""
    client = client_as(user)
    assert is_signed_in(client)
    Session.objects.all().delete()
    return client


def sign_in(client: Client, user, to: str):
    return client.post(to, {"login": user.email, "password": PASSWORD})


NEW = {"first_name": "Jan", "last_name": "Maes", "email": "jan@x.example", "language": "dutch"}
NEW |= {"questionnaire": "personenbelasting"}


def test_a_form_that_was_sent_is_kept_and_saved_after_signing_in(admin, client_as):
    client = signed_out(admin, client_as)
    answer = client.post("/customers/new/", NEW, headers={"referer": "http://testserver/customers/new/"})
    assert answer.url == "/accounts/login/?next=%2Faccounts%2Fkept%2F"
    assert "blijft een uur lang bewaard" in client.get(answer.url).content.decode()
    stored = Session.objects.get().get_decoded()[KEY]
    assert "jan@x.example" not in stored
    answer = sign_in(client, admin, answer.url)
    assert answer.url == "/accounts/kept/"
    page = client.get(answer.url).content.decode()
    assert 'action="/customers/new/"' in page
    assert "jan@x.example" in page
    assert Customer.objects.count() == 0
    client.post("/customers/new/", NEW)
    assert Customer.objects.count() == 1
    assert client.get("/accounts/kept/").status_code == 302


@pytest.mark.parametrize("who", ["accountant", "other_admin"])
def test_what_was_sent_is_not_given_to_somebody_else(admin, client_as, who, request):
    client = signed_out(admin, client_as)
    address = client.post("/customers/new/", NEW).url
    sign_in(client, request.getfixturevalue(who), address)
    answer = client.get("/accounts/kept/", follow=True)
    assert "jan@x.example" not in answer.content.decode()
    assert "Er is niets dat nog bewaard moet worden." in answer.content.decode()


def test_what_was_sent_is_not_kept_longer_than_an_hour(admin, client_as, monkeypatch):
    client = signed_out(admin, client_as)
    sign_in(client, admin, client.post("/customers/new/", NEW).url)
    monkeypatch.setattr("accounton.offices.kept_posts.KEPT_SECONDS", -1)
    assert client.get("/accounts/kept/").status_code == 302


def test_of_somebody_unknown_nothing_is_kept(db):
    client = Client()
    assert client.post("/customers/new/", NEW).url == "/accounts/login/?next=%2F"
    assert KEY not in client.session


def test_no_password_is_ever_kept(admin, client_as):
    client = signed_out(admin, client_as)
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD})
    assert "kept" not in answer.url
    assert KEY not in client.session


def test_a_file_is_not_kept_and_that_is_said(admin, client_as):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_out(admin, client_as)
    answer = client.post(
        "/imports/new/",
        {"file": SimpleUploadedFile("k.csv", b"a;b")},
        headers={"referer": "http://testserver/imports/new/"},
    )
    assert answer.url == "/accounts/login/?next=%2Fimports%2Fnew%2F"
    assert "is niet bewaard: meld u aan en verstuur het opnieuw" in client.get(answer.url).content.decode()


def test_a_download_leads_back_to_the_page_it_is_on(admin, client_as):
    client = signed_out(admin, client_as)
    answer = client.get("/imports/template.xlsx", headers={"referer": "http://testserver/imports/new/?columns=1"})
    assert answer.url == "/accounts/login/?next=%2Fimports%2Fnew%2F%3Fcolumns%3D1"


def test_a_page_elsewhere_is_nowhere_to_go_back_to(admin, client_as):
    client = signed_out(admin, client_as)
    answer = client.get("/imports/template.xlsx", headers={"referer": "http://evil.example/"})
    assert answer.url == "/accounts/login/?next=%2F"


def test_signing_out_leads_where_it_should(admin, client_as):
    answer = client_as(admin).post("/accounts/logout/", {"next": "/accounts/login/?next=/accounts/signed-in/"})
    assert answer.url == "/accounts/login/?next=/accounts/signed-in/"


@pytest.mark.parametrize(
    ("route", "args", "page"),
    [
        ("importing:add", [1], "/imports/1/"),
        ("importing:settle_near", [1], "/imports/1/near/"),
        ("importing:restore_departure", [1, 2], "/imports/1/"),
        ("importing:delete_rule", [3], "/imports/rules/3/"),
        ("customers:archive", [4], "/customers/4/"),
        ("customers:reveal", [4, "national_number"], "/customers/4/"),
        ("set_language", [], "/"),
    ],
)
def test_an_address_that_only_takes_what_is_sent_leads_to_its_page(admin, client_as, route, args, page):
    client = client_as(admin)
    answer = client.get(reverse(route, args=args), headers=PAGE)
    assert (answer.status_code, answer.url) == (302, page)
    assert client.get(reverse(route, args=args)).status_code == 405


def test_every_such_address_leads_to_a_page(admin, client_as):
    """However many steps it takes: none ends at the browser's bare 405."""
    client = client_as(admin)
    for route in routes():
        if getattr(route.view, "policy", None) in {"staff", "admin", "anyone"}:
            values = {
                name: {"kind": "review", "code": "email.invalid"}.get(name, "national_number")
                for name in route.converters
            }
            values |= {name: 1 for name, converter in route.converters.items() if "Int" in type(converter).__name__}
            answer = client.get(reverse(route.name, kwargs=values), headers=PAGE, follow=True)
            assert answer.status_code != 405, route.name


def test_an_office_may_have_sessions_end_sooner_and_not_later(clock, admin, office, client_as):
    client = client_as(admin)
    Office.objects.filter(pk=office.pk).update(idle_minutes=15)
    assert is_signed_in(client)
    assert client.get(reverse("account_session")).json()["seconds"] == 15 * 60
    clock.forward(15 * 60 - 1)
    assert is_signed_in(client)
    clock.forward(15 * 60 + 1)
    assert not is_signed_in(client)
    client = client_as(admin)
    Office.objects.filter(pk=office.pk).update(idle_minutes=600)
    is_signed_in(client)
    clock.forward(settings.SESSION_IDLE_SECONDS + 1)
    assert not is_signed_in(client)


def test_a_session_that_the_office_finds_too_old_ends_at_the_next_click(clock, admin, office, client_as):
    client = client_as(admin)
    assert is_signed_in(client)
    clock.forward(20 * 60)
    Office.objects.filter(pk=office.pk).update(idle_minutes=15)
    assert not is_signed_in(client)
    assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()


def test_a_longer_time_reaches_sessions_that_are_open(clock, admin, office, client_as):
    Office.objects.filter(pk=office.pk).update(idle_minutes=15)
    client = client_as(admin)
    assert is_signed_in(client)
    Office.objects.filter(pk=office.pk).update(idle_minutes=None)
    assert is_signed_in(client)
    clock.forward(20 * 60)
    assert is_signed_in(client)


def test_what_the_office_wants_costs_no_question(admin, office, client_as):
    client = client_as(admin)
    counts = []
    for minutes in (None, 15):
        Office.objects.filter(pk=office.pk).update(idle_minutes=minutes)
        is_signed_in(client)
        with CaptureQueriesContext(connection) as asked:
            is_signed_in(client)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["accountant", "other_admin"])
def test_what_was_sent_is_still_there_when_somebody_else_worked_in_this_browser_meanwhile(
    admin, client_as, who, request
):
    client = signed_out(admin, client_as)
    address = client.post("/customers/new/", NEW).url
    other = request.getfixturevalue(who)
    sign_in(client, other, address)
    pages = [client.get(path, follow=True).content.decode() for path in ("/accounts/kept/", "/customers/", "/")]
    assert not [page for page in pages if "jan@x.example" in page or "/accounts/kept/" in page]
    client.post("/language/", {"language": "fr"})
    assert client.post("/accounts/logout/").status_code == 302
    assert "jan@x.example" not in client.get("/accounts/login/").content.decode()
    answer = sign_in(client, admin, "/accounts/login/")
    assert answer.url == "/accounts/kept/"
    assert "jan@x.example" in client.get(answer.url).content.decode()
    client.post("/customers/new/", NEW)
    assert Customer.objects.count() == 1
    client.post("/accounts/logout/")
    assert KEY not in client.session


def test_the_tab_in_which_one_signs_in_for_a_page_that_waits_goes_its_own_way(admin, client_as):
    client = signed_out(admin, client_as)
    client.post("/customers/new/", NEW)
    assert sign_in(client, admin, "/accounts/login/?next=/accounts/signed-in/").url == "/accounts/signed-in/"
