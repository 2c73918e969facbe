"""Questionnaires: which definition a dossier carries, and the rules by which an office chooses it.

What the office knows is looked up, not copied (prefill.py).
"""

from django.db import models

from accounton.dossiers.models import Dossier
from accounton.offices.scoping import OfficeOwned
from accounton.questionnaires.choosing import Rule


class Questionnaire(OfficeOwned):
    """The questionnaire of one dossier, in the customer's own language."""

    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="questionnaire")
    definition = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfficeOwned.Meta):
        pass

    def __str__(self) -> str:
        return self.definition


class QuestionnaireRule(OfficeOwned):
    """One rule of an office; the first in order of position that fits a customer chooses the questionnaire."""

    position = models.PositiveIntegerField()
    language = models.CharField(max_length=10, blank=True)
    label = models.CharField(max_length=100, blank=True)
    self_employed = models.BooleanField(null=True)
    joint = models.BooleanField(null=True)
    questionnaire = models.CharField(max_length=60)

    class Meta(OfficeOwned.Meta):
        indexes = [models.Index(fields=["office", "position"], name="rules_in_order")]

    def __str__(self) -> str:
        return f"rule {self.position}"

    @property
    def rule(self) -> Rule:
        """The rule itself."""
        return Rule(self.questionnaire, self.language, self.label, self.self_employed, self.joint)

    @rule.setter
    def rule(self, rule: Rule) -> None:
        self.questionnaire, self.language, self.label = rule.questionnaire, rule.language, rule.label
        self.self_employed, self.joint = rule.self_employed, rule.joint
