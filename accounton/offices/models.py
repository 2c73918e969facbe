"""Offices and the people who work there."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounton.offices.scoping import OfficeOwned

CUSTOMER_LANGUAGES = ("dutch", "french", "english")


def all_languages() -> list[str]:
    """Give the languages that a new office starts with."""
    return list(CUSTOMER_LANGUAGES)


class Office(models.Model):
    """An accounting office: the tenant that every other row belongs to."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    languages = models.JSONField(default=all_languages)
    # Of customers whom no rule fits; the key of a definition.
    questionnaire = models.CharField(max_length=60, default="personenbelasting")
    # The language of customers in a list that does not say it; "" asks each time.
    list_language = models.CharField(max_length=20, blank=True)
    # As letters and mails to customers show it.
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    telephone = models.CharField(max_length=20, blank=True)  # E.164
    needs_second_factor = models.BooleanField(default=False)
    # Of a colleague's session; None is what the host chose (ACCOUNTON_SESSION_IDLE_MINUTES), which is the most too.
    idle_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None, office: Office | None, **fields: Any) -> "User":
        """Make a colleague of an office who logs in with this e-mail address."""
        user = self.model(email=self.normalize_email(email).lower(), office=office, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A colleague of one office. Only an admin imports, as in the original. Never deleted: records name them."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Admin")
        ACCOUNTANT = "accountant", _("Accountant")
        READ_ONLY = "read_only", _("Read only")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="staff", null=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.ACCOUNTANT)
    # Of the screen; "" is what the browser asks for.
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    # Sessions of an earlier number have ended.
    session_version = models.PositiveIntegerField(default=0)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # As Django's, so that everybody is signed out whose sessions were ended; by it alone sessions of before hold.
        found: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{self.session_version}:{found}" if self.session_version else found

    @property
    def is_admin(self) -> bool:
        """Whether this colleague may import, undo and manage."""
        return self.role == self.Role.ADMIN

    @property
    def may_change(self) -> bool:
        """Whether this colleague may change anything of the office, or only read."""
        return self.role != self.Role.READ_ONLY


class AuditEntry(OfficeOwned):
    """Who did something that must be traceable. Written by offices/audit only; triggers refuse to change or delete it.

    User and office are plain ids: an entry outlives both, and says no name. Office 0 is none.
    """

    office = models.ForeignKey(
        Office, on_delete=models.DO_NOTHING, editable=False, db_index=False, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField()
    user = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    action = models.CharField(max_length=50)
    subject = models.CharField(max_length=100)
    details = models.JSONField(default=dict)
    # Of what it says; and its place in the chain of its office, which is given once it is committed (decision 037).
    own_hash = models.BinaryField(max_length=24, unique=True)
    position = models.PositiveBigIntegerField(null=True)
    chain_hash = models.BinaryField(max_length=32, null=True)

    class Meta(OfficeOwned.Meta):
        indexes = [
            models.Index(fields=["office", "-at", "-id"], name="audit_at"),
            models.Index(fields=["office", "user", "-at", "-id"], name="audit_user"),
            models.Index(fields=["office", "subject", "-at", "-id"], name="audit_subject"),
            # By it reveals.py counts and lists. A part of it alone would do, but SQLite sees no use in that for a query
            # with parameters.
            models.Index(fields=["office", "action", "-at"], name="audit_action"),
            models.Index(fields=["office", "id"], condition=models.Q(position=None), name="audit_unchained"),
        ]
        constraints = [models.UniqueConstraint(fields=["office", "position"], name="audit_chain")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class AuditHead(models.Model):
    """The end of an office's chain of audit entries. Its row is the lock that chaining takes."""

    # The office's id; 0 is the chain of what concerns no office. Not a key: the chain outlives the office.
    chain = models.PositiveBigIntegerField(primary_key=True)
    position = models.PositiveBigIntegerField(default=0)
    chain_hash = models.BinaryField(max_length=32)
    head_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.position} entries of office {self.chain}"


class TryBucket(models.Model):
    """How often a password or code was tried wrongly of late: by one account, network or browser.

    Found by a keyed hash, so that no address stands here. Belongs to no office: most tries name nobody we know.
    """

    key = models.BinaryField(max_length=16, unique=True)
    # Falls with time; limits/buckets.py says how fast.
    level = models.FloatField(default=0)
    counted_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True)
    # Whether a try was refused since the last one that was counted: only the first one is recorded.
    was_refused = models.BooleanField(default=False)
    empty_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.level:.1f} tries"


class StaffMail(models.Model):
    """A mail about an account that waits to be sent; gone once it is. The job that sends it carries its id only.

    Asking for a new password stores the address, sealed, and looks nobody up: known or not, it takes the same time.
    """

    class Kind(models.TextChoices):
        RESET = "reset"
        CHANGED = "changed"
        SECOND_FACTOR = "second_factor"
        SECOND_FACTOR_RESET = "second_factor_reset"
        INVITATION = "invitation"
        RESET_BY_ADMIN = "reset_by_admin"

    kind = models.CharField(max_length=30, choices=Kind)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    sealed_address = models.BinaryField(default=bytes)
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"mail {self.pk} ({self.kind})"


class EncryptionKey(models.Model):
    """A key that values of this database are sealed with: its name and proof of it, never the key (decision 026)."""

    # As it stands in front of each sealed value, in hexadecimal.
    key_id = models.CharField(max_length=8, unique=True)
    check_value = models.BinaryField()
    # The oldest key, by whose hashes customers are recognised. There is one.
    is_hash_key = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_hash_key"], condition=models.Q(is_hash_key=True), name="one_hash_key"),
        ]

    def __str__(self) -> str:
        return self.key_id
