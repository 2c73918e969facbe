"""A local run keeps its mails in a page instead of sending them, and shows that page to its own machine only."""

import re

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import connection
from django.test import Client

from accounton.mail import mailbox
from accounton.mail.models import DemoMail

MAILBOX = "/mailbox/"


@pytest.fixture(autouse=True)
def local_run(settings, db):
    settings.DEMO_MAILBOX = True
    settings.EMAIL_BACKEND = "accounton.mail.backends.DemoMailboxBackend"


def page(address: str = MAILBOX, language: str = "nl") -> str:
    response = Client(headers={"accept-language": language}).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_mail_is_listed_and_opened_with_links_that_can_be_clicked():
    send_mail(
        "Kies een <nieuw> wachtwoord",
        "Klik hier:\nhttp://127.0.0.1:8000/accounts/x-1/\n\n<b>Groet</b>",
        None,
        ["els@gent.example"],
    )
    listed = page()
    assert "Kies een &lt;nieuw&gt; wachtwoord" in listed
    assert "els@gent.example" in listed
    opened = page(re.search(r'href="(/mailbox/\d+/)"', listed)[1])
    assert '<a href="http://127.0.0.1:8000/accounts/x-1/"' in opened
    assert "els@gent.example" in opened
    assert "&lt;b&gt;Groet&lt;/b&gt;" in opened


@pytest.mark.parametrize(
    ("language", "title"),
    [("nl", "Postvak van de demo"), ("fr", "Boîte de réception de la démo"), ("en", "Mailbox of the demo")],
)
def test_an_empty_mailbox_says_what_will_come_here(language, title):
    html = page(language=language)
    assert f"<h1>{title}</h1>" in html
    assert 'class="empty"' in html
    assert "/mailbox/empty/" not in html


def test_all_mails_are_deleted_with_one_button(client):
    for number in range(3):
        send_mail(f"Mail {number}", "x", None, ["a@b.example"])
    assert page().count("a@b.example") == 3
    assert client.get("/mailbox/empty/").status_code == 405
    assert client.post("/mailbox/empty/").url == MAILBOX
    assert 'class="empty"' in page()


def test_the_page_is_reached_from_the_entrance_and_from_the_menu(client_as, admin):
    link = f'href="{MAILBOX}"'
    assert link in page("/accounts/login/")
    assert link in page("/accounts/password/reset/done/")
    assert link in client_as(admin).get("/customers/").content.decode()


def test_with_a_mail_server_there_is_no_such_page(settings, client_as, admin):
    send_mail("Geheim", "x", None, ["a@b.example"])
    settings.DEMO_MAILBOX = False
    kept = DemoMail.objects.get()
    for address in (MAILBOX, f"{MAILBOX}{kept.pk}/"):
        assert client_as(admin).get(address).status_code == 404
    assert client_as(admin).post(f"{MAILBOX}empty/").status_code == 404
    assert DemoMail.objects.count() == 1
    assert MAILBOX not in page("/accounts/login/")


def test_another_machine_never_sees_it():
    send_mail("Geheim", "x", None, ["a@b.example"])
    for address in ("192.168.1.20", "2a02:1810::1", "::ffff:10.0.0.1", ""):
        assert Client(REMOTE_ADDR=address).get(MAILBOX, headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert Client(REMOTE_ADDR=address).get(MAILBOX).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-forwarded-for", "198.51.100.7"),
        ("x-forwarded-for", "127.0.0.1"),
        ("forwarded", "for=198.51.100.7"),
        ("x-real-ip", "198.51.100.7"),
        ("x-forwarded-host", "demo.tunnel.example"),
        ("via", "1.1 tunnel"),
    ],
)
def test_who_comes_through_a_tunnel_that_ends_on_this_machine_never_sees_it(header, value):
    send_mail("Geheim", "x", None, ["a@b.example"])
    visitor = Client(REMOTE_ADDR="127.0.0.1", headers={header: value})
    assert visitor.get(MAILBOX).status_code == 404
    assert visitor.get(f"{MAILBOX}{DemoMail.objects.get().pk}/").status_code == 404
    assert MAILBOX not in visitor.get("/accounts/login/").content.decode()
    assert MAILBOX in Client().get("/accounts/login/").content.decode()


def test_mails_lie_sealed():
    send_mail("Kies", "https://x.example/geheime-sleutel", None, ["els@gent.example"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM mail_demomail")
        raw = bytes(cursor.fetchone()[0])
    assert b"geheime" not in raw
    assert b"els@gent" not in raw


def test_any_mail_can_be_read(settings):
    html = EmailMessage(
        "Étiquette — ë", "<p>Bonjour &amp; merci</p><style>p{}</style>", None, ["é@b.example", "c@d.example"]
    )
    html.content_subtype = "html"
    html.send()
    both = EmailMultiAlternatives("Twee", "tekst", None, ["a@b.example"])
    both.attach_alternative("<p>niet deze</p>", "text/html")
    both.attach("brief.pdf", b"%PDF", "application/pdf")
    both.send()
    EmailMessage("", "", None, ["a@b.example"]).send()
    EmailMessage("Voor niemand", "x", None, []).send()
    empty, second, first = mailbox.mails()
    assert (first.subject, first.text) == ("Étiquette — ë", "Bonjour & merci")
    assert "c@d.example" in first.to
    assert (second.text, second.attachments) == ("tekst", ["brief.pdf"])
    assert (empty.subject, empty.text) == ("", "")
    assert "(geen onderwerp)" in page()


def test_only_the_newest_mails_stay(monkeypatch):
    monkeypatch.setattr(mailbox, "KEPT", 3)
    for number in range(5):
        send_mail(f"Mail {number}", "x", None, ["a@b.example"])
    assert [mail.subject for mail in mailbox.mails()] == ["Mail 4", "Mail 3", "Mail 2"]


def test_a_mail_that_was_deleted_is_not_there():
    assert Client().get("/mailbox/999999/").status_code == 404
