"""The frame of every page, its parts, and the pages of signing in and of errors, rendered as a reader gets them."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from accounton.site.templatetags.frame import status_bar

LANGUAGES = ("nl", "fr", "en")
ENTRANCE = [
    "/accounts/login/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-wrong/",
    "/accounts/password/reset/key/done/",
]
ACCOUNT = ["/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"]
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]


def words(html: str) -> str:
    """Give the text of a page, without marks and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ENTRANCE)
def test_pages_of_signing_in_are_in_the_language_of_the_reader(address, language):
    response = Client(headers={"accept-language": language}).get(address)
    assert response.status_code == 200
    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    assert html.count("<h1>") == 1
    assert html.index("<title>") < html.index("Accounton</title>")


@pytest.mark.parametrize("address", ACCOUNT)
def test_pages_of_the_account_open_for_a_colleague(client_as, accountant, address):
    response = client_as(accountant).get(address)
    assert response.status_code == 200
    assert "<h1>" in response.content.decode()


def test_the_menu_names_person_office_and_count(client_as, admin):
    html = words(client_as(admin).get("/customers/").content.decode())
    assert "Els Claes Kantoor Gent · Beheerder" in html
    assert "Klanten 0 Imports" in html


def test_an_accountant_is_not_shown_what_only_admins_may(client_as, accountant):
    html = client_as(accountant).get("/customers/").content.decode()
    assert 'href="/imports/"' not in html
    assert 'href="/customers/" aria-current="page"' in html


def test_a_wrong_password_is_said_with_u(admin):
    client = Client(headers={"accept-language": "nl"})
    response = client.post("/accounts/login/", {"login": admin.email, "password": "mis"})
    assert "Dit e-mailadres of dit wachtwoord klopt niet." in response.content.decode()


def test_the_language_is_chosen_with_a_button_and_kept(client_as, admin):
    client = client_as(admin, "nl")
    response = client.post("/language/", {"language": "fr", "next": "/accounts/2fa/"})
    assert response.headers["Location"] == "/accounts/2fa/"
    html = client.get("/accounts/2fa/").content.decode()
    assert '<html lang="fr">' in html
    assert re.findall(r'value="(\w\w)"[^>]*aria-pressed="true"', html) == ["fr"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_need_no_context_and_say_three_things(name, language):
    with override(language):
        html = render_to_string(name)
    assert f'<html lang="{language}">' in html
    heading, *paragraphs = re.findall(r"<(?:h1|p)>(.*?)</(?:h1|p)>", html, re.DOTALL)
    assert heading
    assert len(paragraphs) == 2
    assert all(words(paragraph) for paragraph in paragraphs)


@pytest.mark.django_db
def test_an_unknown_address_gets_our_page():
    response = Client(headers={"accept-language": "nl"}).get("/nowhere/")
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.content.decode()


def test_a_form_without_its_token_gets_our_page(admin):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})
    response = client.post("/accounts/login/", {"login": admin.email, "password": "x"})
    assert response.status_code == 403
    assert "Deze pagina was te oud" in response.content.decode()


def segment(key: str, count: int, **more: object) -> dict[str, object]:
    return {"key": key, "word": key, "count": count, "url": f"?status={key}", **more}


def test_the_bar_of_statuses_is_as_long_as_the_counts():
    drawn = status_bar([segment("not_sent", 50), segment("sent", 25), segment("done", 25)], "Status")["segments"]
    assert [(part["x"], part["width"]) for part in drawn] == [("0.0", "498.0"), ("500.0", "248.0"), ("750.0", "248.0")]


def test_the_bar_draws_nothing_for_nobody_and_a_sliver_for_one_among_many():
    drawn = status_bar([segment("not_sent", 100_000), segment("sent", 1), segment("done", 0)], "Status")["segments"]
    assert [part["width"] for part in drawn][1:] == ["1.0", ""]
    assert [part["width"] for part in status_bar([segment("sent", 0)], "Status")["segments"]] == [""]


def test_the_bar_is_written_with_points_in_every_language():
    with override("nl"):
        html = render_to_string("parts/status_bar.html", status_bar([segment("sent", 1), segment("done", 2)], "Status"))
    assert re.findall(r' x="([\d.]+)"', html) == ["0.0", "333.3"]


class Asked(forms.Form):
    name = forms.CharField(help_text="As on the card")
    agreed = forms.BooleanField()


def test_help_and_errors_are_tied_to_their_field():
    form = Asked({"name": ""})
    html = render_to_string("parts/field.html", {"field": form["name"]})
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    assert described[1].split() == ["id_name_helptext", "id_name_error"]
    assert all(f'id="{one}"' in html for one in described[1].split())
    assert 'aria-invalid="true"' in html
    assert '<label for="id_name">' in html


def test_the_label_of_a_check_box_stands_behind_it():
    html = render_to_string("parts/field.html", {"field": Asked()["agreed"]})
    assert html.index('type="checkbox"') < html.index("<label")


def paged(number: int, total: int) -> str:
    page = Paginator(range(total), 50).page(number)
    request = RequestFactory().get("/customers/", {"q": "jan", "page": number})
    with override("nl"):
        return render_to_string("parts/pagination.html", {"page": page}, request)


@pytest.mark.django_db
def test_paging_says_where_one_is_and_keeps_the_filters():
    html = paged(2, 1_248)
    assert "51–100 van 1.248" in html
    assert 'href="?q=jan&amp;page=1"' in html
    assert 'href="?q=jan&amp;page=3"' in html


@pytest.mark.django_db
def test_there_is_no_paging_on_one_page_and_no_way_beyond_the_ends():
    assert "<nav" not in paged(1, 50)
    assert 'rel="prev"' not in paged(1, 51)
    assert 'rel="next"' not in paged(2, 51)


@pytest.mark.parametrize(("current", "past"), [(1, 0), (2, 1), (3, 2)])
def test_the_steps_say_which_are_done_and_which_is_now(current, past):
    with override("nl"):
        html = render_to_string("parts/steps.html", {"current": current})
    assert html.count("Klaar:") == past
    assert html.count('aria-current="step"') == 1
    assert words(html).endswith("Toevoegen")


def test_tabs_show_counts_and_mark_the_one_that_is_open():
    tabs = [
        {"text": "Nieuw", "url": "?a", "count": 1102, "current": True},
        {"text": "Fout", "url": "?b", "count": 0, "is_problem": True},
    ]
    with override("nl"):
        html = render_to_string("parts/tabs.html", {"label": "Lijsten", "tabs": tabs})
    assert words(html) == "Nieuw 1.102 Fout 0"
    assert re.findall(r'href="([^"]+)" aria-current', html) == ["?a"]
    assert "is-problem" not in html


def test_what_a_person_typed_is_never_markup():
    html = Template('{% include "parts/notice.html" with kind="error" text=text %}').render(
        Context({"text": "<b>x</b>"})
    )
    assert "&lt;b&gt;x" in html
