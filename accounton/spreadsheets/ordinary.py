"""Ordinary sheet XML recognised as a whole by one regular expression, ten times as fast as a parser.

Only what matches from the first byte to the last is taken; everything else goes to the parser, so nothing odd hides.
The quantifiers are possessive, so that no text makes them try twice.
"""

import re
from functools import lru_cache

_ANY_COLUMN = rb"[A-Z]{1,3}+"
_VALUES = rb'="[^"<>&/]*+"'
_ROW = rb'<row r="([1-9][0-9]{0,6}+)"(?: [A-Za-z0-9:]++' + _VALUES + rb")*+"
_STYLES = rb"(?: (?:s|cm|vm|ph)" + _VALUES + rb")*+"
_ATTRIBUTES = rb"(?: (?:s|cm|vm|ph|t)" + _VALUES + rb")*+"
_PLAIN_ATTRIBUTES = rb'(?: s="[0-9]*+")?+(?: t="(?!e")[A-Za-z]*+")?+'
_FORMULA = rb'<f(?: [A-Za-z0-9:]++="[^"<>]*+")*+(?: ?+/>|>[^<]*+</f>)'
_VALUE_START = rb'<v(?: xml:space="preserve")?+'
_VALUE = _VALUE_START + rb"(?: ?+/>|>[^<]*+</v>)"
_INLINE = rb'<is><t(?: xml:space="preserve")?+(?: ?+/>|>[^<]*+</t>)</is>'
_CONTENT = rb">(?:" + _FORMULA + rb")?+(?:" + _VALUE + rb"|" + _INLINE + rb")?+</c>"

_BLANK = rb'<c r="' + _ANY_COLUMN + rb'[0-9]++"' + _ATTRIBUTES + rb"(?: ?+/>|></c>)"

FILLED = re.compile(rb'<c r="(' + _ANY_COLUMN + rb')([0-9]++)"' + _ATTRIBUTES + rb">(?!</c>)")
"""Column and row of each cell that is more than a format."""
FILLED_COLUMNS = re.compile(rb'<c r="(' + _ANY_COLUMN + rb')[0-9]++"' + _ATTRIBUTES + rb">(?!</c>)")
FILLED_ROWS = re.compile(rb'<row r="([0-9]++)"[^>]*+>(?:' + _BLANK + rb")*+<c ")
ERRORS = re.compile(
    rb'<c r="(' + _ANY_COLUMN + rb')([0-9]++)"' + _STYLES + rb' t="e"' + _STYLES + rb">"
    rb"(?:" + _FORMULA + rb")?+" + _VALUE_START + rb">([^<]*+)</v>"
)  # fmt: skip
NOT_CALCULATED = re.compile(
    rb'<c r="(' + _ANY_COLUMN + rb')([0-9]++)"(' + _ATTRIBUTES + rb")>"
    rb"(" + _FORMULA + rb")(" + _VALUE_START + rb"(?: ?+/>|></v>))?+</c>"
)  # fmt: skip
"""Formulas without a stored value; one of type "str" with an empty value has been calculated: to an empty text."""


@lru_cache(maxsize=64)
def plain(columns: int) -> re.Pattern[bytes]:
    """Match rows of values only, no error and no formula among them, all filled ones within the first `columns`."""
    content = rb">(?:" + _VALUE + rb"|" + _INLINE + rb")?+</c>"
    return _rows(_cells(_up_to(columns), _PLAIN_ATTRIBUTES, content))


@lru_cache(maxsize=64)
def general(columns: int) -> re.Pattern[bytes]:
    """Match rows of cells with values, formulas and errors, all filled ones within the first `columns`."""
    return _rows(_cells(_up_to(columns), _ATTRIBUTES, _CONTENT))


@lru_cache(maxsize=1)
def anywhere() -> re.Pattern[bytes]:
    """Match rows of cells with values, formulas and errors in any column."""
    return _rows(_cells(_ANY_COLUMN, _ATTRIBUTES, _CONTENT))


def _cells(column: bytes, attributes: bytes, content: bytes) -> bytes:
    """Match a cell in these columns, or one anywhere that has only a format."""
    filled = column + rb'\1"' + attributes + rb"(?: ?+/>|" + content + rb")"
    return rb'<c r="(?:' + filled + rb"|" + _ANY_COLUMN + rb'\1"' + attributes + rb" ?+/>)"


def _rows(cell: bytes) -> re.Pattern[bytes]:
    """Match any number of rows of such cells, each cell naming its own row."""
    return re.compile(rb"(?:" + _ROW + rb"(?: ?+/>|>(?:" + cell + rb")*+</row>)\s*+)++")


def _up_to(columns: int) -> bytes:
    """Match the letters of the first `columns` columns, two letters at most."""
    first, second = divmod(columns - 1, 26)
    last = b"%c" % (ord("A") + second)
    if not first:
        return b"[A-" + last + b"]"
    tens = b"%c" % (ord("A") + first - 1)
    lower = b"[A-%c][A-Z]|" % (ord(tens) - 1) if first > 1 else b""
    return b"(?:" + lower + tens + b"[A-" + last + b"]|[A-Z])"
