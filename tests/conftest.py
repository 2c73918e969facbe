"""What tests of every room share."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounton.offices.models import Office, User
from accounton.offices.scoping import acting_for

PASSWORD = "een-lang-wachtwoord-2026"


def pytest_configure(config):
    """Settings that differ in tests: cheap passwords, and static files straight from the source folders."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    _let_tests_empty_tables()


def _let_tests_empty_tables():
    """Between tests Django empties all tables, which the triggers of the audit refuse like everything else."""
    from django.db import connection

    operations = type(connection.ops)  # of every connection: a browser test empties them over one of its own
    flush = operations.execute_sql_flush

    def lifted_flush(self, statements):
        from accounton.offices.audit.triggers import lifted

        with lifted():
            flush(self, statements)

    operations.execute_sql_flush = lifted_flush


@pytest.fixture
def office(db) -> Iterator[Office]:
    """An office; the test acts for it."""
    office = Office.objects.create(name="Kantoor Gent", slug="gent")
    with acting_for(office.id):
        yield office


@pytest.fixture
def other_office(db) -> Office:
    """Another office, whose rows must never be seen."""
    return Office.objects.create(name="Kantoor Luik", slug="luik")


@pytest.fixture
def admin(office) -> User:
    return User.objects.create_user("els@gent.example", PASSWORD, office, name="Els Claes", role=User.Role.ADMIN)


@pytest.fixture
def accountant(office) -> User:
    return User.objects.create_user("tom@gent.example", PASSWORD, office, name="Tom Baert")


@pytest.fixture
def other_admin(other_office) -> User:
    return User.objects.create_user("luc@luik.example", PASSWORD, other_office, name="Luc Roy", role=User.Role.ADMIN)


@pytest.fixture
def client_as() -> Callable[..., Client]:
    """Give a test client that is logged in as the user, with Dutch pages unless told otherwise."""

    def logged_in(user: User, language: str = "nl") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(user)
        return client

    return logged_in
