"""Who changes the record behind Accounton's back is found out: changed, deleted, cut off, moved, put in."""

import datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounton.offices.audit import chain, record, record_all, record_without_office, triggers
from accounton.offices.audit.checks import faults
from accounton.offices.audit.records import NotAnIdentifier
from accounton.offices.models import AuditEntry, AuditHead

pytestmark = pytest.mark.database
OFFICE = "(SELECT id FROM offices_office WHERE slug = 'gent')"


def numbered(position):
    return AuditEntry.objects.get(position=position).pk


@pytest.fixture
def five(admin):
    for number in range(5):
        record(admin, "customer.edited", f"customer:{number}", fields=["city"], batch=number)
    chain.chain_all()
    chain.chain_all()
    assert list(faults()) == []


def tamper(*statements):
    with triggers.lifted(), connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each.replace("§", f"office_id = {OFFICE}"))


COPY = (
    "INSERT INTO offices_auditentry (at, action, subject, details, office_id, own_hash, user_id) SELECT at, "
    "action, subject, details, office_id, {0}, user_id FROM offices_auditentry WHERE § AND position = 3"
)
SWAP = [
    "UPDATE offices_auditentry SET position = {1} WHERE § AND position = {0}".format(*pair)
    for pair in ((2, 99), (3, 2), (99, 3))
]
SHIFT = [f"UPDATE offices_auditentry SET position = {n - 1} WHERE § AND position = {n}" for n in (4, 5)]
HEAD_AT_3 = (
    f"UPDATE offices_audithead SET position = 3, chain_hash = (SELECT chain_hash FROM offices_auditentry "
    f"WHERE office_id = {OFFICE} AND position = 3) WHERE chain = {OFFICE}"
)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE offices_auditentry SET subject = 'customer:99' WHERE § AND position = 3"], ["was changed after"]),
        (["UPDATE offices_auditentry SET details = '{}' WHERE § AND position = 3"], ["was changed after"]),
        (["UPDATE offices_auditentry SET user_id = NULL WHERE § AND position = 3"], ["was changed after"]),
        (["DELETE FROM offices_auditentry WHERE § AND position = 3"], ["1 entries of the chain are gone (3 to 3)"]),
        (["DELETE FROM offices_auditentry WHERE § AND position = 3", *SHIFT],
         ["does not follow", "does not follow", "1 entries of the chain are gone (5 to 5)"]),
        (["DELETE FROM offices_auditentry WHERE § AND position > 3"], ["2 entries of the chain are gone (4 to 5)"]),
        (["DELETE FROM offices_auditentry WHERE § AND position > 3", HEAD_AT_3], ["may have been cut off"]),
        ([HEAD_AT_3], ["may have been cut off", "2 entries stand behind"]),
        (SWAP, ["does not follow", "does not follow", "does not follow"]),
        ([COPY.format("x'00'")], ["not written by Accounton"]),
        ([f"DELETE FROM offices_audithead WHERE chain = {OFFICE}"], ["the end of the chain is gone"]),
        ([f"DELETE FROM offices_audithead WHERE chain = {OFFICE}", "DELETE FROM offices_auditentry WHERE §"],
         ["the chain is gone"]),
        (["DELETE FROM offices_audithead WHERE chain = 0", "DELETE FROM offices_auditentry WHERE office_id = 0"],
         ["audit of no office: the chain is gone"]),
    ],
)  # fmt: skip
def test_each_kind_of_tampering_is_named(five, statements, said):
    if connection.vendor == "postgresql":
        statements = [each.replace("x'00'", "'\\x00'::bytea") for each in statements]
    tamper(*statements)
    found = list(faults())
    assert len(found) == len(said), found
    for line, part in zip(found, said, strict=True):
        assert part in line


def test_what_was_put_in_is_named_once_it_is_chained_too(five):
    tamper(COPY.format("x'00'" if connection.vendor == "sqlite" else "'\\x00'::bytea"))
    chain.chain_all()
    [line] = faults()
    assert "not written by Accounton" in line


def test_an_entry_cannot_be_doubled(five):
    """Nor with its hash: no two entries have the same."""
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        tamper(COPY.format("own_hash"))


def test_with_another_key_nobody_makes_a_chain_that_holds(five, monkeypatch):
    from accounton.offices.audit import hashes

    monkeypatch.setattr(hashes, "_key", lambda: b"another")
    assert any("not written by Accounton" in line for line in faults())


def test_entries_that_wait_too_long_are_named(five, admin, monkeypatch):
    later = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=11)
    monkeypatch.setattr("accounton.offices.audit.records.timezone.now", lambda: later)
    record(admin, "customer.edited", "customer:1")
    monkeypatch.undo()
    [line] = faults()
    assert "1 entries wait to be chained since" in line


def test_what_concerns_no_office_has_a_chain_of_its_own(five):
    record_without_office("password.wrong", "account:unknown", network="0123456789ab")
    chain.chain_all()
    assert list(faults()) == []
    assert AuditEntry.objects.count() == 5
    tamper("UPDATE offices_auditentry SET details = '{}' WHERE office_id = 0 AND action = 'password.wrong'")
    [line] = faults()
    assert line.startswith("audit of no office: ")


def test_the_chain_of_an_office_that_is_gone_is_still_checked(five, office):
    name = office.pk
    office.delete()
    assert list(faults()) == []
    tamper(f"UPDATE offices_auditentry SET details = '{{}}' WHERE office_id = {name} AND position = 2")
    [line] = faults()
    assert line.startswith(f"audit of office {name}, which is gone: ")


@pytest.mark.parametrize("personal", ["Jan Peeters", "jan@x.example", "85073003328", "85.07.30-033.28", 1.5, {"a": 1}])
def test_nothing_personal_is_recorded(admin, personal):
    with pytest.raises(NotAnIdentifier):
        record(admin, "customer.edited", "customer:1", fields=[personal])


@pytest.mark.parametrize("network", ["012345678901", "a12345678901", "12345678901b"])
def test_a_hash_of_digits_only_is_recorded(admin, network):
    record_without_office("password.wrong", "account:unknown", network=network)


IDENTIFIERS = st.from_regex(r"[a-z_.:/-]{0,30}", fullmatch=True)
VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | IDENTIFIERS


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.dictionaries(IDENTIFIERS, VALUES | st.lists(VALUES, max_size=3), max_size=4), max_size=4))
def test_whatever_is_recorded_is_found_as_it_was_written(admin, details):
    for each in details:
        entry = record(admin, "customer.edited", "customer:1", fields=[])
        assert entry.pk
        # Keys come from the code in truth; here they may be anything.
        with transaction.atomic():
            record(admin, "customer.edited", "customer:1", **each)
    chain.chain_all()
    assert list(faults()) == []


def test_a_hundred_thousand_entries_are_checked_in_a_stream(admin, office, django_assert_max_num_queries):
    record_all(admin, "customer.archived", (f"customer:{number}" for number in range(3_000)), batch=1)
    chain.chain_all()
    assert AuditHead.objects.get(chain=office.pk).position == 3_000
    with django_assert_max_num_queries(20):
        assert list(faults()) == []
