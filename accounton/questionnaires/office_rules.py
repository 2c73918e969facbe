"""The rules of an office as they stand in the database: read, put in order, changed, each change on record."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max, QuerySet

from accounton.offices.audit import record
from accounton.offices.models import Office, User
from accounton.offices.scoping import active_office_id
from accounton.offices.turns import take_turn
from accounton.questionnaires.choosing import Rule, Rules
from accounton.questionnaires.definition import available
from accounton.questionnaires.models import QuestionnaireRule


def rules_of(office: Office) -> Rules:
    """Give the rules of the active office. One whose questionnaire was taken out of the product is passed over."""
    known = [definition.key for definition in available()]
    rest = office.questionnaire if office.questionnaire in known else known[0]
    return Rules(tuple(row.rule for row in rows() if row.questionnaire in known), rest)


def rows() -> QuerySet[QuestionnaireRule]:
    """Give the rules of the active office in their order."""
    found: QuerySet[QuestionnaireRule] = QuestionnaireRule.objects.order_by("position", "id")
    return found


def has_rules() -> bool:
    """Whether the active office has any rule."""
    return bool(QuestionnaireRule.objects.exists())


def add_rule(user: User, rule: Rule) -> QuestionnaireRule:
    """Put a rule behind all others."""
    with _alone():
        last = QuestionnaireRule.objects.aggregate(last=Max("position"))["last"] or 0
        row: QuestionnaireRule = QuestionnaireRule.objects.create(position=last + 1)
        return _put(row, user, rule, "rules.added")


def change_rule(row: QuestionnaireRule, user: User, rule: Rule) -> QuestionnaireRule:
    """Put other conditions or another questionnaire into a rule; it stays where it stands."""
    with _alone():
        return _put(row, user, rule, "rules.changed")


def move_rule(row: QuestionnaireRule, user: User, *, up: bool) -> None:
    """Let a rule change places with the one above or below it; at the end nothing happens."""
    with _alone():
        ordered = list(rows())
        place = [each.pk for each in ordered].index(row.pk)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(ordered):
            return
        ordered[place], ordered[other] = ordered[other], ordered[place]
        for position, each in enumerate(ordered, start=1):
            QuestionnaireRule.objects.filter(pk=each.pk).update(position=position)
        record(user, "rules.moved", f"rule:{row.pk}", position=other + 1)


def delete_rule(row: QuestionnaireRule, user: User) -> None:
    """Delete a rule; those below it move up."""
    with _alone():
        record(user, "rules.deleted", f"rule:{row.pk}", questionnaire=row.questionnaire)
        row.delete()


def choose_rest(user: User, questionnaire: str) -> None:
    """Say which questionnaire everybody gets whom no rule fits."""
    with _alone() as office:
        office.questionnaire = questionnaire
        office.save(update_fields=["questionnaire"])
        record(user, "rules.rest", f"office:{office.pk}", questionnaire=questionnaire)


@contextmanager
def _alone() -> Iterator[Office]:
    """Take the office's turn: two admins never put the same rules in order at once."""
    with transaction.atomic():
        yield take_turn(active_office_id())


def _put(row: QuestionnaireRule, user: User, rule: Rule, action: str) -> QuestionnaireRule:
    row.rule = rule
    row.save()
    # A label may name a person: only which conditions there are is recorded.
    record(user, action, f"rule:{row.pk}", questionnaire=rule.questionnaire, conditions=sorted(rule.conditions))
    return row
