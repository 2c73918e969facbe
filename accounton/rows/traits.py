"""The traits of a row by which an office tells its customers apart: labels, and whether somebody is self-employed.

    ",*,kantoor gent,vip,"      folded labels; the star says self-employed; "" where there is neither

Packed so, one trait is found by an ordinary LIKE, in every database alike.
"""

from collections.abc import Iterable
from functools import lru_cache

from accounton.belgium.folding import fold

SELF_EMPLOYED = "*"
# How labels of the self-employed begin, folded. "Niet-zelfstandig" does not.
WORDS = (
    *("zelfstandig", "zelfst", "eenmanszaak", "vrij beroep", "vrije beroepen", "bijberoep", "freelance"),
    *("independant", "profession liberale", "professions liberales", "activite complementaire"),
    *("self employed", "selfemployed", "sole trader"),
)


def traits_of(labels: Iterable[str], has_enterprise: bool) -> str:
    """Give the traits of somebody with these labels, who (or whose partner) has an enterprise number or has none."""
    return _packed(",".join(labels), has_enterprise)


def traits_of_columns(labels: Iterable[str], own: Iterable[str], partners: Iterable[str]) -> list[str]:
    """Give the traits of rows: their labels as the column has them, and both enterprise numbers."""
    return [
        _packed(text, bool(number or partner)) if text or number or partner else ""
        for text, number, partner in zip(labels, own, partners, strict=True)
    ]


def packed_label(label: str) -> str:
    """Give a label as it stands among traits, to be looked for there; "" where nothing of it is left."""
    folded = fold(label)
    return f",{folded}," if folded else ""


@lru_cache(maxsize=20_000)  # an office has few labels, and most rows alike ones
def _packed(labels: str, has_enterprise: bool) -> str:
    folded = list(filter(None, map(fold, labels.split(","))))
    if has_enterprise or any(label.startswith(WORDS) for label in folded):
        folded.insert(0, SELF_EMPLOYED)
    return f",{','.join(folded)}," if folded else ""
