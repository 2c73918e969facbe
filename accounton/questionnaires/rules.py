"""What must hold inside a definition beyond its shape: kinds, keys, prefill and conditions that fit each other."""

from collections import Counter
from collections.abc import Iterable

from accounton.questionnaires.questions import (
    ADDRESS_COLUMNS,
    HOUSEHOLD,
    KINDS,
    NATIONAL_NUMBER_COLUMNS,
    PREFILL_COLUMNS,
    TAXPAYER,
    Choice,
    Definition,
    Question,
)

# Kinds that what the office knows can answer. A yes_no is answered yes where the column has a value.
PREFILLED_KINDS = ("text", "yes_no", "choice", "phone", "email", "national_number", "address")


class Broken(Exception):
    """Something in a definition does not fit, with the section and question where it stands, once they are known."""

    def __init__(self, reason: str, section: str = "", question: str = "") -> None:
        super().__init__(reason)
        self.reason, self.section, self.question = reason, section, question


def check(definition: Definition) -> None:
    """Go through a definition. Raises Broken for the first thing that does not fit."""
    if not definition.sections:
        raise Broken("there are no sections")
    _once([section.key for section in definition.sections], "section")
    earlier: dict[str, Question] = {}
    for section in definition.sections:
        if not section.questions:
            raise Broken("there are no questions", section.key)
        for question in section.questions:
            try:
                if question.key in earlier:
                    raise Broken("the key stands there twice")
                _check_shape(question)
                _check_prefill(question)
                _check_condition(question, earlier)
            except Broken as broken:
                raise Broken(broken.reason, section.key, question.key) from broken
            earlier[question.key] = question


def _check_shape(question: Question) -> None:
    if question.kind not in KINDS:
        raise Broken(f"{question.kind} is not a kind; the kinds are {', '.join(KINDS)}")
    if question.for_whom not in (TAXPAYER, HOUSEHOLD):
        raise Broken(f"for must be {TAXPAYER} or {HOUSEHOLD}")
    if question.kind == "document" and question.document:
        raise Broken("a document question is named by its label alone")
    _check_choices(question.kind, question.choices)
    if (question.kind == "group") != bool(question.fields):
        raise Broken("a group, and nothing else, has fields")
    _once([field.key for field in question.fields], "field")
    for field in question.fields:
        if field.kind not in KINDS or field.kind in ("group", "document"):
            raise Broken(f"field {field.key}: {field.kind} cannot be the kind of a field")
        _check_choices(field.kind, field.choices, f"field {field.key}: ")


def _check_choices(kind: str, choices: tuple[Choice, ...], where: str = "") -> None:
    if (kind == "choice") != bool(choices):
        raise Broken(f"{where}a choice, and nothing else, has choices")
    if len(choices) == 1:
        raise Broken(f"{where}a choice needs at least two choices")
    _once([choice.value for choice in choices], f"{where}choice")


def _check_prefill(question: Question) -> None:
    columns = (*question.prefill, *question.prefill_spouse)
    if not columns:
        return
    for column in columns:
        if column not in PREFILL_COLUMNS:
            raise Broken(f"prefill: {column} is not a column; the columns are {', '.join(PREFILL_COLUMNS)}")
    if question.kind not in PREFILLED_KINDS:
        raise Broken(f"prefill: a question of kind {question.kind} cannot be filled in by an import")
    if question.prefill_spouse and question.for_whom != TAXPAYER:
        raise Broken(f"prefill_spouse: only a question for each {TAXPAYER} has an answer for the partner")
    if question.is_secret != any(column in NATIONAL_NUMBER_COLUMNS for column in columns):
        raise Broken("prefill: national numbers go into questions of kind national_number, and nothing else does")
    if question.kind == "address" and not set(columns) <= set(ADDRESS_COLUMNS):
        raise Broken(f"prefill: an address is made of {', '.join(ADDRESS_COLUMNS)}")
    if question.kind not in ("text", "address") and max(len(question.prefill), len(question.prefill_spouse)) > 1:
        raise Broken(f"prefill: a question of kind {question.kind} takes one column")


def _check_condition(question: Question, earlier: dict[str, Question]) -> None:
    if question.ask_if is None:
        return
    asked = earlier.get(question.ask_if.question)
    if asked is None:
        raise Broken(f"ask_if: no question {question.ask_if.question} stands before this one")
    if question.ask_if.equals not in asked.answers:
        known = ", ".join(asked.answers) or "free"
        raise Broken(f"ask_if: {question.ask_if.equals} is not an answer of {asked.key}; its answers are {known}")
    if question.for_whom == HOUSEHOLD and asked.for_whom == TAXPAYER:
        raise Broken(f"ask_if: {asked.key} has an answer for each {TAXPAYER}, this question is for the {HOUSEHOLD}")


def _once(keys: Iterable[str], what: str) -> None:
    for key, times in Counter(keys).items():
        if times > 1:
            raise Broken(f"{what} {key} stands there twice")
