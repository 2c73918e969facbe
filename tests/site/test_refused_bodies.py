"""What somebody reads whose file or form is not taken: in three languages, as a page, in a script, and for htmx."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounton.site.server.bodies import BUSY, ENCODED, TOO_LARGE, TOO_SLOW, Refused
from accounton.web.bodies import allowance_of

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("status", "nl", "fr", "en"),
    [
        (TOO_LARGE, "niet meer dan 50 MB", "plus de 50 Mo", "No more than 50 MB"),
        (TOO_SLOW, "Controleer uw verbinding", "Vérifiez votre connexion", "Check your connection"),
        (ENCODED, "gecomprimeerd", "compressé", "compressed"),
        (BUSY, "Wacht een halve minuut", "Attendez une demi-minute", "Wait half a minute"),
    ],
)
def test_a_refusal_says_what_and_what_to_do(admin, client_as, status, nl, fr, en):
    for language, words in (("nl", nl), ("fr", fr), ("en", en)):
        page = client_as(admin, language).post("/imports/new/", **{"accounton.body": Refused(status)})
        assert page.status_code == status
        assert words in page.content.decode()


def test_a_refusal_leads_back_to_the_page_that_it_came_from(admin, client_as):
    for page, back in (("http://testserver/imports/new/?columns=1", "/imports/new/?columns=1"), ("http://evil/", "/")):
        refused = {"accounton.body": Refused(BUSY), "HTTP_REFERER": page}
        answer = client_as(admin).post("/imports/new/", **refused).content.decode()
        assert f'<a class="btn btn-primary" href="{back}">Terug naar de pagina</a>' in answer


def test_a_script_gets_the_sentence(admin, client_as):
    refused = {"accounton.body": Refused(TOO_LARGE)}
    answer = client_as(admin).post("/imports/new/", headers={"accept": "application/json"}, **refused)
    assert set(answer.json()) == {"title", "message"}
    answer = client_as(admin).post("/language/", headers={"hx-request": "true"}, **refused)
    assert answer.status_code == TOO_LARGE
    assert "2 MB" in json.loads(answer["HX-Trigger"])["announce"]["text"]


def test_who_is_not_signed_in_gets_a_page_too(client, db):
    page = client.post("/accounts/login/", **{"accounton.body": Refused(TOO_LARGE)})
    assert "2 MB" in page.content.decode()


def test_a_form_that_is_too_large_is_not_even_parsed_where_another_server_runs_us(client, db):
    files = {str(number): SimpleUploadedFile("l.csv", b"x" * MIB) for number in range(3)}
    assert client.post("/accounts/login/", files).status_code == TOO_LARGE


def test_only_routes_that_take_a_file_take_so_much(db):
    assert allowance_of("/imports/new/").bytes > 50 * MIB
    assert allowance_of("/imports/5/returned/").policy == "admin"
    assert {allowance_of(path).bytes for path in ("/accounts/login/", "/imports/", "/nowhere/")} == {2 * MIB}


def test_two_files_at_once_are_refused_in_words(admin, client_as):
    files = [SimpleUploadedFile(f"{number}.csv", b"a;b") for number in range(2)]
    answer = client_as(admin).post("/imports/new/", {"file": files}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "één lijst tegelijk" in answer.json()["message"]
