"""Batches: one import each, from the file that waits to be read to the customers that were added."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounton.customers.models import Customer, FoldedField
from accounton.dossiers.models import TaskFlow
from accounton.offices.models import User
from accounton.offices.scoping import OfficeOwned, OfficeOwnedInBulk


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting to be read")
    READING = "reading", _("Being read")
    MAPPING = "mapping", _("Columns to be matched")
    REVIEW = "review", _("To be reviewed")
    APPLYING = "applying", _("Being added")
    CHANGING = "changing", _("Being changed")
    DONE = "done", _("Added")
    FAILED = "failed", _("Could not be read")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class Bucket(models.TextChoices):
    ONLY_IN_IMPORT = "only_in_import", _("Customers only in import")
    ONLY_IN_PLATFORM = "only_in_platform", _("Customers only in Accounton")
    DOUBLE = "double", _("Double customers")
    INVALID = "invalid", _("Invalid customers")


class Aside(models.TextChoices):
    """Where rows are that stand in no bucket any more, because of a change; undoing that brings them back."""

    MERGED = "merged", _("Merged into another row")
    LEFT_OUT = "left_out", _("Left out")


class Batch(OfficeOwned):
    """One import and every choice made in its review."""

    # Whether it is or was asked who a row is: read with the revision that is claimed (choosing.touch), None before.
    # SQLite says 0 or 1.
    has_claims: bool | int | None = None

    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    file_name = models.CharField(max_length=255)
    file_size = models.BigIntegerField(default=0)
    file_sha256 = models.CharField(max_length=64, blank=True)
    task_flow = models.CharField(max_length=40, choices=TaskFlow, default=TaskFlow.PERSONENBELASTING)
    assessment_year = models.PositiveSmallIntegerField()
    # A key, BY_RULES for what the rules of the office choose for each, "" while nothing is chosen.
    questionnaire = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)

    sheet = models.CharField(max_length=100, blank=True)
    columns = models.JSONField(default=list)
    # What is wished of the reading: fields of rows.mapping_wishes.Wishes.
    mapping = models.JSONField(default=dict)
    notices = models.JSONField(default=list)
    problem = models.JSONField(default=dict)
    rows_expected = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    rows_empty = models.PositiveIntegerField(default=0)
    # Counts the changes made in the review: an add names the one it saw.
    revision = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    # When near matches were last looked for; they are once, after reading, and again whenever somebody asks.
    near_at = models.DateTimeField(null=True)
    # How often that was begun and broke off since.
    near_attempts = models.PositiveSmallIntegerField(default=0)
    applying_since = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    # Why it may be the wrong list, until somebody says that it is not.
    doubt = models.CharField(max_length=20, blank=True)
    # What the last add did: asked, added, and the row numbers that were left out because they moved meanwhile.
    result = models.JSONField(default=dict)
    # Each add with when it began, who did it, and the language ("" for as in the file) and questionnaire chosen for it,
    # with the rules as they were then.
    adds = models.JSONField(default=list)
    # How many times a known customer was overwritten or got a dossier.
    changed = models.PositiveIntegerField(default=0)
    # How far an undo is: asked, done; and at its end the counts of what became of everything.
    undo = models.JSONField(default=dict)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta(OfficeOwned.Meta):
        indexes = [models.Index(fields=["office", "-created_at"], name="batch_list")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def for_all(self) -> str:
        """What is chosen for all rows, as a page sends it back: the language and the questionnaire."""
        return f"{self.language} {self.questionnaire}"


class Upload(OfficeOwned):
    """A file that waits to be read, sealed; gone once read. So is what the page shows on which columns are matched."""

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="upload")
    sealed = models.BinaryField()
    # Whether it may be read while somebody waits for the page (spreadsheets/weight.py).
    is_light = models.BooleanField(default=False, db_default=False)
    layout = models.BinaryField(null=True)

    class Meta(OfficeOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"upload of batch {self.batch_id}"


class LearntColumn(OfficeOwned):
    """What a header became when somebody last said so: for this user, or without one for the whole office."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    # As lists are compared, and as it stood in the file.
    key = models.CharField(max_length=200)
    header = models.CharField(max_length=200)
    target = models.CharField(max_length=40)
    learnt_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfficeOwned.Meta):
        indexes = [models.Index(fields=["office", "user", "key"], name="learnt_by_key")]

    def __str__(self) -> str:
        return self.header


class StagedRow(OfficeOwnedInBulk):
    """One row of the file, with what lists search and sort by; all its values and findings stand in its content.

    Whether it was added is not written here: a customer made of it names it (Customer.import_row).
    """

    # Each of the constraints and indexes below begins with the batch.
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    bucket = models.CharField(max_length=20, choices=[*Bucket.choices, *Aside.choices])
    # The sheet row of the main declarant into whose joint return this row was merged.
    merged_into = models.PositiveIntegerField(null=True)
    selected = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=0)
    search = FoldedField()
    email = models.TextField()
    name_key = models.TextField()
    client_code = models.TextField()
    language = models.CharField(max_length=10)
    is_joint = models.BooleanField()
    # Labels, and whether self-employed, as in rows.traits: what the rules of an office ask about.
    traits = FoldedField()
    # The questionnaire that somebody chose for this row; "" for the one that goes for all, or by the rules.
    questionnaire = models.CharField(max_length=60, blank=True, default="", db_default="")
    # Comma-separated problem codes; and whether anything was repaired in this row.
    problems = models.TextField()
    repaired = models.BooleanField()
    number_hash = models.BinaryField(null=True)
    spouse_hash = models.BinaryField(null=True)
    match = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    matched_by = models.CharField(max_length=20)

    class Meta(OfficeOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="staged_row_once")]
        # Every query asks for the office too: an index that ends with it answers alone, without the table.
        indexes = [
            models.Index(fields=["batch", "bucket", "number", "office"], name="staged_by_number"),
            models.Index(fields=["batch", "bucket", "search", "office"], name="staged_by_name"),
            models.Index(fields=["match"], condition=models.Q(match__isnull=False), name="staged_match"),
            # The few that differ from what most rows are: counting those is quick, counting the others is not. Each
            # holds what its condition asks: SQLite looks into the table for it otherwise.
            models.Index(
                fields=["batch", "bucket", "office", "selected"],
                condition=models.Q(selected=False), name="staged_deselected",
            ),
            models.Index(
                fields=["batch", "bucket", "office", "repaired"],
                condition=models.Q(repaired=True), name="staged_repaired",
            ),
            models.Index(
                fields=["batch", "office", "questionnaire"],
                condition=~models.Q(questionnaire=""), name="staged_own_questionnaire",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"row {self.number}"

    @property
    def sealed(self) -> bytes:
        """All its values and findings, sealed. Of many rows, load them first: prefetch_related("content")."""
        return bytes(self.content.sealed)


class StagedContent(OfficeOwnedInBulk):
    """What a staged row holds, sealed. Apart, so that lists sort and search without passing over it."""

    # Written in the same transaction as the row; `accounton doctor` looks whether any row lacks it.
    row = models.OneToOneField(
        StagedRow, on_delete=models.CASCADE, primary_key=True, related_name="content", db_constraint=False
    )
    sealed = models.BinaryField()

    class Meta(OfficeOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"content of row {self.row_id}"


class OnlyHere(OfficeOwnedInBulk):
    """A customer with a dossier in the chosen task flow and year whom the file does not have."""

    # Nothing but two numbers stands here: one that were left behind by its batch would be found by nobody.
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="only_here", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")

    class Meta(OfficeOwned.Meta):
        # A batch is of one office. It is named so that the index answers without the table: of 100,000 customers only
        # here, a page in any order then takes 30 ms instead of 140.
        constraints = [models.UniqueConstraint(fields=["batch", "customer", "office"], name="only_here_once")]

    def __str__(self) -> str:
        return f"customer {self.customer_id}"


def made_of_row(row: str = "pk") -> Exists:
    """Give the condition that a customer was made of the row: of staged rows, or of what names one in `row`."""
    return Exists(Customer.objects.filter(import_row=OuterRef(row)))
