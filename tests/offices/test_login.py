"""Signing in. The limits on it: tests/offices/limits."""

from tests.conftest import PASSWORD

LOGIN = "/accounts/login/"


def test_the_right_password_opens_the_overview(client, admin):
    answer = client.post(LOGIN, {"login": admin.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/customers/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, admin):
    wrong = client.post(LOGIN, {"login": admin.email, "password": "verkeerd-verkeerd"})
    unknown = client.post(LOGIN, {"login": "niemand@gent.example", "password": "verkeerd-verkeerd"})
    errors = [answer.context["form"].errors.as_text() for answer in (wrong, unknown)]
    assert errors[0] == errors[1] != ""


def test_nobody_signs_up_by_himself(client, db):
    assert client.get("/accounts/signup/").status_code == 404


def test_a_colleague_who_left_cannot_log_in(client, admin):
    admin.is_active = False
    admin.save()
    answer = client.post(LOGIN, {"login": admin.email, "password": PASSWORD})
    assert "/customers/" not in getattr(answer, "url", "")


def test_the_second_factor_lies_sealed(admin):
    from accounton.offices.accounts import SealedMFAAdapter

    adapter = SealedMFAAdapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"
