"""What a questionnaire is made of: a definition has sections, a section has questions. Pure and frozen."""

from collections.abc import Iterator
from dataclasses import dataclass

from accounton.questionnaires.texts import Text
from accounton.rows.groups import keys_of

KINDS = (
    "text",
    "long_text",
    "yes_no",
    "choice",
    "amount",
    "number",
    "date",
    "iban",
    "phone",
    "email",
    "national_number",
    "address",
    "document",
    "group",
)

TAXPAYER, HOUSEHOLD = "taxpayer", "household"

# What an import brings for each customer, and what questions may be filled in with.
PREFILL_COLUMNS = (
    "first_name",
    "last_name",
    "email",
    "mobile",
    "national_number",
    "spouse_national_number",
    "spouse_first_name",
    "spouse_last_name",
    "spouse_email",
    "spouse_mobile",
    "street",
    "house_number",
    "box",
    "postal_code",
    "city",
    "country",
    "language",
    "enterprise_number",
    "spouse_enterprise_number",
)
NATIONAL_NUMBER_COLUMNS = ("national_number", "spouse_national_number")
ADDRESS_COLUMNS = keys_of("address")


@dataclass(frozen=True)
class Choice:
    """One of the answers of a choice."""

    value: str
    label: Text


@dataclass(frozen=True)
class Condition:
    """A question is asked only where an earlier one, of the same person or the household, has this answer."""

    question: str
    equals: str


@dataclass(frozen=True)
class Field:
    """One field of each row of a group."""

    key: str
    kind: str
    label: Text
    required: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question.

    A group is answered yes or no first; on yes, its fields are filled in once for each thing (child, loan, account).
    `document` names the paper that is asked for with the answer: on yes, or wherever there is an answer.
    `prefill` lists the columns of the customer whose values answer it; `prefill_spouse` those for the partner.
    """

    key: str
    kind: str
    for_whom: str
    label: Text
    help: Text | None = None
    required: bool = False
    document: Text | None = None
    prefill: tuple[str, ...] = ()
    prefill_spouse: tuple[str, ...] = ()
    ask_if: Condition | None = None
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def paper(self) -> Text | None:
        """The name of the paper asked for: that of a document question is its label."""
        return self.label if self.kind == "document" else self.document

    @property
    def is_secret(self) -> bool:
        """Whether the answer must be masked wherever it is shown."""
        return self.kind == "national_number"

    @property
    def answers(self) -> tuple[str, ...]:
        """The fixed answers another question may depend on; none where the answer is free."""
        if self.kind in ("yes_no", "group"):
            return ("yes", "no")
        return tuple(choice.value for choice in self.choices)


@dataclass(frozen=True)
class Section:
    """A part of the questionnaire, shown on one screen."""

    key: str
    title: Text
    questions: tuple[Question, ...]
    intro: Text | None = None


@dataclass(frozen=True)
class Definition:
    """A whole questionnaire as its file defines it."""

    key: str
    task_flow: str
    titles: Text
    sections: tuple[Section, ...]

    def title(self, language: str) -> str:
        """Give the title in one language (nl, fr, en, or dutch, french, english). Raises UnknownLanguage."""
        return self.titles.in_language(language)

    @property
    def questions(self) -> Iterator[Question]:
        """All questions, in the order in which they are asked."""
        return (question for section in self.sections for question in section.questions)
