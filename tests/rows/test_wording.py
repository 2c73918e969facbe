"""The words: exactly those of the article and the word list, in three languages."""

import pytest

from accounton.rows.columns import COLUMNS
from accounton.rows.findings import Finding
from accounton.rows.messages import MESSAGES, TITLES, describe, describe_code, message_of, title_of
from accounton.rows.wording import gettext_in, language_of_environment
from accounton.site.catalogues import compile_missing

WORDS = {
    "national_number.invalid": (
        "Vul een geldig rijksregisternummer in: 11 cijfers, zonder punten of streepjes.",
        "Indiquez un numéro de registre national valable : 11 chiffres, sans points ni tirets.",
        "Enter Valid Registration Number: 11 digits, no punctuation.",
    ),
    "mobile.invalid": (
        "Dit gsm-nummer klopt niet. Schrijf het als +324xxxxxxxx.",
        "Ce numéro de GSM n'est pas valable. Écrivez-le sous la forme +324xxxxxxxx.",
        "Mobile number is invalid. Write it as +324xxxxxxxx.",
    ),
    "mobile.country_code_missing": (
        "Vul het gsm-nummer in met de landcode (+32).",
        "Indiquez le numéro de GSM avec l'indicatif du pays (+32).",
        "Enter mobile number with country code (+32).",
    ),
    "email.missing": ("Vul een e-mailadres in.", "Indiquez une adresse e-mail.", "Enter an e-mail address."),
    "email.invalid": (
        "Dit e-mailadres klopt niet.",
        "Cette adresse e-mail n'est pas valable.",
        "This e-mail address is invalid.",
    ),
    "first_name.missing": ("Vul de voornaam in.", "Indiquez le prénom.", "Enter the first name."),
    "last_name.missing": ("Vul de achternaam in.", "Indiquez le nom.", "Enter the last name."),
    "language.unknown": (
        "Kies dutch, french of english.",
        "Choisissez dutch, french ou english.",
        "Choose dutch, french or english.",
    ),
}
HEADERS = {
    "nl": "person,Voornaam,Achternaam,E-mail,Mobiel nummer,Rijksregisternummer,Straat,Huisnummer,Bus,"
    "Postcode,Gemeente,Land,Extra PB,Labels,Rijksregisternummer partner,Taal,Klantcode,"
    "KBO-nummer,KBO-nummer van de partner,Deadline PB,Hoofdverantwoordelijke",
    "fr": "person,Prénom,Nom,E-mail,Numéro de GSM,Numéro de registre national,Rue,Numéro,Boîte,"
    "Code postal,Commune,Pays,Extra IPP,Étiquettes,Numéro de registre national du partenaire,"
    "Langue,Code client,Numéro BCE,Numéro BCE du partenaire,Échéance IPP,Responsable principal",
    "en": "person,Firstname,Lastname,Email,Mobile Number,Registration Number,Street,House Number,Box,"
    "Postal Code,City,Country,Extra PB,Labels,Spouse Registration Number,Language,Client Code,"
    "KBO Number,Spouse KBO Number,Deadline PB,Responsible",
}


@pytest.fixture(scope="module", autouse=True)
def catalogues() -> None:
    compile_missing()
    gettext_in.cache_clear()


@pytest.mark.parametrize("code", WORDS)
def test_problems_are_worded_as_in_the_article(code: str) -> None:
    assert tuple(describe_code(code, gettext=gettext_in(language)) for language in ("nl", "fr", "en")) == WORDS[code]


@pytest.mark.parametrize("language", HEADERS)
def test_headers_are_worded_as_in_the_list(language: str) -> None:
    assert ",".join(column.headers[language] for column in COLUMNS) == HEADERS[language]


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_text_is_translated(language: str) -> None:
    gettext = gettext_in(language)
    texts = [*MESSAGES.values(), *TITLES.values(), *(column.help for column in COLUMNS), message_of("street.too_long")]
    assert [text for text in texts if gettext(text) == text] == []


def test_details_stand_in_the_sentence() -> None:
    finding = Finding("problem", "national_number", "row.repeated", "85073003328", detail="7")
    assert describe(finding) == "The same customer already stands in row 7. Leave one of the two rows out."
    assert describe(finding, gettext_in("nl")) == "Dezelfde klant staat al in rij 7. Laat een van beide rijen weg."
    assert "60" in describe_code("labels.too_long", "60")
    assert describe_code("column.unknown", "100 %") == "The column '100 %' is not known and is ignored."


def test_a_taken_code_names_the_row_where_there_is_one() -> None:
    assert "Row 3" in describe_code("client_code.taken", "3")
    assert "another customer" in describe_code("client_code.taken")


def test_titles() -> None:
    assert title_of("mobile.country_code_missing", gettext_in("nl")) == "Landcode ontbreekt"
    assert title_of("box.date") == title_of("street.date") == "Date instead of text"
    assert title_of("street.too_long") == "Text too long"
    assert title_of("postal_code.unknown") == "This postal code does not exist in Belgium."


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        describe_code("nothing.known")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "nl_BE.UTF-8"}, "nl"),
        ({"LANG": "nl_BE.UTF-8", "LC_ALL": "fr_BE"}, "fr"),
        ({"LANG": "nl", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "de_BE"}, "en"),
        ({"LC_ALL": "C"}, "en"),
        ({}, "en"),
    ],
)
def test_language_of_the_environment(environment: dict[str, str], language: str) -> None:
    assert language_of_environment(environment) == language
