"""Each log line says which request or job it is of, which user asks and which office is acted for; ids only."""

import json
import logging
import re

import pytest
from django.test import Client, override_settings
from django.urls import path
from django_q.tasks import async_task

from accounton.offices.access import staff_only
from accounton.offices.scoping import acting_for
from accounton.site import urls
from accounton.site.logs import JsonFormatter
from accounton.web.log_context import job_id, new_request_id, request_id, user_id

OURS = re.compile(r"[2-9a-z]{5}-[2-9a-z]{5}")
GIVEN = "0af7651916cd43dd8448eb211c80319c"
log = logging.getLogger("accounton.tests")


@staff_only
def logs(request):
    log.warning("somebody asked %s", "jan@x.example")
    raise RuntimeError("85.07.30-033.28")


urlpatterns = [path("logs/", logs), *urls.urlpatterns]
handler500 = urls.handler500


class Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines = []

    def emit(self, record):
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def lines():
    handler = Lines()
    loggers = [logging.getLogger(name) for name in ("accounton", "django")]
    for each in loggers:
        each.addHandler(handler)
    yield handler.lines
    for each in loggers:
        each.removeHandler(handler)


@pytest.fixture
def answer(admin, client_as):
    def answer(**headers):
        client = client_as(admin)
        client.raise_request_exception = False
        with override_settings(ROOT_URLCONF=__name__):
            return client.get("/logs/", headers=headers)

    return answer


def test_a_page_that_fails_names_the_number_by_which_the_lines_are_found(answer, lines, admin, office):
    response = answer()
    number = response["X-Request-ID"]
    assert response.status_code == 500
    assert OURS.fullmatch(number)
    assert f'Noem dit nummer, waarmee het gevonden wordt: <span class="mono nowrap">{number}</span>' in (
        response.content.decode()
    )
    assert {line["logger"] for line in lines} == {"accounton.tests", "django.request"}
    for line in lines:
        assert (line["request"], line["user"], line["office"]) == (number, admin.pk, office.pk)
        assert "x.example" not in str(line)
        assert "033.28" not in str(line)


@pytest.mark.parametrize(
    ("given", "proxies", "is_taken"),
    [
        (GIVEN, 1, True),
        ("Root=1-67891233-abcdef012345678912345678".replace("=", "-"), 1, False),
        ("req_9f8e7d6c", 1, True),
        (GIVEN, 0, False),
        ("short", 1, False),
        ("a" * 65, 1, False),
        ('evil" onload=x', 1, False),
        ("85073003328", 1, False),
        ("jan@x.example", 1, False),
    ],
)
def test_the_id_of_a_proxy_is_taken_where_it_is_trusted_and_well_formed(answer, given, proxies, is_taken):
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        number = answer(**{"x-request-id": given})["X-Request-ID"]
    assert (number == given) == is_taken
    assert is_taken or OURS.fullmatch(number)


def test_every_answer_has_a_number_and_two_have_two(db):
    first, second = (Client().get("/accounts/login/")["X-Request-ID"] for _ in range(2))
    assert first != second


def test_nothing_of_a_request_stays_behind(answer):
    answer()
    assert (request_id.get(), user_id.get()) == (None, None)


def test_who_is_not_signed_in_has_no_user(lines, other_office):
    Client().post("/accounts/login/", {"login": "weg@gent.example", "password": "verkeerd-wachtwoord"})
    [line] = [line for line in lines if line["logger"].startswith("accounton.offices")]
    assert (line["user"], line["office"]) == (None, None)
    assert OURS.fullmatch(line["request"])


def write_a_line(office_id):
    with acting_for(office_id):
        log.warning("in a job")


def test_a_line_of_a_job_says_which_job_and_office(lines, office):
    async_task("tests.site.test_logs.write_a_line", office.pk, sync=True)
    [line] = [line for line in lines if line["message"] == "in a job"]
    assert (line["office"], line["request"]) == (office.pk, None)
    assert re.fullmatch(r"[0-9a-f]{32}", line["job"])
    assert job_id.get() is None


def test_numbers_can_be_read_out():
    assert all(OURS.fullmatch(new_request_id()) for _ in range(100))
