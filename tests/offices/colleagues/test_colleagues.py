"""The colleagues of an office, as its admin runs them: by the pages, and a real mail server."""

from datetime import datetime, timedelta
from unittest import mock

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from accounton.offices.colleagues import accounts, admins, inviting
from accounton.offices.models import AuditEntry, StaffMail, User
from tests.conftest import PASSWORD
from tests.offices.sign_in.conftest import link_in, text_of
from tests.offices.sign_in.test_password_reset import choose

LIST, INVITE = "/settings/colleagues/", "/settings/colleagues/invite/"
SUDDENLY = {"HTTP_SEC_FETCH_DEST": "empty"}


def page(user, action=""):
    return f"{LIST}{user.pk}/{action}"


@pytest.fixture
def boss(client_as, admin):
    return client_as(admin)


@pytest.fixture
def second(office):
    return User.objects.create_user("an@gent.example", PASSWORD, office, name="An Smet", role=User.Role.ADMIN)


def words(client, address, **more):
    return client.get(address, **more).content.decode()


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_the_list_says_all_of_each_colleague(boss, accountant, office, admin):
    User.objects.create_user("nieuw@gent.example", None, office)
    TOTP.activate(accountant, generate_totp_secret())
    shown = words(boss, LIST)
    for text in (admin.email, accountant.email, "Uitgenodigd, nog niet binnen", "Beheerder", "nooit", "aan"):
        assert text in shown


def invite(client, **fields):
    given = {"email": "Lies@Gent.example", "name": "Lies Maes", "role": "read_only", "language": "fr"} | fields
    return client.post(INVITE, given, follow=True)


def test_an_invitation_comes_in_their_language_and_is_followed(boss, mail_server, work_off):
    assert "onderweg naar lies@gent.example" in invite(boss).content.decode()
    assert work_off()
    mail = mail_server.only()
    assert mail["To"] == "lies@gent.example"
    assert mail["Subject"] == "Kantoor Gent vous invite sur Accounton"
    assert "7 jours" in text_of(mail)
    client = Client()
    assert choose(client, link_in(mail), "een-gloednieuw-wachtwoord-2027").status_code == 302
    lies = User.objects.get(email="lies@gent.example")
    assert (lies.role, lies.language, lies.name, inviting.is_invited(lies)) == ("read_only", "fr", "Lies Maes", False)
    assert "n’existe plus" not in text_of(mail)


def test_the_link_works_for_days_but_not_for_ever(boss, mail_server, work_off):
    invite(boss)
    work_off()
    link = link_in(mail_server.only())
    for days, status in ((6, 302), (8, 200)):
        moment = datetime.now() + timedelta(days=days)
        with mock.patch.object(PasswordResetTokenGenerator, "_now", return_value=moment):
            assert Client().get(link).status_code == status


def test_several_are_invited_as_a_mail_program_writes_them(boss, mail_server, work_off):
    people = 'Lies Maes <lies@gent.example>; "Smet, Bo" <bo@gent.example>\n\njan@gent.example, Lies@gent.example'
    boss.post(f"{INVITE}?several", {"people": people, "role": "accountant", "language": "nl"})
    work_off()
    found = User.objects.filter(password__startswith="!").order_by("email").values_list("email", "name")
    assert list(found) == [
        ("bo@gent.example", "Smet, Bo"),
        ("jan@gent.example", ""),
        ("lies@gent.example", "Lies Maes"),
    ]
    assert len(mail_server.mails) == 3


@pytest.mark.parametrize("text", ["lies", "lies@", "lies gent.example", "Lies <lies>", "<>", "@gent.example;"])
def test_what_is_no_address_invites_nobody(boss, text):
    answer = boss.post(f"{INVITE}?several", {"people": text, "role": "accountant", "language": "nl"})
    assert answer.status_code == 422
    assert "is geen e-mailadres" in answer.content.decode()
    assert User.objects.count() == 1


def test_a_taken_address_says_of_another_office_only_that_it_cannot_be_used(boss, accountant, other_admin):
    here = invite(boss, email=accountant.email.upper()).content.decode()
    assert "staat al in de lijst van collega’s" in here
    there = invite(boss, email=other_admin.email)
    assert there.status_code == 422
    assert "kan hier niet gebruikt worden" in there.content.decode()
    assert "Luik" not in there.content.decode()
    assert User.objects.count() == 3


def test_a_withdrawn_invitation_is_gone_with_its_link_and_its_address_is_free(boss, mail_server, work_off):
    invite(boss)
    work_off()
    lies = User.objects.get(email="lies@gent.example")
    assert "ingetrokken" in boss.post(page(lies, "withdraw/"), follow=True).content.decode()
    assert Client().get(link_in(mail_server.only())).status_code == 200  # "this link no longer works"
    assert "onderweg" in invite(boss).content.decode()


def test_an_invitation_is_sent_again_once(boss, mail_server, work_off):
    invite(boss)
    lies = User.objects.get(email="lies@gent.example")
    boss.post(page(lies, "invite-again/"))
    assert StaffMail.objects.count() == 1
    work_off()
    boss.post(page(lies, "invite-again/"))
    work_off()
    assert len(mail_server.mails) == 2


def test_without_a_mail_server_the_link_is_shown_once(boss, settings, accountant):
    settings.EMAIL_URL, settings.DEMO_MAILBOX = "", False
    assert "Er is geen mailserver" in words(boss, LIST)
    shown = invite(boss).content.decode()
    assert "/accounts/password/reset/key/" in shown
    assert not StaffMail.objects.exists()
    again = boss.post(page(accountant, "password/")).content.decode()
    assert "/accounts/password/reset/key/" in again
    assert AuditEntry.objects.filter(action="colleague.link_shown").count() == 2


def test_the_only_admin_cannot_be_made_anything_else(boss, admin, accountant, office):
    User.objects.create_user("nieuw@gent.example", None, office, role=User.Role.ADMIN)  # invited: cannot sign in yet
    with pytest.raises(admins.LastAdmin):
        accounts.change_role(admin, User.Role.ACCOUNTANT, admin)
    answer = boss.post(page(admin, "role/"), {"role": "accountant", "sure": "on"}, follow=True)
    assert "enige beheerder" in answer.content.decode()
    admin.refresh_from_db()
    assert admin.is_admin


def test_ones_own_role_is_given_away_only_knowingly(boss, admin, second):
    assert boss.post(page(admin, "role/"), {"role": "accountant"}).status_code == 422
    boss.post(page(admin, "role/"), {"role": "accountant", "sure": "on"})
    admin.refresh_from_db()
    assert admin.role == "accountant"
    refused = boss.get(LIST)
    assert refused.status_code == 403
    assert "Vraag aan An Smet" in refused.content.decode()


def test_two_admins_cannot_send_each_other_away(admin, second):
    accounts.close(second, admin)
    with pytest.raises(admins.NoLongerAdmin):
        accounts.close(admin, second)


def test_nobody_closes_their_own_account(admin, second):
    with pytest.raises(admins.OwnAccount):
        accounts.close(admin, admin)


def test_who_is_closed_in_the_middle_of_work_hears_it_at_the_next_click(boss, accountant, client_as):
    client = client_as(accountant)
    client.get("/customers/")
    boss.post(page(accountant, "close/"), {"receiver": ""})
    state = client.get("/accounts/session/").json()
    assert state == {"person": "", "closed": True}
    by_script = client.get("/customers/", headers={"hx-request": "true"})
    assert (by_script.status_code, by_script["X-Refused"]) == (401, "closed")
    answer = client.get("/customers/", follow=True)
    assert "werd gesloten door een beheerder" in answer.content.decode()
    login = {"login": accountant.email, "password": PASSWORD}
    assert "Dit account is gesloten" in client.post("/accounts/login/", login, follow=True).content.decode()


def test_reopening_brings_no_session_back(boss, accountant, client_as):
    client = client_as(accountant)
    boss.post(page(accountant, "close/"), {"receiver": ""})
    boss.post(page(accountant, "reopen/"))
    assert client.get("/customers/").status_code == 302
    login = {"login": accountant.email, "password": PASSWORD}
    assert client.post("/accounts/login/", login).status_code == 302
    assert client.get("/customers/").status_code == 200


def test_sessions_are_ended_everywhere(boss, accountant, client_as):
    clients = [client_as(accountant), client_as(accountant)]
    boss.post(page(accountant, "sign-out/"))
    assert [client.get("/customers/").status_code for client in clients] == [302, 302]
    assert boss.get("/customers/").status_code == 200


@pytest.fixture
def confirmed(admin):
    client = Client(headers={"accept-language": "nl"})
    client.post("/accounts/login/", {"login": admin.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_a_lost_second_factor_goes_with_the_sessions_and_a_mail(
    confirmed, accountant, client_as, mail_server, work_off
):
    TOTP.activate(accountant, generate_totp_secret())
    RecoveryCodes.activate(accountant)
    theirs = client_as(accountant)
    confirmed.post(page(accountant, "second-factor/"))
    assert not accountant.authenticator_set.exists()
    assert theirs.get("/customers/").status_code == 302
    work_off()
    mail = mail_server.only()
    assert mail["To"] == accountant.email
    assert mail["Subject"] == "Uw aanmelding in twee stappen werd uitgezet"


def test_who_did_not_show_who_they_are_resets_nothing(boss, accountant):
    TOTP.activate(accountant, generate_totp_secret())
    answer = boss.post(page(accountant, "second-factor/"))
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert accountant.authenticator_set.exists()


def test_nobody_resets_their_own_second_factor_here(confirmed, admin):
    TOTP.activate(admin, generate_totp_secret())
    answer = confirmed.post(page(admin, "second-factor/"), follow=True)
    assert "een andere beheerder" in answer.content.decode()
    assert admin.authenticator_set.exists()


def test_a_link_for_a_new_password_is_mailed_by_an_admin(boss, accountant, mail_server, work_off):
    boss.post(page(accountant, "password/"))
    work_off()
    mail = mail_server.only()
    assert "Een beheerder van uw kantoor" in text_of(mail)
    assert choose(Client(), link_in(mail), "een-gloednieuw-wachtwoord-2027").status_code == 302


def test_mails_of_warning_name_whom_to_tell(admin, accountant, mail_server, work_off):
    from accounton.offices.sign_in.mails import send_later

    send_later(StaffMail.Kind.CHANGED, "nl", user=accountant)
    send_later(StaffMail.Kind.CHANGED, "nl", user=admin)
    work_off()
    theirs, own = (text_of(mail) for mail in mail_server.mails)
    assert "verwittig dan ook Els Claes" in theirs
    assert "verwittig dan ook wie Accounton voor uw kantoor host" in own


def test_what_was_done_stands_in_the_audit(boss, admin, accountant, second):
    invite(boss)
    boss.post(page(accountant, "role/"), {"role": "read_only"})
    boss.post(page(accountant, "close/"), {"receiver": ""})
    boss.post(page(accountant, "reopen/"))
    actions = AuditEntry.objects.filter(user=admin).order_by("pk").values_list("action", flat=True)
    assert list(actions)[-4:] == [
        "colleague.invited", "colleague.role_changed", "colleague.closed", "colleague.reopened"
    ]  # fmt: skip


def test_who_may_only_read_sees_no_button_that_changes(boss, accountant, client_as, office):
    from accounton.customers.models import Customer
    from accounton.customers.numbers import put

    customer = Customer(first_name="Jo", last_name="Wit", email="j@w.example", language="dutch", office=office)
    put(customer, "national_number", "85073003328")
    customer.save()
    accounts.change_role(accountant, User.Role.READ_ONLY, None)
    client = client_as(User.objects.get(pk=accountant.pk))
    address = f"/customers/{customer.pk}/"
    shown = words(client, address)
    assert "Jo Wit" in shown
    for action in ("edit", "archive", "reveal"):
        assert f"{address}{action}" not in shown
    assert "/customers/new/" not in words(client, "/customers/")
    refused = client.post(f"{address}reveal/national_number/")
    assert refused.status_code == 403
    assert "niets wijzigen" in refused.content.decode()
    assert "Els Claes" in refused.content.decode()
