"""accounton office: an office and its first admin from the command line, and what is said where that cannot be."""

import json
import os
import subprocess

import pytest
from django.test import Client

from accounton.offices.models import AuditEntry, Office, StaffMail, User
from accounton.offices.scoping import acting_for
from accounton.site import cli
from tests.faults.conftest import ACCOUNTON
from tests.offices.sign_in.conftest import link_in

pytestmark = pytest.mark.database
CREATE = ("office", "create", "gent", "--name", "Kantoor Gent", "--admin", "Els@Gent.example")


def test_an_office_its_admin_and_a_link(db, capsys):
    assert cli.main(CREATE) == 0
    said = capsys.readouterr().out
    office = Office.objects.get()
    admin = User.objects.get()
    assert (office.slug, office.name) == ("gent", "Kantoor Gent")
    assert (admin.email, admin.office, admin.role) == ("els@gent.example", office, User.Role.ADMIN)
    assert not admin.has_usable_password()
    [link] = [line.strip() for line in said.splitlines() if line.strip().startswith("http")]
    assert Client().get(link.removeprefix("http://localhost:8000")).status_code == 302
    with acting_for(office.pk):
        assert {entry.action for entry in AuditEntry.objects.all()} >= {"office.created", "colleague.password_link"}


def test_json(db, capsys):
    assert cli.main([*CREATE, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["office"], said["admin"], said["mailed"]) == ("gent", "els@gent.example", True)
    assert said["link"].startswith("http://localhost:8000/accounts/")


def test_the_link_is_mailed_too_where_there_is_a_mail_server(db, mail_server, work_off, capsys):
    assert cli.main([*CREATE, "--language", "fr"]) == 0
    work_off()
    mail = mail_server.only()
    assert mail["To"] == "els@gent.example"
    assert "invite" in mail["Subject"]
    assert Client().get(link_in(mail)).status_code == 302


def test_without_a_mail_server_the_link_is_printed_only(db, settings, capsys):
    settings.EMAIL_URL, settings.DEMO_MAILBOX = "", False
    assert cli.main([*CREATE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mailed"] is False
    assert not StaffMail.objects.exists()


def test_the_name_of_the_admin_may_be_given(db):
    assert cli.main([*CREATE[:-1], "Els Claes <els@gent.example>"]) == 0
    assert User.objects.get().name == "Els Claes"


@pytest.mark.parametrize(
    ("slug", "name", "address", "said"),
    [
        ("gent", "Ander", "x@x.example", "accounton colleague link"),
        ("Gent Centrum", "Ander", "x@x.example", "kantoor-gent"),
        ("", "Ander", "x@x.example", "kantoor-gent"),
        ("a" * 51, "Ander", "x@x.example", "kantoor-gent"),
        ("luik", "  ", "x@x.example", "--name"),
        ("luik", "x" * 201, "x@x.example", "--name"),
        ("luik", "85.07.30-033.28", "x@x.example", "national number"),
        ("luik", "Ander", "geen adres", "no e-mail address"),
        ("luik", "Ander", "", "no e-mail address"),
        ("luik", "Ander", "a@x.example, b@x.example", "one e-mail address"),
        ("luik", "Ander", "ELS@gent.example", "is taken"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence_and_nothing_is_written(admin, capsys, slug, name, address, said):
    entries = AuditEntry.objects.count()
    assert cli.main(["office", "create", slug, "--name", name, "--admin", address]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.strip().splitlines())) == ("", 1)
    assert said in err
    assert (Office.objects.count(), User.objects.count(), StaffMail.objects.count()) == (1, 1, 0)
    assert AuditEntry.objects.count() == entries


def test_two_at_the_same_moment_make_one(db, monkeypatch, capsys):
    """The second looked before the first was there: the database refuses it, and the sentence is the same."""
    from accounton.offices.first_start import making

    assert cli.main(CREATE) == 0
    monkeypatch.setattr(making, "_refuse_taken", lambda *_: None, raising=True)
    with pytest.raises(making.CannotMake):
        making.make_office("gent", "Nog eens", "b@gent.example", "nl")
    with pytest.raises(making.CannotMake):
        making.make_office("aalst", "Nog eens", "els@gent.example", "nl")
    assert (Office.objects.count(), User.objects.count()) == (1, 1)


def test_the_list(admin, accountant, other_office, capsys):
    assert cli.main(["office", "list", "--json"]) == 0
    gent, luik = json.loads(capsys.readouterr().out)["offices"]
    assert (gent["slug"], gent["colleagues"], gent["admins"], gent["customers"]) == ("gent", 2, 1, 0)
    assert (luik["slug"], luik["colleagues"], luik["admins"]) == ("luik", 0, 0)
    assert cli.main(["office", "list"]) == 0
    assert "Kantoor Luik" in capsys.readouterr().out


def test_no_office_yet_is_said(db, capsys):
    assert cli.main(["office", "list"]) == 0
    assert "accounton office create" in capsys.readouterr().out


@pytest.mark.parametrize("folder", [".", "not-made-yet"])
def test_a_database_that_was_not_migrated(tmp_path, folder):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ACCOUNTON_")}
    env = {**kept, "ACCOUNTON_DATA_DIR": str(tmp_path / folder)}
    done = subprocess.run([ACCOUNTON, *CREATE], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (2, "", 1), done.stderr
    assert "accounton migrate" in done.stderr


def test_createsuperuser_names_this_command():
    from django.core.management import CommandError, call_command

    with pytest.raises(CommandError, match="accounton office create"):
        call_command("createsuperuser", interactive=False)
