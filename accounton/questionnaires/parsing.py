"""Reads a definition file strictly: what is missing, misspelt or unknown is refused with the place where it stands."""

import re
import tomllib
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

from accounton.questionnaires.questions import Choice, Condition, Definition, Field, Question, Section
from accounton.questionnaires.rules import Broken, check
from accounton.questionnaires.texts import LANGUAGES, Text, stray_openings

_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_LANGUAGES = frozenset(LANGUAGES)
_NAMES = {
    "definition": frozenset({"key", "task_flow", "title", "sections"}),
    "section": frozenset({"key", "title", "intro", "questions"}),
    "taken": frozenset({"key", "from", "title", "intro", "questions"}),
    "question": frozenset(
        {"key", "kind", "for", "label", "help", "required", "document"}
        | {"prefill", "prefill_spouse", "ask_if", "choices", "fields"}
    ),
    "condition": frozenset({"question", "equals"}),
    "field": frozenset({"key", "kind", "required", "choices"}) | _LANGUAGES,
    "choice": frozenset({"value"}) | _LANGUAGES,
}


class UnusableDefinition(ValueError):
    """A definition file cannot be used. Names the file and, where known, the section and the question."""

    def __init__(self, path: Path, section: str, question: str, reason: str) -> None:
        self.path, self.section, self.question, self.reason = path, section, question, reason
        places = [str(path), section and f"section {section}", question and f"question {question}"]
        super().__init__(f"{', '.join(place for place in places if place)}: {reason}")


def parse(path: Path) -> Definition:
    """Read one definition file, and the files beside it from which it takes sections. Raises UnusableDefinition."""
    table = _read(path)
    try:
        table["sections"] = list(_with_taken(_tables(table, "sections"), path))
        definition = _definition(table, path.stem)
        check(definition)
    except Broken as broken:
        raise UnusableDefinition(path, broken.section, broken.question, broken.reason) from broken
    return definition


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UnusableDefinition(path, "", "", f"is not TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableDefinition(path, "", "", "cannot be read as a text file in UTF-8") from error


def _with_taken(sections: list[dict[str, Any]], path: Path) -> Iterator[dict[str, Any]]:
    """Yield section tables; those that name a file under `from` filled up with what stands there.

    Its title and intro are taken unless there are own ones; all its questions, unless some are listed: of those, where
    only the key stands, the question is taken, and any other is an own one. Raises Broken.
    """
    files: dict[str, dict[str, dict[str, Any]]] = {}
    for section in sections:
        if "from" not in section:
            yield section
            continue
        key = _key(section, "key")
        try:
            name = _key(section, "from")
            _only(section, _NAMES["taken"])
            if name not in files:
                files[name] = _sections_of(path.with_name(f"{name}.toml"))
            if key not in files[name]:
                raise Broken(f"from: {name} has no such section")
            yield _filled_up(section, files[name][key])
        except Broken as broken:
            raise Broken(broken.reason, key, broken.question) from broken


def _sections_of(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        raise Broken(f"from: there is no {path.name}")
    return {_key(section, "key"): section for section in _tables(_read(path), "sections")}


def _filled_up(section: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    if "from" in whole:
        raise Broken(f"from: that section is itself taken, from {whole['from']}; take it there")
    own = {name: value for name, value in section.items() if name != "from"}
    if "questions" in own:
        theirs = {question.get("key"): question for question in _tables(whole, "questions")}
        own["questions"] = [
            theirs.get(question.get("key"), question) if set(question) == {"key"} else question
            for question in _tables(own, "questions")
        ]
    return {**whole, **own}


def _definition(table: dict[str, Any], expected_key: str) -> Definition:
    _only(table, _NAMES["definition"])
    key = _key(table, "key")
    if key != expected_key:
        raise Broken(f"the key is {key}, but the file is called {expected_key}")
    title = _text(table, "title", years=False)
    return Definition(
        key, _key(table, "task_flow"), title, tuple(_section(each) for each in _tables(table, "sections"))
    )


def _section(table: dict[str, Any]) -> Section:
    key = _key(table, "key")
    try:
        _only(table, _NAMES["section"])
        return Section(
            key=key,
            title=_text(table, "title", years=False),
            intro=_text(table, "intro") if "intro" in table else None,
            questions=tuple(_question(each, key) for each in _tables(table, "questions")),
        )
    except Broken as broken:
        raise Broken(broken.reason, key, broken.question) from broken


def _question(table: dict[str, Any], section: str) -> Question:
    key = _string(table, "key")
    try:
        prefix, _, name = key.partition(".")
        if prefix != section or not _KEY.fullmatch(name):
            raise Broken(f"a key like {section}.some_name is needed")
        _only(table, _NAMES["question"])
        return Question(
            key=key,
            kind=_string(table, "kind"),
            for_whom=_string(table, "for"),
            label=_text(table, "label"),
            help=_text(table, "help") if "help" in table else None,
            required=_flag(table, "required"),
            document=_text(table, "document") if "document" in table else None,
            prefill=_strings(table, "prefill"),
            prefill_spouse=_strings(table, "prefill_spouse"),
            ask_if=_condition(table),
            choices=_choices(table),
            fields=tuple(_field(each) for each in _tables(table, "fields")),
        )
    except Broken as broken:
        raise Broken(broken.reason, question=key) from broken


def _condition(table: dict[str, Any]) -> Condition | None:
    if "ask_if" not in table:
        return None
    condition = table["ask_if"]
    if not isinstance(condition, dict):
        raise Broken("ask_if must have question and equals")
    _only(condition, _NAMES["condition"])
    return Condition(_string(condition, "question"), _string(condition, "equals"))


def _field(table: dict[str, Any]) -> Field:
    key = _key(table, "key")
    try:
        _only(table, _NAMES["field"])
        return Field(key, _string(table, "kind"), _translated(table), _flag(table, "required"), _choices(table))
    except Broken as broken:
        raise Broken(f"field {key}: {broken.reason}") from broken


def _choices(table: dict[str, Any]) -> tuple[Choice, ...]:
    choices = []
    for each in _tables(table, "choices"):
        value = _key(each, "value")
        try:
            _only(each, _NAMES["choice"])
            choices.append(Choice(value, _translated(each)))
        except Broken as broken:
            raise Broken(f"choice {value}: {broken.reason}") from broken
    return tuple(choices)


def _text(table: dict[str, Any], name: str, *, years: bool = True) -> Text:
    translations = table.get(name)
    if not isinstance(translations, dict):
        raise Broken(f"{name} is missing, or is not in {', '.join(LANGUAGES)}")
    try:
        _only(translations, _LANGUAGES)
        return _translated(translations, years=years)
    except Broken as broken:
        raise Broken(f"{name}: {broken.reason}") from broken


def _translated(translations: dict[str, Any], *, years: bool = True) -> Text:
    for language in LANGUAGES:
        text = translations.get(language)
        if not isinstance(text, str) or not text.strip():
            raise Broken(f"the translation in {language} is missing")
        if stray_openings(text) or ("{" in text and not years):
            raise Broken(f"the translation in {language} has braces that nothing fills in")
    return Text(**{language: translations[language] for language in LANGUAGES})


def _tables(table: dict[str, Any], name: str) -> list[dict[str, Any]]:
    tables = table.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise Broken(f"{name} must be a list of tables")
    return tables


def _strings(table: dict[str, Any], name: str) -> tuple[str, ...]:
    strings = table.get(name, [])
    if not isinstance(strings, list) or not all(isinstance(each, str) for each in strings):
        raise Broken(f"{name} must be a list of texts")
    return tuple(strings)


def _string(table: dict[str, Any], name: str) -> str:
    string = table.get(name)
    if not isinstance(string, str) or not string:
        raise Broken(f"{name} is missing, or is not a text")
    return string


def _key(table: dict[str, Any], name: str) -> str:
    key = _string(table, name)
    if not _KEY.fullmatch(key):
        raise Broken(f"{name} {key!r} must be small letters, digits and underscores")
    return key


def _flag(table: dict[str, Any], name: str) -> bool:
    flag = table.get(name, False)
    if not isinstance(flag, bool):
        raise Broken(f"{name} must be true or false")
    return flag


def _only(table: dict[str, Any], names: Set[str]) -> None:
    unknown = sorted(set(table) - names)
    if unknown:
        raise Broken(f"{', '.join(unknown)} is not known here")
