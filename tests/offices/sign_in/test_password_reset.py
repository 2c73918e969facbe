"""A new password by mail, through a real mail server: what works, what ends, and what nobody learns from it."""

import logging
import re
from datetime import datetime, timedelta
from unittest import mock

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from accounton.offices import jobs
from accounton.offices.models import AuditEntry, StaffMail, User
from tests.conftest import PASSWORD
from tests.offices.limits.guessing import browser, guess, later, sign_in
from tests.offices.sign_in.conftest import link_in, text_of, use

pytestmark = pytest.mark.django_db
RESET, DONE = "/accounts/password/reset/", "/accounts/password/reset/done/"
NEW = "een-gloednieuw-wachtwoord-2027"


def ask(address: str, language: str = "nl", client: Client | None = None, **more):
    return (client or browser("198.51.100.9", language)).post(RESET, {"email": address}, **more)


def choose(client: Client, link: str, password: str = NEW):
    """Follow a link and choose a password; give the last answer."""
    opened = client.get(link)
    if opened.status_code != 302:
        return opened
    return client.post(opened.url, {"password1": password, "password2": password})


@pytest.fixture
def link(admin, mail_server, work_off):
    ask(admin.email)
    work_off()
    return link_in(mail_server.only())


def test_a_new_password_is_chosen_with_the_link_of_the_mail(admin, mail_server, work_off):
    client = browser()
    assert ask(admin.email, client=client).url == DONE
    assert "Kijk in uw mailbox" in client.get(DONE).content.decode()
    work_off()
    mail = mail_server.only()
    assert mail_server.to == [[admin.email]]
    assert mail["Subject"] == "Kies een nieuw wachtwoord"
    assert "Kies uw nieuwe wachtwoord via de link hieronder." in text_of(mail)
    assert link_in(mail) in text_of(mail, "html")
    assert mail["Message-ID"].endswith("@localhost>")
    assert mail["Auto-Submitted"] == "auto-generated"
    form = client.get(link_in(mail), follow=True)
    assert "Kies een nieuw wachtwoord" in form.content.decode()
    saved = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW}, follow=True)
    assert "Uw nieuwe wachtwoord is bewaard" in saved.content.decode()
    assert not sign_in(browser(), admin.email, PASSWORD)
    assert sign_in(client, admin.email, NEW)


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("nl", "Kies een nieuw wachtwoord", "één uur lang"),
        ("fr", "Choisissez un nouveau mot de passe", "pendant une heure"),
        ("en", "Choose a new password", "for one hour"),
    ],
)
def test_the_mail_is_in_the_language_in_which_it_was_asked_for(
    admin, mail_server, work_off, language, subject, sentence
):
    ask(admin.email, language)
    work_off()
    mail = mail_server.only()
    assert mail["Subject"] == subject
    assert sentence in text_of(mail)
    assert f'<html lang="{language}">' in text_of(mail, "html")
    assert "Els" not in text_of(mail)
    assert "Gent" not in text_of(mail)


def test_everybody_gets_the_same_answer_by_the_same_work(admin, office):
    left = User.objects.create_user("weg@gent.example", PASSWORD, office, is_active=False)
    answers, works = [], []
    for address in (admin.email, "niemand@gent.example", left.email, "ELS@gent.example"):
        client = browser(f"203.0.113.{len(works)}")
        with CaptureQueriesContext(connection) as work:
            answer = ask(address, client=client)
        page = client.get(answer.url)
        answers.append((answer.status_code, answer.url, answer.content, sorted(answer.cookies), without_tokens(page)))
        works.append([re.sub(r"\W+", " ", query["sql"])[:40] for query in work])
    assert answers[0][:2] == (302, DONE)
    assert answers.count(answers[0]) == len(answers)
    assert works.count(works[0]) == len(works)
    assert StaffMail.objects.count() == 4
    malformed = browser("203.0.113.200")
    for address in ("geen adres", "@", "a@b", "x" * 400 + "@gent.example", "<script>@x.example"):
        answer = ask(address, client=malformed)
        assert (answer.status_code, answer.url) == (302, DONE)
    assert StaffMail.objects.count() == 4


def without_tokens(page) -> str:
    return re.sub(r'value="\w{64}"|"X-CSRFToken": "\w+"', "", page.content.decode())


def test_only_an_open_account_gets_a_mail(admin, office, mail_server, work_off):
    left = User.objects.create_user("weg@gent.example", PASSWORD, office, is_active=False)
    for address in ("niemand@gent.example", left.email, "els@gent.example.evil.example"):
        ask(address)
    work_off()
    assert mail_server.mails == []
    assert not StaffMail.objects.exists()
    ask("  ELS@Gent.example ")
    work_off()
    assert mail_server.to == [[admin.email]], "to the address of the account, not to the one typed"


def test_the_link_is_ours_whatever_the_request_calls_us(admin, mail_server, work_off, settings):
    settings.ALLOWED_HOSTS = ["*"]
    hosts = {"SERVER_NAME": "evil.example", "SERVER_PORT": "666", "HTTP_X_FORWARDED_HOST": "evil.example"}
    ask(admin.email, **hosts)
    work_off()
    mail = mail_server.only()
    assert "evil" not in mail.as_string()
    assert "666/" not in text_of(mail)
    link_in(mail)


def test_a_link_works_once(admin, link):
    assert choose(browser(), link).url.endswith("/key/done/")
    again = choose(browser(), link, "weer-een-ander-wachtwoord")
    assert again.status_code == 200
    assert "Deze link werkt niet meer" in again.content.decode()
    assert sign_in(browser(), admin.email, NEW)


def test_a_form_that_was_open_twice_saves_once(admin, link):
    first, second = browser(), browser()
    page = first.get(link).url
    assert second.get(link).url == page
    assert first.post(page, {"password1": NEW, "password2": NEW}).status_code == 302
    late = second.post(page, {"password1": "van-een-ander-2027", "password2": "van-een-ander-2027"})
    assert "Deze link werkt niet meer" in late.content.decode()
    admin.refresh_from_db()
    assert admin.check_password(NEW)


def test_a_link_that_is_used_between_the_check_and_the_saving_saves_nothing(admin, link):
    client = browser()
    page = client.get(link).url
    real = User.objects.select_for_update

    def used_meanwhile():
        User.objects.filter(pk=admin.pk).update(password="changed meanwhile")
        return real()

    with mock.patch.object(User.objects, "select_for_update", used_meanwhile):
        late = client.post(page, {"password1": NEW, "password2": NEW})
    assert "Deze link werkt niet meer" in late.content.decode()
    admin.refresh_from_db()
    assert not admin.check_password(NEW)


def test_a_link_dies_with_the_account(admin, link):
    half_way = browser()
    page = half_way.get(link).url
    User.objects.filter(pk=admin.pk).update(is_active=False)
    for answer in (browser().get(link), half_way.post(page, {"password1": NEW, "password2": NEW})):
        assert "Deze link werkt niet meer" in answer.content.decode()
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_a_link_works_for_an_hour(admin, link, minutes, works):
    until = datetime.now() + timedelta(minutes=minutes)
    with mock.patch("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", return_value=until):
        assert (choose(browser(), link).status_code == 302) is works


@pytest.mark.parametrize(
    "key", ["1-onzin", "zzzzzzzzzzzzz-onzin", "zzzzzzzzzzzzzzzzzz-a-b", "0-set-password", "1-a/b", "1--"]
)
def test_a_link_that_was_made_up_says_so(admin, key):
    answer = browser().get(f"/accounts/password/reset/key/{key}/")
    assert answer.status_code == 200
    assert "Deze link werkt niet meer" in answer.content.decode()


def test_all_sessions_end_here_and_elsewhere(admin, mail_server, work_off):
    laptop, telephone = browser("203.0.113.1"), browser("203.0.113.2")
    for client in (laptop, telephone):
        assert sign_in(client, admin.email)
        assert client.get("/customers/").status_code == 200
    ask(admin.email)
    work_off()
    assert choose(laptop, link_in(mail_server.only())).status_code == 302
    for client in (laptop, telephone):
        assert client.get("/customers/").url.startswith("/accounts/login/")


def test_who_has_a_second_factor_is_still_asked_for_it(admin, mail_server, work_off):
    TOTP.activate(admin, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    ask(admin.email)
    work_off()
    client = browser()
    assert choose(client, link_in(mail_server.only())).url.endswith("/key/done/")
    assert client.get("/customers/").status_code == 302
    assert guess(client, admin.email, NEW).url == "/accounts/2fa/authenticate/"
    assert client.get("/customers/").status_code == 302


def test_a_mail_tells_of_the_change(admin, link, mail_server, work_off):
    mail_server.mails.clear()
    choose(browser(), link)
    work_off()
    mail = mail_server.only()
    assert mail["Subject"] == "Uw wachtwoord is gewijzigd"
    assert "bent u nu afgemeld" in text_of(mail)
    assert link_in(mail) == RESET
    assert NEW not in mail.as_string()


def test_a_mail_tells_of_a_change_by_who_is_signed_in(admin, client_as, mail_server, work_off):
    client = client_as(admin, "fr")
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    work_off()
    assert mail_server.only()["Subject"] == "Votre mot de passe a été modifié"


def test_the_token_leaves_the_address_at_once_and_stands_in_no_log(admin, mail_server, work_off, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    ask(admin.email)
    carried = work_off()
    link = link_in(mail_server.only())
    token = link.removesuffix("/").split("-", 1)[1]
    client = browser()
    opened = client.get(link)
    assert (opened.status_code, token in opened.url) == (302, False)
    page = client.get(opened.url)
    assert token not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    client.raise_request_exception = False
    with mock.patch("accounton.offices.sign_in.views.NewPasswordView.dispatch", side_effect=RuntimeError("kapot")):
        assert client.get(link).status_code == 500
    said = caplog.text + "".join(capfd.readouterr())
    assert "kapot" in said
    from accounton.site.logs import JsonFormatter

    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any("Internal Server Error" in line for line in lines)
    assert token not in "".join(lines)
    assert admin.email not in "".join(lines)
    # The job carries an id; the worker makes the token.
    assert carried == [("accounton.offices.jobs.send_staff_mail", mock.ANY)]
    assert isinstance(carried[0][1], int)


def test_neither_address_nor_token_lies_in_the_queue_or_beside_it(admin):
    ask("els@gent.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_address FROM offices_staffmail")
        sealed = bytes(cursor.fetchone()[0])
    assert b"gent.example" not in sealed
    assert "gent.example" not in repr(OrmQ.objects.get().task)


def test_asking_too_often_sends_no_more_and_says_nothing_of_it(admin, mail_server, work_off):
    answers = {(answer.status_code, answer.url) for answer in (ask(admin.email) for _ in range(10))}
    work_off()
    assert answers == {(302, DONE)}
    assert len(mail_server.mails) == 3
    for n in range(1, 12):
        ask(admin.email, client=browser(f"203.0.113.{n}"))
    work_off()
    assert len(mail_server.mails) == 6
    with later(minutes=20):
        ask(admin.email, client=browser("203.0.113.77"))
    assert OrmQ.objects.count() == 1


def test_a_colleague_who_was_here_before_asks_in_their_own_name(admin, mail_server, work_off):
    theirs = browser()
    sign_in(theirs, admin.email)
    theirs.post("/accounts/logout/")
    for n in range(1, 20):
        ask(admin.email, client=browser(f"203.0.113.{n}"))
    work_off()
    sent = len(mail_server.mails)
    ask(admin.email, client=theirs)
    work_off()
    assert len(mail_server.mails) == sent + 1


def test_who_is_locked_out_gets_in_with_the_link(admin, link):
    for n in range(1, 31):
        guess(browser(f"203.0.113.{n}"), admin.email)
    client = browser("198.51.100.77")
    assert guess(client, admin.email, PASSWORD).status_code == 429
    choose(client, link)
    assert sign_in(client, admin.email, NEW)


def test_a_mail_server_that_fails_is_tried_again_and_nobody_notices(admin, mail_server, work_off, caplog):
    mail_server.answer = "451 try later"
    assert ask(admin.email).url == DONE
    work_off()
    [kept] = StaffMail.objects.all()
    assert kept.attempts == 1
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("accounton")]
    assert lines == [f"mail {kept.pk} (reset) was not sent: SMTPRecipientsRefused"]
    assert jobs.sweep() == 0, "not before its pause is over"
    mail_server.answer = "250 OK"
    with later(minutes=2):
        assert jobs.sweep() == 1
        work_off()
    assert len(mail_server.mails) == 1
    assert not StaffMail.objects.exists()


def test_a_mail_server_that_is_not_there_breaks_no_page(admin, settings, work_off, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ask(admin.email).url == DONE
    work_off()
    assert StaffMail.objects.get().attempts == 1
    assert "ConnectionRefusedError" in caplog.text
    assert admin.email not in caplog.text


def test_we_sign_in_to_the_mail_server_as_the_address_says(admin, mail_server, work_off, settings):
    use(settings, f"smtp://els%40x.example:p%2Fw%3A@{mail_server.address}")
    ask(admin.email)
    work_off()
    assert mail_server.signed_in == [(b"els@x.example", b"p/w:")]
    assert len(mail_server.mails) == 1


def test_nothing_is_sent_in_plain_where_tls_is_asked_for(admin, mail_server, work_off, settings, caplog):
    use(settings, f"smtp://u:p@{mail_server.address}/?tls=yes")  # which this server does not offer
    ask(admin.email)
    work_off()
    assert (mail_server.mails, mail_server.signed_in) == ([], [])
    assert StaffMail.objects.get().attempts == 1
    assert "SMTPNotSupportedError" in caplog.text


def test_a_mailbox_that_is_refused_for_good_is_given_up(admin, mail_server, work_off):
    mail_server.answer = "550 no such user"
    ask(admin.email)
    work_off()
    assert not StaffMail.objects.exists()


def test_a_link_that_would_be_dead_on_arrival_is_not_sent(admin, mail_server, work_off):
    ask(admin.email)
    with later(minutes=61):
        work_off()
    assert mail_server.mails == []
    assert not StaffMail.objects.exists()


def test_a_job_that_comes_twice_sends_once(admin, mail_server):
    ask(admin.email)
    [kept] = StaffMail.objects.all()
    mail_server.answer = "451 try later"
    jobs.send_staff_mail(kept.pk)
    mail_server.answer = "250 OK"
    jobs.send_staff_mail(kept.pk)
    assert mail_server.mails == []
    with later(minutes=2):
        jobs.send_staff_mail(kept.pk)
        jobs.send_staff_mail(kept.pk)
    assert len(mail_server.mails) == 1


def test_a_worker_that_dies_after_the_mail_server_took_it_sends_the_same_mail_once_more(admin, mail_server):
    ask(admin.email)
    [kept] = StaffMail.objects.all()
    with mock.patch.object(StaffMail, "delete", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        jobs.send_staff_mail(kept.pk)
    with later(minutes=2):
        assert jobs.sweep() == 1
        jobs.send_staff_mail(kept.pk)
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert not StaffMail.objects.exists()


def test_it_is_recorded(admin, link):
    choose(browser(), link)
    found = AuditEntry.objects.filter(subject=f"user:{admin.pk}").order_by("pk").values_list("action", flat=True)
    assert list(found) == ["password_reset.mailed", "password.reset"]


def test_a_network_that_asks_too_often_is_told_so_whoever_the_addresses_belong_to(admin, caplog):
    answers = {ask(f"niemand-{n}@gent.example").status_code for n in range(30)}
    assert answers == {302}
    refused = [ask(address) for address in (admin.email, "niemand-0@gent.example")]
    assert [answer.status_code for answer in refused] == [429, 429]
    assert 0 < int(refused[0]["Retry-After"]) <= 60
    pages = [re.sub(r"\d+ second\w*", "", answer.content.decode()) for answer in refused]
    assert pages[0] == pages[1]
    assert "te vaak een nieuw wachtwoord gevraagd" in pages[0]
    assert "Te veel pogingen" not in pages[0]
    assert ask(admin.email, client=browser("203.0.113.50")).status_code == 302, "another network is not concerned"
    assert caplog.text.count("password_reset.refused") == 1
    assert "gent.example" not in caplog.text


def test_the_way_back_is_kept_while_a_new_password_is_chosen(admin, mail_server, work_off):
    client, signed_in = browser(), "/accounts/signed-in/"
    asking = client.get(f"/accounts/login/?next={signed_in}").content.decode()
    assert f'href="{RESET}?next=%2Faccounts%2Fsigned-in%2F"' in asking
    assert signed_in in client.get(f"{RESET}?next={signed_in}").content.decode()
    client.post(RESET, {"email": admin.email, "next": signed_in})
    work_off()
    assert "signed-in" not in text_of(mail_server.only())
    saved = choose(client, link_in(mail_server.only()))
    page = client.get(saved.url).content.decode()
    assert 'href="/accounts/login/?next=%2Faccounts%2Fsigned-in%2F"' in page
    client.post(RESET, {"email": admin.email, "next": "https://evil.example/"})
    assert "evil.example" not in client.get(DONE).content.decode()


def test_the_french_mail_puts_a_hard_space_before_its_colon(admin, mail_server, work_off):
    ask(admin.email, "fr")
    work_off()
    lines = [line for line in text_of(mail_server.only()).splitlines() if line.endswith(":")]
    assert lines
    assert all(line.endswith("\u00a0:") for line in lines)
