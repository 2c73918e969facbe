"""All that the code records has words, in every language, and so has all that it is about."""

import ast
import re
from itertools import product
from pathlib import Path

import pytest
from django.utils import translation

import accounton
from accounton.importing.models import WorkbookKind
from accounton.offices.accounts import CHANGES
from accounton.offices.audit.actions import ACTIONS
from accounton.offices.audit.subjects import KINDS
from accounton.offices.limits.tries import CODE, PASSWORD, RESET

RECORDERS = {"record", "record_all", "record_of_account", "record_without_office"}
# What is put together as it is recorded.
MADE = (
    {f"{limits.name}.{outcome}" for limits, outcome in product((PASSWORD, CODE, RESET), ("wrong", "refused"))}
    | {f"import.{kind}_downloaded" for kind in WorkbookKind.values}
    | {action for _kind, action in CHANGES.values()}
)
NAME = re.compile(r"[a-z_]+\.[a-z_]+|signed_(in|out)")
SUBJECT = re.compile(r"^([a-z_]+):")


def trees():
    for path in Path(accounton.__file__).parent.rglob("*.py"):
        yield ast.parse(path.read_text())


def recorded():
    """Every text in the place of the action or subject of a call that records."""
    for tree in trees():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in RECORDERS:
                for part in call.args[:3]:
                    for each in ast.walk(part):
                        if isinstance(each, ast.Constant) and isinstance(each.value, str):
                            yield each.value


def constants():
    """Texts that are named first and recorded by their name."""
    for tree in trees():
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if not names & RECORDERS:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
                yield node.value


@pytest.mark.parametrize("name", sorted({text for text in recorded() if NAME.fullmatch(text)} | MADE))
def test_every_action_has_words(name):
    assert name in ACTIONS, "give it a kind and a sentence in offices/audit/actions.py"


def test_actions_that_are_named_first_have_words_too():
    known = {"customer", "batch", "import", "number", "reveals", "rules", "office", "colleague", "password"}
    found = {name for name in constants() if name.partition(".")[0] in known}
    assert {"number.revealed", "reveals.stopped", "rules.added"} <= found
    assert found - set(ACTIONS) == set()


def test_every_kind_of_subject_has_words():
    found = {match[1] for text in recorded() if (match := SUBJECT.match(text))}
    assert {"customer", "batch", "rule", "user", "office"} <= found
    assert found - set(KINDS) == set()


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_sentence_is_translated(language):
    with translation.override("en"):
        english = {name: str(action.sentence) for name, action in ACTIONS.items()}
    with translation.override(language):
        same = [name for name, action in ACTIONS.items() if str(action.sentence) == english[name]]
    assert same == []
