"""What an audit needs beside writing: its ends in the log, and the entries of an office that is gone taken away."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounton.importing.invariants import broken
from accounton.offices.audit import chain, record
from accounton.offices.audit.checks import faults
from accounton.offices.audit.hashes import head_hash
from accounton.offices.audit.upkeep import OfficeIsThere, log_heads, take_away
from accounton.offices.models import AuditHead

pytestmark = pytest.mark.database


@pytest.fixture
def chained(admin, office):
    for number in range(3):
        record(admin, "customer.edited", f"customer:{number}")
    chain.chain_all()
    chain.chain_all()
    return office.pk


def test_the_ends_of_chains_that_grew_are_logged(chained, caplog):
    caplog.set_level("INFO", logger="accounton")
    log_heads()
    head = AuditHead.objects.get(chain=chained)
    assert f"audit of office {chained}: 3 entries, head {bytes(head.head_hash).hex()}" in caplog.messages
    assert bytes(head.head_hash) == head_hash(chained, 3, bytes(head.chain_hash))


def test_the_entries_of_an_office_are_kept_for_as_long_as_it_is_there(chained):
    with pytest.raises(OfficeIsThere):
        take_away(chained)


def test_the_entries_of_an_office_that_is_gone_can_be_taken_away(chained, office):
    office.delete()
    assert take_away(chained) == 3
    chain.chain_all()
    assert list(faults()) == []
    assert not AuditHead.objects.filter(chain=chained).exists()
    [entry] = chain.all_entries().filter(action="audit.taken_away")
    assert (entry.subject, entry.details) == (f"office:{chained}", {"entries": 3})
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM offices_auditentry")


def test_entries_of_a_colleague_who_is_gone_break_no_invariant(chained, admin):
    assert list(broken()) == []
    admin.delete()
    assert list(broken()) == []
