import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounton.questionnaires.definition import UnusableDefinition, available
from accounton.questionnaires.parsing import parse

GOOD = """
key = "sample"
task_flow = "personenbelasting"
title = { nl = "Voorbeeld", fr = "Exemple", en = "Sample" }

[[sections]]
key = "you"
title = { nl = "U", fr = "Vous", en = "You" }

[[sections.questions]]
key = "you.name"
kind = "text"
for = "taxpayer"
prefill = ["first_name", "last_name"]
label = { nl = "Naam in {income_year}", fr = "Nom", en = "Name" }

[[sections.questions]]
key = "you.number"
kind = "national_number"
for = "taxpayer"
prefill = ["national_number"]
label = { nl = "Nummer", fr = "Numéro", en = "Number" }

[[sections.questions]]
key = "you.address"
kind = "address"
for = "household"
prefill = ["street", "city"]
label = { nl = "Adres", fr = "Adresse", en = "Address" }

[[sections.questions]]
key = "you.language"
kind = "choice"
for = "household"
label = { nl = "Taal", fr = "Langue", en = "Language" }
choices = [
    { value = "dutch", nl = "Nederlands", fr = "Néerlandais", en = "Dutch" },
    { value = "french", nl = "Frans", fr = "Français", en = "French" },
]

[[sections]]
key = "work"
title = { nl = "Werk", fr = "Travail", en = "Work" }

[[sections.questions]]
key = "work.active"
kind = "yes_no"
for = "taxpayer"
label = { nl = "Actief?", fr = "Actif ?", en = "Active?" }

[[sections.questions]]
key = "work.list"
kind = "group"
for = "taxpayer"
ask_if = { question = "work.active", equals = "yes" }
label = { nl = "Lijst", fr = "Liste", en = "List" }
fields = [
    { key = "what", kind = "text", nl = "Wat", fr = "Quoi", en = "What" },
    { key = "how", kind = "choice", nl = "Hoe", fr = "Comment", en = "How", choices = [
        { value = "one", nl = "Een", fr = "Un", en = "One" },
        { value = "two", nl = "Twee", fr = "Deux", en = "Two" },
    ] },
]
"""


def refused(tmp_path: Path, text: str) -> UnusableDefinition:
    path = tmp_path / "sample.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableDefinition) as caught:
        parse(path)
    assert str(caught.value).startswith(str(path))
    return caught.value


def test_the_sample_is_good(tmp_path):
    path = tmp_path / "sample.toml"
    path.write_text(GOOD, encoding="utf-8")
    definition = parse(path)
    assert [question.key for question in definition.questions] == [
        "you.name",
        "you.number",
        "you.address",
        "you.language",
        "work.active",
        "work.list",
    ]


@pytest.mark.parametrize(
    ("before", "after", "section", "question", "reason"),
    [
        ('en = "Sample"', 'en = " "', "", "", "title: the translation in en is missing"),
        ('nl = "Voorbeeld", ', "", "", "", "title: the translation in nl is missing"),
        ('en = "Sample"', 'en = "Sample", de = "Muster"', "", "", "title: de is not known here"),
        ('title = { nl = "Voorbeeld", fr = "Exemple", en = "Sample" }', "", "", "", "title is missing"),
        ('fr = "Exemple"', 'fr = "{income_year}"', "", "", "title: the translation in fr has braces"),
        ('key = "sample"', 'key = "other"', "", "", "the key is other, but the file is called sample"),
        ('task_flow = "personenbelasting"', "version = 1", "", "", "version is not known here"),
        ('fr = "Vous"', "fr = 3", "you", "", "title: the translation in fr is missing"),
        ('key = "work"', 'key = "Work"', "", "", "key 'Work' must be small letters"),
        ('key = "work"', 'key = "work"\nintro = "hello"', "work", "", "intro is missing, or is not in"),
        ('fr = "Nom", ', "", "you", "you.name", "label: the translation in fr is missing"),
        ("in {income_year}", "in {year}", "you", "you.name", "label: the translation in nl has braces"),
        ("in {income_year}", "in {income_year", "you", "you.name", "label: the translation in nl has braces"),
        ('kind = "text"\nfor', 'kind = "txt"\nfor', "you", "you.name", "txt is not a kind"),
        ('kind = "text"\nfor', "for", "you", "you.name", "kind is missing"),
        ('kind = "text"\nfor', 'kind = "text"\nreqired = true\nfor', "you", "you.name", "reqired is not known here"),
        ('kind = "text"\nfor', 'kind = "text"\nrequired = "yes"\nfor', "you", "you.name", "required must be true or"),
        ('kind = "text"\nfor = "taxpayer"', 'kind = "text"\nfor = "me"', "you", "you.name", "for must be taxpayer or"),
        ('"first_name", "last_name"', '"first_name", "surname"', "you", "you.name", "surname is not a column"),
        ('["first_name", "last_name"]', '"first_name"', "you", "you.name", "prefill must be a list of texts"),
        ('["first_name", "last_name"]', '["national_number"]', "you", "you.name", "national numbers go into questions"),
        ('["national_number"]', '["mobile"]', "you", "you.number", "national numbers go into questions"),
        (
            '["national_number"]',
            '["national_number", "spouse_national_number"]',
            "you",
            "you.number",
            "takes one column",
        ),
        ('["street", "city"]', '["street", "email"]', "you", "you.address", "an address is made of"),
        (
            'prefill = ["street", "city"]',
            'prefill_spouse = ["street"]',
            "you",
            "you.address",
            "only a question for each taxpayer",
        ),
        ('kind = "yes_no"', 'kind = "date"\nprefill = ["mobile"]', "work", "work.active", "cannot be filled in by an"),
        ('kind = "yes_no"', 'kind = "choice"', "work", "work.active", "a choice, and nothing else, has choices"),
        ('kind = "yes_no"', 'kind = "group"', "work", "work.active", "a group, and nothing else, has fields"),
        ('value = "french"', 'value = "dutch"', "you", "you.language", "choice dutch stands there twice"),
        ('fr = "Français", ', "", "you", "you.language", "choice french: the translation in fr is missing"),
        ('value = "french", ', "", "you", "you.language", "value is missing"),
        ('key = "you.number"', 'key = "you.name"', "you", "you.name", "the key stands there twice"),
        ('key = "you.number"', 'key = "number"', "you", "number", "a key like you.some_name is needed"),
        ('key = "you.number"', 'key = "work.number"', "you", "work.number", "a key like you.some_name is needed"),
        ('key = "work"', 'key = "you"', "you", "work.active", "a key like you.some_name is needed"),
        ('question = "work.active"', 'question = "work.passive"', "work", "work.list", "no question work.passive"),
        ('question = "work.active"', 'question = "work.list"', "work", "work.list", "no question work.list stands"),
        ('question = "work.active"', 'question = "you.name"', "work", "work.list", "yes is not an answer of you.name"),
        ('equals = "yes"', 'equals = "maybe"', "work", "work.list", "maybe is not an answer of work.active"),
        ('equals = "yes"', "unless = true", "work", "work.list", "unless is not known here"),
        ('ask_if = { question = "work.active", equals = "yes" }', 'ask_if = "yes"', "work", "work.list", "ask_if must"),
        (
            'kind = "group"\nfor = "taxpayer"',
            'kind = "group"\nfor = "household"',
            "work",
            "work.list",
            "work.active has an answer for each taxpayer",
        ),
        ('kind = "text", nl', 'kind = "group", nl', "work", "work.list", "field what: group cannot be the kind"),
        ('key = "how"', 'key = "what"', "work", "work.list", "field what stands there twice"),
        ('fr = "Quoi", ', "", "work", "work.list", "field what: the translation in fr is missing"),
        ('fr = "Deux", ', "", "work", "work.list", "field how: choice two: the translation in fr is missing"),
        (
            'kind = "yes_no"',
            'kind = "document"\ndocument = { nl = "a", fr = "b", en = "c" }',
            "work",
            "work.active",
            "a document question is named by its label alone",
        ),
    ],
)
def test_a_broken_definition_is_refused_with_its_section_question_and_reason(
    tmp_path, before, after, section, question, reason
):
    assert GOOD.count(before) == 1
    error = refused(tmp_path, GOOD.replace(before, after))
    assert (error.section, error.question) == (section, question)
    assert reason in error.reason
    for place in filter(None, (section, question)):
        assert place in str(error)


def test_one_choice_is_no_choice(tmp_path):
    error = refused(tmp_path, re.sub(r"    \{ value = \"french\".*\n", "", GOOD))
    assert (error.question, error.reason) == ("you.language", "a choice needs at least two choices")


def test_the_same_section_twice_is_refused(tmp_path):
    again = GOOD.replace('key = "work', 'key = "you').replace('question = "work', 'question = "you')
    assert "section you stands there twice" in refused(tmp_path, again).reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("key = ", "is not TOML"),
        (GOOD.partition("[[sections]]")[0], "there are no sections"),
        (GOOD.partition("[[sections.questions]]")[0], "there are no questions"),
        (GOOD.partition("[[sections]]")[0] + "sections = 3", "sections must be a list of tables"),
    ],
)
def test_an_unfinished_file_is_refused(tmp_path, text, reason):
    assert reason in refused(tmp_path, text).reason


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "sample.toml").write_bytes(b"\xff\xfe")
    for name in ("sample.toml", "nowhere.toml"):
        with pytest.raises(UnusableDefinition, match="cannot be read"):
            parse(tmp_path / name)


@given(data=st.data())
def test_a_definition_with_a_line_less_is_read_or_refused_by_name(tmp_path_factory, data):
    lines = GOOD.splitlines()
    missing = data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1, max_size=3))
    path = tmp_path_factory.mktemp("definitions") / "sample.toml"
    path.write_text("\n".join(line for number, line in enumerate(lines) if number not in missing), encoding="utf-8")
    try:
        well_said = all("." in question.key for question in parse(path).questions)
    except UnusableDefinition as error:
        well_said = bool(error.reason)
    assert well_said


def test_the_definitions_of_the_house_are_good():
    keys = ["personenbelasting", "personenbelasting_kort", "personenbelasting_zelfstandigen"]
    assert [definition.key for definition in available()] == keys


TAKER = """
key = "taker"
task_flow = "personenbelasting"
title = { nl = "Nemer", fr = "Preneur", en = "Taker" }

[[sections]]
key = "you"
from = "sample"
title = { nl = "Over u", fr = "De vous", en = "About you" }

[[sections]]
key = "work"
from = "sample"
questions = [{ key = "work.list" }]
"""


def taken(tmp_path, text):
    (tmp_path / "sample.toml").write_text(GOOD, encoding="utf-8")
    path = tmp_path / "taker.toml"
    path.write_text(text, encoding="utf-8")
    return parse(path)


def test_a_section_is_taken_whole_from_another_file_under_a_title_of_its_own(tmp_path):
    text = TAKER.replace('{ key = "work.list" }', '{ key = "work.active" }')
    taker, sample = taken(tmp_path, text), parse(tmp_path / "sample.toml")
    assert taker.sections[0].questions == sample.sections[0].questions
    assert (taker.sections[0].title.en, sample.sections[0].title.en) == ("About you", "You")
    assert taker.sections[1].title == sample.sections[1].title
    assert [question.key for question in taker.sections[1].questions] == ["work.active"]


def test_own_questions_stand_between_taken_ones_in_the_order_given(tmp_path):
    own = """[
    { key = "work.name", kind = "text", for = "taxpayer", label = { nl = "Naam", fr = "Nom", en = "Name" } },
    { key = "work.active" }, { key = "work.list" },
]"""
    taker = taken(tmp_path, TAKER.replace('[{ key = "work.list" }]', own))
    assert [question.key for question in taker.sections[1].questions] == ["work.name", "work.active", "work.list"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("", "", "no question work.active stands before"),
        ('from = "sample"\nquestions', 'from = "nowhere"\nquestions', "there is no nowhere.toml"),
        ('key = "work"', 'key = "leisure"', "sample has no such section"),
        ('{ key = "work.list" }', '{ key = "work.gone" }', "kind is missing"),
        ('from = "sample"\nquestions', 'from = "../sample"\nquestions', "must be small letters"),
        ('from = "sample"\nquestions', 'form = "sample"\nquestions', "form is not known here"),
        ('from = "sample"\nquestions', 'from = "taker"\nquestions', "itself taken"),
    ],
    ids=["condition", "no file", "no section", "no question", "path", "misspelt", "circle"],
)
def test_what_cannot_be_taken_is_refused_with_its_place(tmp_path, before, after, reason):
    with pytest.raises(UnusableDefinition, match=re.escape(reason)) as caught:
        taken(tmp_path, TAKER.replace(before, after) if before else TAKER)
    assert caught.value.section
