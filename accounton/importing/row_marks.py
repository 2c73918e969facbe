"""The mark of a staged row in a workbook that leaves the house: whose row it is, and what stood in it then.

    12-37-5fz3k2ab-mfrggzdfmztwq2lknnwg23tpoa       batch, row, values, proof

The proof is a hash with our key over all that is before it and the office: nobody can make one for another row, import
or office. The hash of the values tells whether the row was changed in the review since.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from typing import NamedTuple

import orjson

from accounton.importing.models import StagedRow
from accounton.offices.keys import sealer

_MARK = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,9})-([a-z2-7]{8})-([a-z2-7]{26})", re.ASCII)
_VALUES_LENGTH = 8


class Mark(NamedTuple):
    """A mark that is ours."""

    batch_id: int
    number: int
    values: str


def mark_of(row: StagedRow, values: Mapping[str, str]) -> str:
    """Give the mark of a row with these values (texts by column key)."""
    said = f"{row.batch_id}-{row.number}-{digest(values, row.office_id)}"
    return f"{said}-{_proof(said, row.office_id)}"


def read_mark(text: str, office_id: int) -> Mark | None:
    """Give what a mark says; None where it was not made for this office by us."""
    match = _MARK.fullmatch(text.strip())
    if match is None:
        return None
    said, _dash, proof = match[0].rpartition("-")
    if not hmac.compare_digest(proof, _proof(said, office_id)):
        return None
    return Mark(int(match[1]), int(match[2]), match[3])


def digest(values: Mapping[str, str], office_id: int) -> str:
    """Give a short keyed hash of the values of a row."""
    filled = {key: text for key, text in values.items() if text}
    content = orjson.dumps(filled, option=orjson.OPT_SORT_KEYS).decode()
    return _lettered(sealer().hash(f"values of a row {content}", office_id))[:_VALUES_LENGTH]


def _proof(said: str, office_id: int) -> str:
    return _lettered(sealer().hash(f"mark of a row {said}", office_id))


def _lettered(hashed: bytes) -> str:
    return base64.b32encode(hashed).decode().rstrip("=").lower()
