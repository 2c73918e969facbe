"""Whether the encryption keys are those of the database (decision 026): asked at each start, with one small query."""

import hmac
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from accounton.offices.models import EncryptionKey
from accounton.sealing import check_value, key_id
from accounton.site import environment
from accounton.site.startup import NOT_UP_TO_DATE, CannotStart

WRONG = (
    "The encryption key is not the one of this database ({ours} where {theirs} is needed): put the right one back in "
    "{where}. With another key nobody is recognised, and an import would add every customer a second time."
)
MISSING = (
    "The encryption key {theirs} is missing in {where}, and this database needs it (there is {ours}): put it back "
    "behind the newer ones, the oldest last."
)
DISORDER = (
    "The encryption keys stand in the wrong order in {where} ({ours}): {theirs} must be the last, because customers "
    "are recognised by hashes that are made with it. A new key goes in front."
)
DAMAGED = (
    "The encryption key {theirs} opens none of the values of {table} that name it: restore keys and database from one "
    "and the same backup."
)


class Known(NamedTuple):
    """What the database knows of a key."""

    check_value: bytes
    is_hash_key: bool


def check_keys() -> None:
    """Raise CannotStart unless the keys are those of the database; record what is new of them.

    A database that knows no key yet gets to know those that open what is sealed in it. A new key is accepted in front
    of keys that are known.
    """
    known = _known()
    if known is None:
        raise CannotStart(NOT_UP_TO_DATE)
    if not known:
        _record(_proven())
    elif _fit(known):
        _refuse_missing(known)
        if _names()[0] not in known:
            _record(set())
    else:
        raise _refused(WRONG, _named(known))


def check_keys_before_migrating() -> None:
    """Raise CannotStart where the keys do not open what is sealed, in a database of whatever version.

    Migrations may seal and hash: with a wrong key they would spoil what they touch.
    """
    if _known():
        check_keys()
    else:
        _proven()


def _proven() -> set[str]:
    # Loaded only where a database knows no key yet: it takes all rooms along.
    from accounton.site import key_proof

    try:
        return key_proof.prove(settings.ENCRYPTION_KEYS)
    except key_proof.NotProven as error:
        raise _refused(DAMAGED if error.table else WRONG, error.name, error.table) from error
    except key_proof.OtherHashes as error:
        raise _refused(DISORDER, "the one with which customers were hashed") from error


def _known() -> dict[str, Known] | None:
    """Return what the database knows of keys; None where it has no table for that yet."""
    try:
        rows = EncryptionKey.objects.values_list("key_id", "check_value", "is_hash_key")
        return {name: Known(bytes(check), is_hash_key) for name, check, is_hash_key in rows}
    except DatabaseError:
        if EncryptionKey._meta.db_table in connection.introspection.table_names():
            raise
        return None


def _fit(known: dict[str, Known]) -> bool:
    """Return whether one of the keys is known, and none of them has the name of another."""
    ours = [(check_value(key), known[name]) for name, key in _by_name().items() if name in known]
    return bool(ours) and all(hmac.compare_digest(value, each.check_value) for value, each in ours)


def _refuse_missing(known: dict[str, Known]) -> None:
    """Raise CannotStart where a key is missing that is needed, or is not last; forget those that nothing needs."""
    names = _names()
    hash_key = next((name for name, each in known.items() if each.is_hash_key), "?")
    if hash_key in names and hash_key != names[-1]:
        raise _refused(DISORDER, hash_key)
    if hash_key not in names:
        raise _refused(MISSING, hash_key)
    for name in sorted(known.keys() - names):
        from accounton.site import key_proof

        if key_proof.is_needed(name):
            raise _refused(MISSING, name)
        EncryptionKey.objects.filter(key_id=name).delete()


def _record(proven: set[str]) -> None:
    """Record the first key, the last, and those that were proven. Another process may have been first.

    Raises CannotStart where that one came with another key.
    """
    by_name, names = _by_name(), _names()
    with transaction.atomic():
        EncryptionKey.objects.bulk_create(
            [
                EncryptionKey(key_id=name, check_value=check_value(by_name[name]), is_hash_key=name == names[-1])
                for name in dict.fromkeys((names[-1], names[0], *sorted(proven)))
            ],
            ignore_conflicts=True,
        )
        known = _known() or {}
        if not (_fit(known) and names[-1] in known and known[names[-1]].is_hash_key):
            raise _refused(WRONG, _named(known))


def _by_name() -> dict[str, bytes]:
    return {key_id(key).hex(): key for key in settings.ENCRYPTION_KEYS}


def _names() -> list[str]:
    """Return the ids of the keys that were given, the newest first."""
    return list(_by_name())


def _named(known: dict[str, Known]) -> str:
    return ", ".join(sorted(known, key=lambda name: known[name].is_hash_key))


def _refused(sentence: str, theirs: str, table: str = "") -> CannotStart:
    # Keys are named by their ids, which stand in front of every sealed value anyway.
    given = environment.text("ENCRYPTION_KEYS")
    where = "ACCOUNTON_ENCRYPTION_KEYS" if given else str(settings.DATA_DIR / "encryption_keys")
    return CannotStart(sentence.format(ours=", ".join(_names()), theirs=theirs, table=table, where=where))
