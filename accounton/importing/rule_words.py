"""A rule for the questionnaire read in words."""

from collections.abc import Sequence

from django.utils.translation import gettext

from accounton.customers.models import Language
from accounton.importing.wording import questionnaire_title
from accounton.questionnaires.choosing import Rule, Rules
from accounton.questionnaires.models import QuestionnaireRule


def rule_words(rule: Rule) -> str:
    """Say a rule: "Who has French as language and is self-employed gets “Checklist …”."."""
    *first, last = _conditions(rule)
    who = gettext("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
    return gettext("Who %(conditions)s gets “%(title)s”.") % {
        "conditions": who,
        "title": questionnaire_title(rule.questionnaire),
    }


def never_reached(rows: Sequence[QuestionnaireRule]) -> dict[int, str]:
    """Say by id of rules that nobody reaches, why."""
    said = gettext("Nobody reaches this rule: rule %(number)s above fits them all.")
    shadowed = Rules(tuple(row.rule for row in rows), "").shadowed()
    return {rows[place].pk: said % {"number": earlier + 1} for place, earlier in shadowed.items()}


def _conditions(rule: Rule) -> list[str]:
    found = []
    if rule.language:
        found.append(gettext("has %(language)s as language") % {"language": Language(rule.language).label})
    if rule.label:
        found.append(gettext("has the label “%(label)s”") % {"label": rule.label})
    if rule.self_employed is not None:
        found.append(gettext("is self-employed") if rule.self_employed else gettext("is not self-employed"))
    if rule.joint is not None:
        found.append(gettext("files a joint return") if rule.joint else gettext("files an individual return"))
    return found
