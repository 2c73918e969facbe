"""Guessing passwords is slowed down by account and by network, and no stranger locks a colleague out."""

import re
from unittest import mock

import pytest
from django.core import signing
from django.core.cache import caches
from django.db import connection
from django.test import Client

from accounton.offices.limits import buckets
from accounton.offices.models import AuditEntry, TryBucket, User
from tests.conftest import PASSWORD
from tests.offices.limits.guessing import LOGIN, WRONG, browser, guess, guess_until_refused, later, sign_in

pytestmark = pytest.mark.django_db


def test_a_try_too_soon_is_refused_unread_with_the_seconds_to_wait(admin):
    client = browser()
    assert guess_until_refused(client, admin.email) == 5
    with mock.patch.object(User, "check_password") as looked:
        refused = guess(client, admin.email, PASSWORD)
    assert (refused.status_code, looked.called) == (429, False)
    seconds = int(refused["Retry-After"])
    assert 1 <= seconds <= 5
    assert f"over {seconds} seconde" in refused.content.decode()


def test_the_wait_doubles_and_ends(admin):
    client = browser()
    guess_until_refused(client, admin.email)
    waits = []
    passed = 0
    for _ in range(4):
        waits.append(int(guess_later(client, admin, passed)["Retry-After"]))
        passed += waits[-1] + 1
        assert guess_later(client, admin, passed).status_code == 200
    assert waits == sorted(waits)
    assert waits[-1] > 30
    with later(hours=2):
        assert sign_in(client, admin.email)


def guess_later(client, admin, seconds):
    with later(seconds=seconds):
        return guess(client, admin.email)


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Even wachten"), ("fr", "Un instant, s&#x27;il vous plaît"), ("en", "Please wait a moment")],
)
def test_the_page_says_it_in_the_language_of_the_reader(admin, language, words):
    client = browser(language=language)
    guess_until_refused(client, admin.email)
    html = guess(client, admin.email).content.decode()
    assert f'<html lang="{language}">' in html
    assert re.search(r"<h1>\s*(.*?)\s*</h1>", html)[1] in (words, words.replace("&#x27;", "'"))
    assert "/accounts/password/reset/" in html


def test_the_way_back_leads_to_the_page_one_wanted(admin):
    client = browser()
    guess_until_refused(client, admin.email)
    wanted = {"login": admin.email, "password": PASSWORD, "next": "/imports/?a=1&b=2"}
    html = client.post(LOGIN, wanted).content.decode()
    again = re.search(r'class="btn btn-primary" href="([^"]+)"', html)[1]
    assert again == f"{LOGIN}?next=%2Fimports%2F%3Fa%3D1%26b%3D2"
    with later(minutes=1):
        assert client.post(again, wanted).url == "/imports/?a=1&b=2"


def test_another_host_name_or_port_is_no_other_limit(admin, settings):
    settings.ALLOWED_HOSTS = ["*"]
    looked_at = 0
    for port in range(8000, 8012):
        answers = [
            guess(browser(), admin.email, SERVER_NAME=f"h{port}.example", SERVER_PORT=str(port)) for _ in range(5)
        ]
        looked_at += sum(answer.status_code == 200 for answer in answers)
    assert looked_at == 5


def test_a_made_up_x_forwarded_for_is_no_other_network(admin):
    statuses = [
        guess(browser(), admin.email, headers={"x-forwarded-for": f"198.51.100.{n}"}).status_code for n in range(8)
    ]
    assert statuses == [200] * 5 + [429] * 3


def test_behind_a_trusted_proxy_only_what_the_proxy_wrote_counts(admin, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    statuses = [
        guess(browser(), admin.email, headers={"x-forwarded-for": f"10.9.8.{n}, 203.0.113.50"}).status_code
        for n in range(8)
    ]
    assert statuses == [200] * 5 + [429] * 3
    assert guess(browser(), admin.email, headers={"x-forwarded-for": "10.9.8.1, 203.0.113.51"}).status_code == 200


def test_a_header_that_does_not_fit_the_proxies_breaks_nothing(admin, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    for header in ("203.0.113.50", "no address, at all", "", ","):
        assert guess(browser(), admin.email, headers={"x-forwarded-for": header}).status_code in (200, 429)


def test_the_addresses_of_one_ipv6_network_are_one(admin):
    statuses = [guess(browser(f"2a02:1810:1:2::{n:x}"), admin.email).status_code for n in range(1, 9)]
    assert statuses == [200] * 5 + [429] * 3
    assert guess(browser("2a02:1810:1:3::1"), admin.email).status_code == 200
    assert guess(browser("::ffff:203.0.113.7"), "ander@gent.example").status_code == 200
    keys = TryBucket.objects.count()
    guess(browser("203.0.113.7"), "ander@gent.example")
    assert TryBucket.objects.count() == keys


def test_an_account_is_guarded_against_many_networks_together(admin):
    statuses = [guess(browser(f"203.0.113.{n}"), admin.email).status_code for n in range(1, 31)]
    assert statuses == [200] * 20 + [429] * 10


def test_a_network_is_slowed_down_over_many_accounts(admin):
    statuses = [guess(browser(), f"iemand{n}@gent.example").status_code for n in range(60)]
    assert statuses[:50] == [200] * 50
    assert statuses[50:] == [429] * 10


def test_no_stranger_locks_a_colleague_out_of_a_browser_that_signed_in_before(admin):
    theirs = browser("198.51.100.1")
    assert sign_in(theirs, admin.email)
    theirs.post("/accounts/logout/")
    for n in range(1, 31):
        guess(browser(f"203.0.113.{n}"), admin.email)
    # Nor from the same network, behind one router.
    for n in range(70):
        guess(browser("198.51.100.1"), f"iemand{n}@gent.example")
    assert guess(browser("198.51.100.1"), admin.email).status_code == 429
    assert sign_in(theirs, admin.email)


def test_a_browser_in_which_the_password_was_changed_stays_a_known_one(admin):
    theirs = browser("198.51.100.1")
    sign_in(theirs, admin.email)
    new = "een-nieuw-wachtwoord-2027"
    change = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert theirs.post("/accounts/password/change/", change).status_code == 302
    for n in range(1, 31):
        guess(browser(f"203.0.113.{n}"), admin.email)
        guess(browser("198.51.100.1"), admin.email)
    assert theirs.post("/accounts/reauthenticate/?next=/accounts/2fa/", {"password": new}).url == "/accounts/2fa/"
    theirs.post("/accounts/logout/")
    assert sign_in(theirs, admin.email, new)


def test_a_lone_stranger_does_not_lock_out_a_new_browser_elsewhere(admin):
    stranger = browser("203.0.113.9")
    for _ in range(40):
        guess(stranger, admin.email)
    assert sign_in(browser("198.51.100.1"), admin.email)


def test_a_known_browser_has_limits_too(admin):
    theirs = browser()
    sign_in(theirs, admin.email)
    theirs.post("/accounts/logout/")
    assert guess_until_refused(theirs, admin.email) == 10


def test_a_cookie_that_was_made_up_or_belongs_to_another_account_helps_nobody(admin, accountant):
    helper = browser()
    sign_in(helper, accountant.email)
    helper.post("/accounts/logout/")
    assert guess_until_refused(helper, admin.email) == 5
    forger = browser("203.0.113.99")
    forger.cookies["browser"] = signing.dumps({str(admin.pk): ["x", "y"]}, salt="accounton.offices.browser")
    assert guess_until_refused(forger, admin.email) == 5
    forger.cookies["browser"] = "onzin"
    assert guess(forger, admin.email).status_code == 429


def test_two_colleagues_share_a_browser_and_both_keep_their_own(admin, accountant):
    counter = browser()
    for user in (admin, accountant):
        assert sign_in(counter, user.email)
        counter.post("/accounts/logout/")
    for n in range(1, 31):
        guess(browser(f"203.0.113.{n}"), admin.email)
        guess(browser(f"203.0.113.{n}"), accountant.email)
    assert sign_in(counter, admin.email)
    counter.post("/accounts/logout/")
    assert sign_in(counter, accountant.email)


def test_a_changed_password_makes_every_other_browser_unknown(admin):
    thief = browser("203.0.113.66")
    sign_in(thief, admin.email)
    thief.post("/accounts/logout/")
    admin.set_password("een-heel-ander-wachtwoord")
    admin.save()
    assert guess_until_refused(thief, admin.email) == 5


def test_a_right_password_clears_neither_account_nor_network(admin, accountant):
    attacker = browser()
    statuses = []
    for _ in range(12):
        statuses.append(guess(attacker, admin.email).status_code)
        assert sign_in(Client(REMOTE_ADDR="203.0.113.7"), accountant.email)
    assert statuses == [200] * 5 + [429] * 7


def test_a_right_password_in_between_does_not_clear_the_network(admin, accountant):
    statuses = []
    for n in range(55):
        statuses.append(guess(browser(), f"iemand{n}@gent.example").status_code)
        guess(browser(), accountant.email, PASSWORD)
    assert statuses == [200] * 50 + [429] * 5


def test_a_right_password_is_no_wrong_try(admin):
    for _ in range(30):
        assert sign_in(browser(), admin.email)
    assert guess_until_refused(browser(), admin.email) == 5


def test_it_does_not_depend_on_a_cache_that_forgets(admin, settings):
    client = browser()
    for _ in range(5):
        guess(client, admin.email)
        caches["default"].clear()
    assert guess(client, admin.email).status_code == 429
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM site_cache")
        assert cursor.fetchone()[0] == 0


def test_no_address_stands_in_the_table(admin):
    guess(browser(), admin.email)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM offices_trybucket")
        rows = repr([tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()])
    assert len(rows) > 100
    assert "gent.example" not in rows
    assert "203.0" not in rows


def test_unknown_and_known_accounts_get_the_same_answers(admin):
    left = User.objects.create_user("weg@gent.example", PASSWORD, admin.office, is_active=False)
    for address in (admin.email, "niemand@gent.example", left.email):
        client = browser(f"203.0.113.{len(address)}")
        answers = [guess(client, address) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        [error] = answers[0].context["form"].non_field_errors()
        assert error == "Dit e-mailadres of dit wachtwoord klopt niet."
        assert set(answers[0].cookies) == {"csrftoken"}


def test_unknown_accounts_take_the_time_of_a_password_too(admin, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    admin.set_password(PASSWORD)
    admin.save()
    hasher = "django.contrib.auth.hashers.Argon2PasswordHasher"
    for address in (admin.email, "niemand@gent.example"):
        with (
            mock.patch(f"{hasher}.encode", return_value="argon2$x") as made,
            mock.patch(f"{hasher}.verify", return_value=False) as compared,
        ):
            guess(browser(), address)
        assert made.call_count + compared.call_count == 1


def test_an_account_that_was_closed_is_out_at_once(admin, client_as):
    inside = browser()
    sign_in(inside, admin.email)
    assert inside.get("/customers/").status_code == 200
    User.objects.filter(pk=admin.pk).update(is_active=False)
    assert inside.get("/customers/").url.startswith(LOGIN)


def test_what_happened_is_recorded(admin):
    client = browser()
    for _ in range(8):
        guess(client, admin.email)
    sign_in(browser("198.51.100.1"), admin.email)
    entries = list(
        AuditEntry.objects.filter(subject=f"user:{admin.pk}").order_by("pk").values_list("action", flat=True)
    )
    # Of those refused in one wait only the first is written down: a stranger does not fill the table.
    assert entries == ["password.wrong"] * 5 + ["password.refused", "signed_in"]
    assert "gent.example" not in repr(list(AuditEntry.objects.values()))
    assert WRONG not in repr(list(AuditEntry.objects.values()))


def test_an_unknown_account_is_recorded_in_the_log_without_its_address(admin, caplog):
    guess(browser(), "niemand@gent.example")
    [line] = [record.getMessage() for record in caplog.records if record.name.startswith("accounton")]
    assert line.startswith("password.wrong")
    assert "niemand" not in line
    assert "203.0" not in line


def test_old_tries_are_swept(admin):
    guess_until_refused(browser(), admin.email)
    assert buckets.sweep() == 0
    with later(days=1):
        assert buckets.sweep() == 3
    assert not TryBucket.objects.exists()


def test_the_own_password_is_guarded_for_who_is_signed_in(admin, client_as):
    thief = client_as(admin)  # has the session, not the password, and no cookie of the browser
    change = {"oldpassword": WRONG, "password1": "een-nieuw-wachtwoord-2027", "password2": "een-nieuw-wachtwoord-2027"}
    statuses = [thief.post("/accounts/password/change/", change).status_code for _ in range(3)]
    statuses += [thief.post("/accounts/reauthenticate/", {"password": WRONG}).status_code for _ in range(3)]
    assert statuses == [200] * 5 + [429]
    refused = thief.post("/accounts/password/change/", change | {"oldpassword": PASSWORD})
    assert refused.status_code == 429
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_the_own_password_still_works_where_it_is_asked(admin):
    client, elsewhere = browser(), browser("203.0.113.44")
    sign_in(client, admin.email)
    sign_in(elsewhere, admin.email)
    assert client.post("/accounts/reauthenticate/?next=/accounts/2fa/", {"password": PASSWORD}).url == "/accounts/2fa/"
    new = "een-nieuw-wachtwoord-2027"
    changed = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert changed.status_code == 302
    assert client.get("/customers/").status_code == 200
    assert elsewhere.get("/customers/").status_code == 302, "every other session has ended"
    assert sign_in(browser("198.51.100.1"), admin.email, new)
    assert AuditEntry.objects.filter(action="password.changed", subject=f"user:{admin.pk}").count() == 1


def test_the_cookie_is_bound_to_its_host_and_no_script_reads_it(admin, settings):
    client = browser()
    sign_in(client, admin.email)
    cookie = client.cookies["browser"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert admin.email not in cookie.value
