from collections import Counter
from dataclasses import FrozenInstanceError

import pytest

from accounton.questionnaires.definition import LANGUAGES, UnknownDefinition, UnknownLanguage, available, load
from accounton.questionnaires.questions import PREFILL_COLUMNS
from accounton.questionnaires.texts import OF_CUSTOMERS
from accounton.rows.columns import BY_KEY
from accounton.rows.couples import SPOUSE

TITLES = {
    "nl": "Checklist van de personenbelasting",
    "fr": "Checklist de l'impôt des personnes physiques",
    "en": "Personal income tax checklist",
}
DEFINITIONS = {definition.key: definition for definition in available()}

every_definition = pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS.keys())


def all_texts(definition):
    yield definition.titles
    for section in definition.sections:
        yield section.title
        yield from filter(None, [section.intro])
        for question in section.questions:
            yield question.label
            yield from filter(None, [question.help, question.document])
            for owner in (question, *question.fields):
                yield owner.label
                yield from (choice.label for choice in owner.choices)


def test_the_checklist_of_the_personal_income_tax_is_there():
    definition = load("personenbelasting")
    assert {language: definition.title(language) for language in LANGUAGES} == TITLES
    assert definition.title("dutch") == TITLES["nl"]
    assert definition.task_flow == "personenbelasting"
    assert len(definition.sections) == 15
    assert len(list(definition.questions)) >= 25


@every_definition
@pytest.mark.parametrize("language", [*LANGUAGES, *OF_CUSTOMERS])
def test_every_text_can_be_read_in_every_language(definition, language):
    for text in all_texts(definition):
        shown = text.in_language(language, 2026)
        assert shown == shown.strip() != ""
        assert "{" not in shown


@every_definition
def test_no_two_languages_have_whole_sentences_alike(definition):
    for text in all_texts(definition):
        if len(text.en.split()) > 3:
            assert len({text.nl, text.fr, text.en}) == 3, text


@every_definition
def test_dutch_and_french_address_the_customer_formally(definition):
    for text in all_texts(definition):
        assert not {"je", "jij", "jou", "jouw"} & set(text.nl.lower().split()), text
        assert not {"tu", "toi", "ton", "ta", "tes"} & set(text.fr.lower().split()), text


@every_definition
def test_no_amount_in_euro_stands_in_a_question(definition):
    for text in all_texts(definition):
        assert not any(sign in text.en for sign in ("€", "EUR")), text


@every_definition
def test_what_the_office_knows_is_asked_somewhere(definition):
    prefilled = Counter(
        column for question in definition.questions for column in (*question.prefill, *question.prefill_spouse)
    )
    assert set(prefilled) == set(PREFILL_COLUMNS)


def test_what_fills_in_questions_is_a_column_of_the_import_or_known_of_the_partner():
    assert set(PREFILL_COLUMNS) - set(BY_KEY) == set(SPOUSE)


@every_definition
def test_questions_on_paper_certificates_name_the_certificate(definition):
    papers = [question.paper.en for question in definition.questions if question.paper]
    assert len(papers) > 10


def test_a_question_of_kind_document_is_named_by_its_label():
    questions = {question.key: question for question in load("personenbelasting").questions}
    notice = questions["settlement.assessment_notice"]
    assert notice.paper == notice.label
    assert questions["employee.worked"].paper.nl == "Alle fiches 281.10"
    assert questions["you.name"].paper is None


def test_the_years_of_the_dossier_are_filled_in():
    questions = {question.key: question for question in load("personenbelasting").questions}
    moved = questions["you.moved"]
    assert moved.label.in_language("english", 2026) == "Have you moved house since 1 January 2025?"
    assert "1 januari 2026" in moved.help.in_language("nl", 2026)
    assert "{income_year}" in moved.label.in_language("nl")


def test_a_french_line_does_not_break_before_its_question_mark():
    moved = next(question for question in load("personenbelasting").questions if question.key == "you.moved")
    assert moved.label.in_language("fr", 2026) == "Avez-vous déménagé depuis le 1er janvier 2025\N{NO-BREAK SPACE}?"


@pytest.mark.parametrize("key", ["", "vennootschapsbelasting", "../definition", "Personenbelasting"])
def test_a_questionnaire_that_is_not_there_is_named(key):
    with pytest.raises(UnknownDefinition, match="there is no questionnaire"):
        load(key)


@pytest.mark.parametrize("language", ["", "de", "NL", "german", "titles"])
def test_a_language_that_is_not_there_is_named(language):
    with pytest.raises(UnknownLanguage, match="is not one of nl, fr, en"):
        load("personenbelasting").title(language)


def test_definitions_cannot_be_changed_and_are_read_once():
    definition = load("personenbelasting")
    assert load("personenbelasting") is definition
    with pytest.raises(FrozenInstanceError):
        definition.key = "other"
