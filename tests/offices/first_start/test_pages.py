"""A server without an office, and the link by which a first password is chosen."""

import re

import pytest
from django.test import Client

from accounton.offices.models import AuditEntry, StaffMail, User
from accounton.offices.sign_in.links import reset_path
from tests.conftest import PASSWORD

NEW = "een-gloednieuw-wachtwoord-2027"
SIGN_IN = "/accounts/login/"


@pytest.fixture
def invited(office) -> User:
    return User.objects.create_user("els@gent.example", None, office, role=User.Role.ADMIN, language="nl")


def chosen(client, path, **changes):
    form = client.get(path).url
    return client.post(form, {"name": "Els Claes", "password1": NEW, "password2": NEW, **changes}, follow=True)


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_server_without_an_office_names_the_command(db, language):
    client = Client(headers={"accept-language": language})
    answer = client.get("/", follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "accounton office create" in page
    assert "<form" not in re.sub(r'<form[^>]*action="/language/".*?</form>', "", page, flags=re.DOTALL)
    posted = client.post(SIGN_IN, {"login": "a@b.example", "password": PASSWORD})
    assert "accounton office create" in posted.content.decode()


def test_once_there_is_an_office_it_is_gone(office, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        page = client.get(SIGN_IN).content.decode()
    assert "accounton office create" not in page
    assert 'name="login"' in page


def test_the_first_password_signs_in_and_leads_on(invited, client):
    answer = chosen(client, reset_path(invited))
    assert answer.redirect_chain[-1][0] == "/customers/"
    assert answer.wsgi_request.user == invited
    invited.refresh_from_db()
    assert (invited.name, invited.check_password(NEW)) == ("Els Claes", True)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions >= {"password.first", "signed_in"}
    assert not StaffMail.objects.exists(), "nobody is told that a password was changed which never was"


def test_a_link_works_once(invited):
    path = reset_path(invited)
    chosen(Client(), path)
    page = Client().get(path)
    assert page.context["token_fail"]
    assert "accounton colleague link" in page.content.decode()


def test_a_wrong_password_is_said_at_its_field_and_the_link_still_works(invited, client):
    answer = chosen(client, reset_path(invited), password1="kort", password2="kort")
    assert answer.context["form"].errors["password1"]
    answer = chosen(client, reset_path(invited), name=" ")
    assert answer.context["form"].errors["name"]
    assert chosen(client, reset_path(invited)).wsgi_request.user == invited


def test_a_national_number_is_no_name(invited, client):
    answer = chosen(client, reset_path(invited), name="85.07.30-033.28")
    assert answer.context["form"].errors["name"]


def test_a_new_password_of_a_known_account_signs_nobody_in(admin, client):
    form = client.get(reset_path(admin)).url
    assert "name" not in client.get(form).context["form"].fields
    answer = client.post(form, {"password1": NEW, "password2": NEW}, follow=True)
    assert not answer.wsgi_request.user.is_authenticated


def test_without_a_mail_server_nobody_is_promised_a_mail(admin, client, settings):
    settings.EMAIL_URL, settings.DEMO_MAILBOX = "", False
    page = client.get("/accounts/password/reset/").content.decode()
    assert 'name="email"' not in page
    assert "accounton colleague link" in page
    assert client.post("/accounts/password/reset/", {"email": admin.email}).status_code == 200
    assert not StaffMail.objects.exists()
