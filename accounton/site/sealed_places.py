"""Where sealed values stand in the database, and what each is bound to: for proving keys and finding who needs one.

A test holds that every column of bytes is one of these, or holds a hash.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import BinaryField, F, Func, Model, QuerySet, Value

from accounton.customers import numbers
from accounton.customers.models import Customer
from accounton.importing import bulk_actions, handing_out, mapping_layouts, staging
from accounton.importing.bases import overwritten_context
from accounton.importing.models import BulkAction, MadeWorkbook, Overwritten, RowBefore, StagedContent, Upload
from accounton.importing.sealed_rows import row_context
from accounton.mail import mailbox
from accounton.mail.models import DemoMail
from accounton.offices import accounts
from accounton.offices.models import StaffMail
from accounton.offices.scoping import OfficeOwned
from accounton.offices.sign_in import mails
from accounton.sealing import HEAD_BYTES, VERSION


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed values. Read without an office, by the names of its columns only: older tables lack others."""

    model: type[Model]
    name: str
    context: Callable[[int], bytes]

    def heads(self) -> set[bytes]:
        """Return the different beginnings of all its values, each of which names a key."""
        head = Func(F(self.name), 1, HEAD_BYTES, function="SUBSTR", output_field=BinaryField())
        found = self._filled.annotate(head=head).order_by().values_list("head", flat=True).distinct()
        return {bytes(each) for each in found if bytes(each[:1]) == VERSION}

    def samples(self, head: bytes, most: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield some values that begin like this, the newest first, each with what it is bound to."""
        head_of = Func(F(self.name), 1, HEAD_BYTES, function="SUBSTR", output_field=BinaryField())
        found = self._filled.annotate(head=head_of).filter(head=head).order_by("-pk")
        office_id = F("office_id") if issubclass(self.model, OfficeOwned) else Value(0)
        for sealed, number in found.annotate(of=office_id).values_list(self.name, "of")[:most]:
            yield bytes(sealed), self.context(number)

    @property
    def _filled(self) -> "QuerySet[Model]":
        return QuerySet(self.model).exclude(**{self.name: None})


class SecondFactors:
    """The secrets of second factors, which allauth keeps as text within JSON."""

    model: type[Model] = Authenticator

    def heads(self) -> set[bytes]:
        """As SealedColumn."""
        return {sealed[:HEAD_BYTES] for sealed in self._sealed()}

    def samples(self, head: bytes, most: int) -> Iterator[tuple[bytes, bytes]]:
        """As SealedColumn."""
        found = [sealed for sealed in self._sealed() if sealed.startswith(head)]
        yield from ((sealed, accounts.CONTEXT) for sealed in found[:most])

    def _sealed(self) -> Iterator[bytes]:
        for data in Authenticator.objects.order_by("-pk").values_list("data", flat=True):
            for name in ("secret", "seed"):
                if text := data.get(name):
                    yield base64.b64decode(text)


def _bound_to(pattern: bytes) -> Callable[[int], bytes]:
    return lambda office_id: pattern % office_id


def _number_of(column: str) -> Callable[[int], bytes]:
    return lambda office_id: numbers.context(office_id, column)


SEALED: tuple[SealedColumn | SecondFactors, ...] = (
    SealedColumn(Customer, "national_number_sealed", _number_of("national_number")),
    SealedColumn(Customer, "spouse_national_number_sealed", _number_of("spouse_national_number")),
    SealedColumn(StagedContent, "sealed", row_context),
    SealedColumn(RowBefore, "sealed", row_context),
    SealedColumn(Overwritten, "sealed", overwritten_context),
    SealedColumn(Upload, "sealed", _bound_to(staging.UPLOAD_CONTEXT)),
    SealedColumn(Upload, "layout", _bound_to(mapping_layouts.LAYOUT_CONTEXT)),
    SealedColumn(BulkAction, "sealed", _bound_to(bulk_actions.CONTEXT)),
    SealedColumn(MadeWorkbook, "sealed", _bound_to(handing_out.CONTEXT)),
    SealedColumn(StaffMail, "sealed_address", lambda _none: mails.CONTEXT),
    SealedColumn(DemoMail, "sealed", lambda _none: mailbox.CONTEXT),
    SecondFactors(),
)
