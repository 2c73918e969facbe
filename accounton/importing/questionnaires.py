"""Which questionnaire each row of a batch gets: the one chosen for the row, else the one for all, or by the rules."""

from collections.abc import Iterable
from functools import cached_property

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.expressions import Combinable

from accounton.customers.models import Customer
from accounton.importing.models import Batch, StagedRow
from accounton.questionnaires.choosing import BY_RULES, SELF_EMPLOYED_TRAIT, Facts, Rule, Rules, rules_from_json
from accounton.questionnaires.office_rules import rules_of
from accounton.rows.traits import packed_label, traits_of

OWN = ~Q(questionnaire="")
"""Rows for which somebody chose a questionnaire."""


class Which:
    """Says it for rows, one by one or in SQL; `rules` are the office's, where the batch goes by them."""

    def __init__(self, batch: Batch, rules: Rules | None) -> None:
        self.batch, self.rules = batch, rules if batch.questionnaire == BY_RULES else None

    def for_all(self, row: StagedRow) -> str:
        """Give the questionnaire of a row as if nobody had chosen one for it; "" while none is chosen for all."""
        if self.rules is None:
            return self.batch.questionnaire
        return self.rules.choose(Facts(self.batch.language or row.language, row.is_joint, row.traits))

    def of(self, row: StagedRow) -> str:
        """Give the questionnaire of a row."""
        return row.questionnaire or self.for_all(row)

    def of_customer(self, customer: Customer) -> str:
        """Give the questionnaire of a known customer who gets a dossier."""
        return self.batch.questionnaire if self.rules is None else self.rules.choose(facts_of(customer))

    @cached_property
    def expression(self) -> Combinable:
        """The same in SQL, as an annotation of staged rows."""
        default = Value(self.rules.rest if self.rules else self.batch.questionnaire)
        rules = self.rules.rules if self.rules else ()
        wanted = (
            rule for rule in rules if not (self.batch.language and rule.language not in ("", self.batch.language))
        )
        conditions = [(self._condition(rule), rule.questionnaire) for rule in wanted]
        cases = [When(condition, then=Value(key)) for condition, key in conditions if condition]
        # A rule that asks nothing but the language that all get here fits everybody; none behind it matters.
        everybody = next((index for index, (condition, _key) in enumerate(conditions) if not condition), None)
        if everybody is not None:
            cases, default = cases[:everybody], Value(conditions[everybody][1])
        own = When(OWN, then=F("questionnaire"))
        return Case(own, *cases, default=default, output_field=CharField())

    def _condition(self, rule: Rule) -> Q:
        found = Q()
        if rule.language and not self.batch.language:
            found &= Q(language=rule.language)
        if rule.label:
            found &= Q(traits__contains=packed_label(rule.label))
        if rule.self_employed is not None:
            is_so = Q(traits__contains=SELF_EMPLOYED_TRAIT)
            found &= is_so if rule.self_employed else ~is_so
        if rule.joint is not None:
            found &= Q(is_joint=rule.joint)
        return found


def facts_of(customer: Customer) -> Facts:
    """Give what rules ask about a customer."""
    has_enterprise = bool(customer.enterprise_number or customer.spouse_enterprise_number)
    return Facts(customer.language, customer.is_joint, traits_of(customer.labels, has_enterprise))


def which_of(batch: Batch) -> Which:
    """Say it by the rules as they are now."""
    return Which(batch, rules_of(batch.office) if batch.questionnaire == BY_RULES else None)


def which_at_add(batch: Batch) -> Which:
    """Say it by the rules as they were when the add that runs now was begun."""
    kept = batch.adds[-1].get("rules") if batch.adds else None
    return Which(batch, rules_from_json(kept)) if kept else which_of(batch)


def has_own(batch: Batch) -> bool:
    """Whether somebody chose a questionnaire for single rows."""
    return batch.rows.filter(OWN).exists()


def chosen_of(rows: Iterable[int]) -> dict[int, str]:
    """Give by id the questionnaires that somebody chose for rows."""
    return dict(StagedRow.objects.filter(OWN, pk__in=list(rows)).values_list("pk", "questionnaire"))


def expected(batch: Batch, row: StagedRow) -> set[str]:
    """Give the questionnaires that a row may have been added with."""
    if row.questionnaire:
        return {row.questionnaire}
    found = {batch.questionnaire, *(add["questionnaire"] for add in batch.adds)} - {BY_RULES}
    return found.union(*(rules_from_json(add["rules"]).keys for add in batch.adds if add.get("rules")))
