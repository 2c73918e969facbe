"""Matching is one to one over a list: which of several rows that are recognised as one customer it may be.

Two national numbers are two people. So rows are one customer only where a strong key says so of each: the customer's
national number, or somebody who decided it. An order of rows says nothing.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from accounton.rows.matching import DECISION


class Claim(NamedTuple):
    """A row of a list that is recognised as a customer.

    `is_repeated`: the list has the same person in another row, who claims for both. `is_refused`: somebody decided that
    it is another person. `is_waiting`: it claims others as well, and is asked about anyhow.
    """

    row: int
    matched_by: str
    number_hash: bytes | None
    is_repeated: bool = False
    is_refused: bool = False
    is_waiting: bool = False


class Lost(NamedTuple):
    """A row that is not the customer whom it claims; `is_asked`: unless somebody says that it is."""

    row: int
    is_asked: bool


def lost(claims: Iterable[Claim], number_hash: bytes | None, spouse_hash: bytes | None) -> list[Lost]:
    """Return the rows that are not recognised as a customer whom they claim, in any order.

    The hashes are of the customer's two national numbers: the partner's row is a person of their own, and stays.
    """
    rivals = [claim for claim in claims if claim.number_hash is None or claim.number_hash != spouse_hash]
    winners = _winners(rivals, number_hash)
    if winners is None:
        alone = [claim for claim in rivals if not claim.is_waiting]
        if not _are_several(alone):
            return []
        return [Lost(claim.row, is_asked=True) for claim in alone if not claim.is_refused]
    return [
        # Beside somebody who is certain, a number of its own says that it is another person.
        Lost(claim.row, is_asked=claim.number_hash is None or claim.matched_by == DECISION)
        for claim in rivals
        if not (claim.is_refused or claim in winners or _is_one_of(claim, winners))
    ]


def _winners(rivals: Sequence[Claim], number_hash: bytes | None) -> list[Claim] | None:
    """Return the claims that a strong key proves; None where there is none, or they contradict one another."""
    strong = [claim for claim in rivals if number_hash is not None and claim.number_hash == number_hash]
    decided = [claim for claim in rivals if claim.matched_by == DECISION]
    if strong or not decided:
        return strong or None
    return None if _are_several(decided) else decided


def _is_one_of(claim: Claim, winners: Sequence[Claim]) -> bool:
    """Whether the list itself says that a row is the same person as one of the winners."""
    return claim.is_repeated and claim.number_hash in (None, *(winner.number_hash for winner in winners))


def _are_several(claims: Sequence[Claim]) -> bool:
    """Whether these are rows of several people, as far as anybody knows."""
    numbers = {claim.number_hash for claim in claims if claim.number_hash is not None}
    unnumbered = sum(claim.number_hash is None and not claim.is_repeated for claim in claims)
    own = {claim.number_hash for claim in claims if claim.number_hash is not None and not claim.is_repeated}
    return len(numbers) > 1 or len(own) + unnumbered > 1
