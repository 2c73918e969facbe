import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounton.questionnaires.definition import UnknownLanguage, load
from accounton.questionnaires.prefill import MAIN, SPOUSE, prefilled, totals
from accounton.questionnaires.questions import HOUSEHOLD, PREFILL_COLUMNS, TAXPAYER

DEFINITION = load("personenbelasting")
KNOWN = {
    "first_name": "Emma",
    "last_name": "Peeters",
    "email": "e.peeters@telenet.example",
    "mobile": "+32478123456",
    "national_number": "85.07.30-***.**",
    "spouse_national_number": "83.02.11-***.**",
    "spouse_first_name": "Louis",
    "spouse_last_name": "Janssens",
    "street": "Kerkstraat",
    "house_number": "12",
    "box": "3",
    "postal_code": "9300",
    "city": "Aalst",
    "country": "BE",
    "language": "dutch",
    "enterprise_number": "0403019261",
    "spouse_enterprise_number": "",
}


def sections(known=KNOWN, is_joint=True, language="nl", assessment_year=2026):
    return {
        section.key: section
        for section in prefilled(DEFINITION, known, is_joint, language=language, assessment_year=assessment_year)
    }


def answers(**asked):
    return {
        (answer.question, answer.person): answer for section in sections(**asked).values() for answer in section.answers
    }


def shown(**asked):
    return {where: answer.shown for where, answer in answers(**asked).items() if answer.shown}


def test_a_joint_return_is_filled_in_for_both_partners():
    assert shown() == {
        ("you.name", MAIN): "Emma Peeters",
        ("you.name", SPOUSE): "Louis Janssens",
        ("you.national_number", MAIN): "85.07.30-***.**",
        ("you.national_number", SPOUSE): "83.02.11-***.**",
        ("you.email", MAIN): "e.peeters@telenet.example",
        ("you.mobile", MAIN): "+32 478 12 34 56",
        ("you.address", HOUSEHOLD): "Kerkstraat 12 bus 3, 9300 Aalst",
        ("you.language", HOUSEHOLD): "Nederlands",
        ("self_employed.active", MAIN): "Ja",
        ("self_employed.enterprise_number", MAIN): "0403.019.261",
    }


def test_a_single_return_knows_no_partner():
    single = answers(is_joint=False)
    assert {person for _, person in single} == {MAIN, HOUSEHOLD}
    assert {answer.whose for answer in single.values()} == {""}
    assert single["you.name", MAIN].shown == "Emma Peeters"


@pytest.mark.parametrize(
    ("language", "main", "spouse"),
    [
        ("nl", "Hoofdaangever", "Partner"),
        ("french", "Déclarant principal", "Partenaire"),
        ("en", "Main declarant", "Partner"),
    ],
)
def test_in_a_joint_return_each_question_says_whom_it_is_for(language, main, spouse):
    joint = answers(language=language)
    assert joint["you.name", MAIN].whose == main
    assert joint["you.name", SPOUSE].whose == spouse
    assert joint["you.address", HOUSEHOLD].whose == ""


def test_an_enterprise_number_means_self_employed_and_asks_on():
    joint = answers()
    assert joint["self_employed.active", MAIN].value == "yes"
    assert joint["self_employed.bookkeeping", MAIN].is_asked
    assert joint["self_employed.active", SPOUSE].value == ""
    assert not joint["self_employed.bookkeeping", SPOUSE].is_asked

    other = answers(known={**KNOWN, "enterprise_number": "", "spouse_enterprise_number": "0428759497"})
    assert not other["self_employed.bookkeeping", MAIN].is_asked
    assert other["self_employed.enterprise_number", SPOUSE].shown == "0428.759.497"
    assert other["self_employed.bookkeeping", SPOUSE].is_asked


@pytest.mark.parametrize(
    ("known", "language", "address"),
    [
        ({}, "nl", "Kerkstraat 12 bus 3, 9300 Aalst"),
        ({}, "fr", "Kerkstraat 12 bte 3, 9300 Aalst"),
        ({}, "english", "Kerkstraat 12 box 3, 9300 Aalst"),
        ({"box": ""}, "nl", "Kerkstraat 12, 9300 Aalst"),
        ({"country": "NL"}, "nl", "Kerkstraat 12 bus 3, 9300 Aalst, Nederland"),
        ({"country": "NL"}, "fr", "Kerkstraat 12 bte 3, 9300 Aalst, Pays-Bas"),
        ({"country": "Atlantis"}, "nl", "Kerkstraat 12 bus 3, 9300 Aalst, Atlantis"),
        ({"street": "", "house_number": "", "box": ""}, "nl", "9300 Aalst"),
        ({"postal_code": "", "city": " "}, "nl", "Kerkstraat 12 bus 3"),
    ],
)
def test_an_address_is_written_as_on_an_envelope(known, language, address):
    written = answers(known={**KNOWN, **known}, language=language)["you.address", HOUSEHOLD]
    assert (written.value, written.shown) == (address, address)


def test_a_foreign_number_is_shown_as_it_is():
    assert shown(known={"mobile": "+352621123456"}) == {("you.mobile", MAIN): "+352621123456"}


@pytest.mark.parametrize("number", ["85073003328", "85.07.30-033.28", "850730 03328", "0033.28"])
def test_a_national_number_in_plain_never_goes_on(number):
    sections = prefilled(DEFINITION, {"national_number": number}, is_joint=False, language="nl", assessment_year=2026)
    html = render_to_string("questionnaires/_sections.html", {"sections": sections})
    for text in (repr(sections), html, *(answer.value + answer.shown for s in sections for answer in s.answers)):
        assert number not in text
        assert "033" not in text
    assert "***" in html


def test_answers_do_not_tell_their_values_when_printed():
    assert "Peeters" not in repr(sections())


def test_a_section_counts_what_is_filled_in_of_what_is_asked():
    filled = sections()
    assert (filled["you"].filled, filled["you"].asked) == (8, 12)
    assert (filled["self_employed"].filled, filled["self_employed"].asked) == (2, 12)
    assert (filled["family"].filled, filled["family"].asked) == (0, 4)
    single = sections(is_joint=False)
    assert (single["you"].filled, single["you"].asked) == (6, 8)
    assert totals(list(single.values())) == (8, sum(section.asked for section in single.values()))


def test_questions_that_depend_on_an_unknown_answer_are_not_counted():
    family = sections(is_joint=False)["dependants"]
    assert [answer.question for answer in family.answers] == [
        "dependants.children",
        "dependants.own_income",
        "dependants.others",
    ]
    assert [answer.question for answer in family.open] == ["dependants.children", "dependants.others"]


def test_texts_come_in_the_language_and_with_the_years_of_the_dossier():
    english = sections(language="english", assessment_year=2024)
    assert english["you"].title == "Your details"
    assert english["you"].language == "en"
    moved = next(answer for answer in english["you"].answers if answer.question == "you.moved")
    assert moved.label == "Have you moved house since 1 January 2023?"
    assert "1 January 2024" in moved.help


def test_a_language_that_no_choice_has_is_left_open():
    assert shown(known={"language": "german"}) == {}


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(UnknownLanguage):
        sections(language="german")


@given(
    known=st.dictionaries(st.sampled_from(PREFILL_COLUMNS), st.text(max_size=15)),
    is_joint=st.booleans(),
    language=st.sampled_from(["nl", "fr", "en", "dutch", "french", "english"]),
)
def test_every_question_comes_once_for_each_it_is_for_and_the_counts_add_up(known, is_joint, language):
    found = prefilled(DEFINITION, known, is_joint, language=language, assessment_year=2026)
    expected = [
        (question.key, person)
        for question in DEFINITION.questions
        for person in ([HOUSEHOLD] if question.for_whom != TAXPAYER else [MAIN, SPOUSE] if is_joint else [MAIN])
    ]
    assert [(answer.question, answer.person) for section in found for answer in section.answers] == expected
    for section in found:
        assert section.filled + len(section.open) == section.asked <= len(section.answers)
    if not any(text.strip() for text in known.values()):
        assert totals(found)[0] == 0


@given(known=st.dictionaries(st.sampled_from(PREFILL_COLUMNS), st.text(max_size=15)), is_joint=st.booleans())
def test_how_much_is_filled_in_does_not_depend_on_the_language(known, is_joint):
    def counts(language):
        found = prefilled(DEFINITION, known, is_joint, language=language, assessment_year=2026)
        return [(section.filled, section.asked) for section in found]

    assert counts("nl") == counts("fr") == counts("en")


def rendered(**asked):
    with translation.override("en"):
        return render_to_string("questionnaires/_sections.html", {"sections": list(sections(**asked).values())})


def test_the_page_shows_what_is_known_and_lists_what_is_open():
    html = rendered()
    assert html.count("<h3") == 15
    assert "8 of 12 questions filled in" in html
    assert "4 questions for the customer" in html
    assert '<span lang="nl">Uw gegevens</span>' in html
    assert '<dd class="col-sm-6 mb-0 text-break font-monospace">85.07.30-***.**</dd>' in html
    assert "Kerkstraat 12 bus 3, 9300 Aalst" in html
    assert "Op welke datum bent u verhuisd?" not in html
    assert html.index("Rekeningnummer voor een terugbetaling") > html.index("<details>")


def test_the_page_needs_no_inline_style_or_script_and_escapes_what_customers_write():
    html = rendered(known={**KNOWN, "first_name": "<script>alert(1)</script>"})
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "style=" not in html
