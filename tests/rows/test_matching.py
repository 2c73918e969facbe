"""Which customer a row is. Hashes stand for national numbers: letters here."""

import time
import tracemalloc
from typing import Any

import pytest

from accounton.rows.matching import Existing, ExistingKeys, Match, RowKeys
from accounton.rows.names import name_key

JAN = Existing(1, b"jan", b"an", "K1", "jan@x.be", name_key("Jan", "Peeters"))
BO = Existing(2, None, None, "K2", "Familie@x.be", name_key("Bo", "Maes"))
EVA = Existing(3, b"eva", None, "", "familie@x.be", name_key("Eva", "Maes"))
KEYS = ExistingKeys([JAN, BO, EVA])


def row(**keys: Any) -> RowKeys:
    """Give a valid row of somebody unknown, with some keys changed."""
    unknown = {"valid": True, "number_hash": None, "spouse_hash": None, "client_code": "", "email": "new@x.be"}
    return RowKeys(**{**unknown, "name_key": name_key("Nieuw", "Iemand"), **keys})


MAES = name_key("maes", "BO")


@pytest.mark.parametrize(
    ("keys", "match"),
    [
        ({}, Match("only_in_import")),
        ({"number_hash": b"other"}, Match("only_in_import")),
        ({"number_hash": b"jan"}, Match("double", 1, "national_number")),
        ({"number_hash": b"jan", "client_code": "K1"}, Match("double", 1, "national_number")),
        ({"number_hash": b"jan", "client_code": "K9"}, Match("double", 1, "national_number")),
        ({"client_code": "K1"}, Match("double", 1, "client_code")),
        ({"client_code": "K2", "number_hash": b"other", "name_key": MAES}, Match("double", 2, "client_code")),
        ({"client_code": "K2", "number_hash": b"o", "email": "FAMILIE@x.be"}, Match("double", 2, "client_code")),
        (
            {"client_code": "K2", "number_hash": b"other"},
            Match("invalid", problem="client_code.taken", column="client_code", candidates=(2,)),
        ),
        ({"client_code": "k1"}, Match("only_in_import")),
        # A number says more than a name: the customer's own is not the partner's, nor the partner's the customer's.
        (
            {"client_code": "K1", "spouse_hash": b"jan"},
            Match("invalid", 1, "client_code", "spouse_national_number.same", "spouse_national_number"),
        ),
        ({"client_code": "K1", "spouse_hash": b"eva"}, Match("double", 1, "client_code")),
        ({"email": "FAMILIE@x.be", "name_key": MAES}, Match("double", 2, "email_and_name")),
        ({"email": "familie@x.be", "name_key": MAES, "number_hash": b"o"}, Match("double", 2, "email_and_name")),
        ({"email": "familie@x.be", "name_key": name_key("Eva", "Maes")}, Match("double", 3, "email_and_name")),
        ({"email": "familie@x.be", "name_key": name_key("Eva", "Maes"), "number_hash": b"o"}, Match("only_in_import")),
        ({"email": "familie@x.be", "name_key": name_key("Jo", "Maes")}, Match("only_in_import")),
        ({"email": "other@x.be", "name_key": MAES}, Match("only_in_import")),
    ],
)
def test_the_same_customer(keys: dict[str, Any], match: Match) -> None:
    assert KEYS.match(row(**keys)) == match


@pytest.mark.parametrize(
    "keys", [{"number_hash": b"jan"}, {"client_code": "K2"}, {"email": "jan@x.be", "name_key": JAN.name_key}]
)
def test_an_invalid_row_is_matched_too_so_that_its_customer_is_not_only_here(keys: dict[str, Any]) -> None:
    known, unknown = KEYS.match(row(valid=False, **keys)), KEYS.match(row(valid=False))
    assert (known.bucket, known.problem) == ("invalid", "")
    assert known.customer_id is not None
    assert unknown == Match("invalid")


@pytest.mark.parametrize(
    ("keys", "customer"),
    [
        ({"client_code": "K1", "number_hash": b"other"}, None),
        ({"client_code": "K1", "number_hash": b"eva"}, 3),
        ({"client_code": "K2", "number_hash": b"jan"}, 1),
    ],
)
def test_a_code_of_somebody_else_is_taken(keys: dict[str, Any], customer: int | None) -> None:
    match = KEYS.match(row(**keys))
    assert (match.bucket, match.problem, match.column) == ("invalid", "client_code.taken", "client_code")
    assert match.customer_id == customer


def test_a_partner_in_a_joint_return_is_not_added_as_a_file_of_their_own() -> None:
    match = KEYS.match(row(number_hash=b"an"))
    assert (match.bucket, match.problem, match.column) == ("invalid", "national_number.is_spouse", "national_number")
    both = ExistingKeys([JAN, Existing(4, b"an", None, "", "an@x.be", "an claes")])
    assert both.match(row(number_hash=b"an")) == Match("double", 4, "national_number")


def test_of_two_customers_of_one_name_in_one_mailbox_none_is_meant_for_certain() -> None:
    twins = ExistingKeys([EVA._replace(customer_id=5), EVA._replace(customer_id=6, number_hash=None), EVA])
    keys = {"email": "familie@x.be", "name_key": EVA.name_key}
    assert twins.match(row(**keys)) == Match("only_in_import", candidates=(5, 6, 3))
    assert twins.match(row(**keys, number_hash=b"new")).customer_id == 6


def test_empty_keys_match_nobody() -> None:
    nobody = ExistingKeys([Existing(1, None, None, "", "", ""), Existing(2, None, None, "", "a@x.be", "")])
    assert nobody.match(row(email="", name_key="", client_code="")) == Match("only_in_import")
    assert nobody.match(row(email="a@x.be", name_key="")) == Match("only_in_import")


def test_many_are_matched_in_little_time_and_room() -> None:
    def key(number: int) -> bytes:
        return number.to_bytes(16, "big")

    def customers(start: int) -> list[tuple[Any, ...]]:
        return [
            (n, key(n) if n % 20 else None, key(-n % 2**64) if not n % 4 else None, f"K{n}", f"jan{n}@x.be", f"jan {n}")
            for n in range(start, start + 20_000)
        ]

    tracemalloc.start()
    keys = ExistingKeys(customer for customer in customers(0))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 60 * 2**20 / 5
    rows = [(True, *customer[1:]) for customer in customers(10_000)]
    began = time.process_time()
    buckets = [keys.match(each).bucket for each in rows]
    assert time.process_time() - began < 0.3
    assert (buckets.count("double"), buckets.count("only_in_import")) == (10_000, 10_000)
