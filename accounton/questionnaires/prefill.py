"""Fills a questionnaire in with what the office knows. Pure: what is known comes in under the keys of the columns.

National numbers are meant to come in masked already. One that comes in plain is masked here: it never goes on.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from babel import Locale

from accounton.belgium import enterprise_numbers, national_numbers
from accounton.questionnaires.questions import HOUSEHOLD, Definition, Question, Section
from accounton.questionnaires.texts import BOX, MAIN_DECLARANT, PARTNER, YES, Language, Text, language_code

MAIN, SPOUSE = "main", "spouse"

_ENTERPRISE_NUMBERS = frozenset({"enterprise_number", "spouse_enterprise_number"})
_MASKED = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-\*{3}\.\*{2}", re.ASCII)
_BELGIAN_MOBILE = re.compile(r"\A(\+32)([0-9]{3})([0-9]{2})([0-9]{2})([0-9]{2})\Z", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """A question as asked of one person, or of both at once, with its answer where the office knows it.

    `value` does not depend on the language (yes, dutch); `shown` is what a screen shows. Both are "" where nothing is
    known, and masked where the answer is secret. `is_asked` is false while a condition is not known to be met.
    """

    question: str
    kind: str
    person: str
    label: str
    help: str
    paper: str
    whose: str
    is_secret: bool
    is_required: bool
    is_asked: bool
    value: str = field(repr=False)
    shown: str = field(repr=False)


@dataclass(frozen=True)
class AnsweredSection:
    """A section in one language: all its questions, once per person they are for."""

    key: str
    language: Language
    title: str
    intro: str
    answers: tuple[Answer, ...]

    @property
    def known(self) -> list[Answer]:
        """What the office knows already."""
        return [answer for answer in self.answers if answer.shown and answer.is_asked]

    @property
    def open(self) -> list[Answer]:
        """What is asked and not known yet."""
        return [answer for answer in self.answers if answer.is_asked and not answer.shown]

    @property
    def filled(self) -> int:
        """How many of the `asked` questions are filled in."""
        return len(self.known)

    @property
    def asked(self) -> int:
        """How many questions are asked, as far as is known now."""
        return sum(answer.is_asked for answer in self.answers)


def prefilled(
    definition: Definition, known: Mapping[str, str], is_joint: bool, *, language: str, assessment_year: int
) -> list[AnsweredSection]:
    """Give all sections with what is known filled in, in one language (nl, fr, en, or dutch, french, english).

    In a joint return the questions for each taxpayer come twice: main declarant, then partner.
    Raises UnknownLanguage.
    """
    filling = _Filling(known, language_code(language), assessment_year, is_joint)
    return [filling.section(section) for section in definition.sections]


def totals(sections: list[AnsweredSection]) -> tuple[int, int]:
    """Give how many questions are filled in, and how many are asked, over all sections."""
    return sum(section.filled for section in sections), sum(section.asked for section in sections)


class _Filling:
    """Goes through the questions once; keeps the answers, because later questions depend on earlier ones."""

    def __init__(self, known: Mapping[str, str], language: Language, assessment_year: int, is_joint: bool) -> None:
        self._known, self._language, self._year = known, language, assessment_year
        self._persons = (MAIN, SPOUSE) if is_joint else (MAIN,)
        self._whose = {MAIN: MAIN_DECLARANT, SPOUSE: PARTNER} if is_joint else {}
        self._values: dict[tuple[str, str], str] = {}

    def section(self, section: Section) -> AnsweredSection:
        answers = tuple(answer for question in section.questions for answer in self._answers(question))
        return AnsweredSection(section.key, self._language, self._say(section.title), self._say(section.intro), answers)

    def _answers(self, question: Question) -> Iterator[Answer]:
        for person in (HOUSEHOLD,) if question.for_whom == HOUSEHOLD else self._persons:
            value, shown = self._answer(question, person)
            asked = self._is_asked(question, person)
            self._values[question.key, person] = value if asked else ""
            yield Answer(
                question=question.key,
                kind=question.kind,
                person=person,
                label=self._say(question.label),
                help=self._say(question.help),
                paper=self._say(question.paper),
                whose=self._say(self._whose.get(person)),
                is_secret=question.is_secret,
                is_required=question.required,
                is_asked=asked,
                value=value,
                shown=shown,
            )

    def _is_asked(self, question: Question, person: str) -> bool:
        condition = question.ask_if
        if condition is None:
            return True
        answers = (self._values.get((condition.question, whose)) for whose in (person, HOUSEHOLD))
        return condition.equals in answers

    def _answer(self, question: Question, person: str) -> tuple[str, str]:
        columns = question.prefill_spouse if person == SPOUSE else question.prefill
        values = [(column, self._known.get(column, "").strip()) for column in columns]
        given = " ".join(value for _, value in values if value)
        if not given:
            return "", ""
        if question.answers:
            return self._fixed_answer(question, given)
        shown = self._shown(question, dict(values), given)
        return (shown if question.is_secret or question.kind == "address" else given), shown

    def _fixed_answer(self, question: Question, given: str) -> tuple[str, str]:
        if question.kind == "yes_no":
            return "yes", self._say(YES)
        chosen = [choice for choice in question.choices if choice.value == given]
        return (chosen[0].value, self._say(chosen[0].label)) if chosen else ("", "")

    def _shown(self, question: Question, values: Mapping[str, str], given: str) -> str:
        if question.is_secret:
            return given if _MASKED.fullmatch(given) else national_numbers.masked(given)
        if question.kind == "address":
            return _address(values, self._language)
        if question.kind == "phone":
            return _BELGIAN_MOBILE.sub(r"\1 \2 \3 \4 \5", given)
        return enterprise_numbers.formatted(given) if _ENTERPRISE_NUMBERS.issuperset(values) else given

    def _say(self, text: Text | None) -> str:
        return text.in_language(self._language, self._year) if text else ""


def _address(known: Mapping[str, str], language: Language) -> str:
    """Join an address as it stands on an envelope, in one line: Kerkstraat 12 bus 3, 9300 Aalst."""
    box = known.get("box", "")
    street = [known.get("street", ""), known.get("house_number", ""), box and f"{BOX.in_language(language)} {box}"]
    town = [known.get("postal_code", ""), known.get("city", "")]
    parts = [" ".join(filter(None, street)), " ".join(filter(None, town)), _country(known.get("country", ""), language)]
    return ", ".join(filter(None, parts))


def _country(code: str, language: Language) -> str:
    # Nobody in Belgium writes the country in a Belgian address.
    return "" if code == "BE" else _countries(language).get(code, code)


@cache
def _countries(language: Language) -> Mapping[str, str]:
    return Locale.parse(language).territories
