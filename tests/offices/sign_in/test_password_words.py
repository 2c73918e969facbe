"""What is wrong with a new password is said in the language of the reader, whichever check finds it."""

import pytest
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.utils import translation

from tests.conftest import PASSWORD

POOR = ["kort", "password1234", "els@gent.example"]


def said(user) -> list[str]:
    """Return what every check says, of a password that it refuses and of itself."""
    words = []
    for validator in get_default_password_validators():
        words.append(str(validator.get_help_text()))
        for password in POOR:
            try:
                validator.validate(password, user)
            except ValidationError as error:
                words += error.messages
    return words


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_check_of_a_password_speaks_the_language_of_the_reader(admin, language):
    with translation.override("en"):
        english = said(admin)
    with translation.override(language):
        translated = said(admin)
    assert len(english) == len(translated) == 2 * len(get_default_password_validators())
    assert not set(english) & set(translated)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Dit wachtwoord is te kort: het moet minstens 12 tekens tellen."),
        ("fr", "Ce mot de passe est trop court : il doit compter au moins 12 caractères."),
    ],
)
def test_a_short_password_is_refused_in_that_language(admin, client_as, language, words):
    change = {"oldpassword": PASSWORD, "password1": "kort", "password2": "kort"}
    assert words in client_as(admin, language).post("/accounts/password/change/", change).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Het wachtwoord lijkt te veel op uw naam of uw e-mailadres."),
        ("fr", "Le mot de passe ressemble trop à votre nom ou à votre adresse e-mail."),
    ],
)
def test_a_password_like_the_own_name_or_address_is_refused_in_that_language(admin, client_as, language, words):
    admin.name = "Elisabeth Claeskens"
    admin.save()
    client = client_as(admin, language)
    for password in (admin.email, "elisabethclaeskens"):
        change = {"oldpassword": PASSWORD, "password1": password, "password2": password}
        assert words in client.post("/accounts/password/change/", change).content.decode()
