"""What the host does for an office whose only admin cannot get in."""

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounton.site import cli


def test_a_lost_second_factor(admin, client_as, capsys):
    TOTP.activate(admin, generate_totp_secret())
    client = client_as(admin)
    assert cli.main(["colleague", "reset-second-factor", admin.email.upper()]) == 0
    assert not admin.authenticator_set.exists()
    assert client.get("/customers/").status_code == 302


def test_an_admin_is_made_and_a_link_printed(accountant, capsys):
    assert cli.main(["colleague", "make-admin", accountant.email]) == 0
    accountant.refresh_from_db()
    assert accountant.is_admin
    capsys.readouterr()
    assert cli.main(["colleague", "link", accountant.email]) == 0
    link = capsys.readouterr().out.strip().removeprefix("http://localhost:8000")
    assert Client().get(link).status_code == 302


def test_an_address_nobody_has(db, capsys):
    assert cli.main(["colleague", "link", "niemand@gent.example"]) == 2
