"""Questionnaires: which definition a dossier carries. What the office knows is looked up, not copied (prefill.py)."""

from django.db import models

from accounton.dossiers.models import Dossier
from accounton.offices.scoping import OfficeOwned


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
