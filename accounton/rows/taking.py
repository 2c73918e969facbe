"""What the child does with a sheet that it has opened: checks it in blocks and sends what staging or a report needs.

With keys every row comes sealed and its national numbers hashed, so that they never leave this process in plain.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson

from accounton.rows.cells import NOT_CALCULATED
from accounton.rows.checking import CheckedBlock, Checker
from accounton.rows.columns import KEYS
from accounton.rows.couples import SPOUSE
from accounton.rows.headers import MOST_FIT, Headers
from accounton.rows.long_texts import refuse_long
from accounton.rows.looks import looks_of
from accounton.rows.mapping_headers import layout, map_columns
from accounton.rows.mapping_wishes import Wishes
from accounton.rows.misplaced import columns_in_clear, misplaced_too
from accounton.rows.names import name_key, search_text
from accounton.rows.rules import LANGUAGES, Rules
from accounton.rows.traits import traits_of_columns
from accounton.spreadsheets.choosing import LINKS
from accounton.spreadsheets.inside import Parent
from accounton.spreadsheets.marks import Marks
from accounton.spreadsheets.reading import Block, ErrorCell, OpenSheet

if TYPE_CHECKING:
    from accounton.rows.adminpulse import AdminPulse
    from accounton.rows.mapping_spreading import Spread
    from accounton.sealing.sealer import Sealer

KEY_BYTES = 32
NO_HASH = bytes(16)
LEFT_OUT = "left_out"
"""What the parent is told of rows that were held back and are not imported."""


class Taking:
    """Takes one sheet in."""

    def __init__(self, parent: Parent, order: dict[str, Any], keys: bytes, opened: OpenSheet) -> None:
        """Take the order (what the look found, rules, wishes, office), the keys put together, and the sheet."""
        self._parent = parent
        self._opened = opened
        self._marks, self._beside = Marks.from_message(order["marks"]), order["beside"]
        self._rules = Rules.from_message(order["rules"])
        self._wishes = Wishes.from_message(order["wishes"])
        self._office_id: int = order["office_id"]
        self._with_looks: bool = order["looks"]
        self._sealer = _sealer(keys) if keys else None

    def run(self, first: Block, rest: Iterator[Block]) -> None:
        """Send the head, then block by block what was found, and last what was found late. Raises UnusableFile.

        Where a person is to match the columns first, only the layout is sent.
        """
        _place_marks(first, self._marks)
        known = self._known(first)
        wishes = known.wishes if known else self._wishes
        headers = map_columns(first.rows, first.first_row, wishes, self._rules)
        headers = known.settled(headers) if known else headers
        head = _head(headers, first.first_row, self._opened, known.sheets if known else ())
        head["fit"] = MOST_FIT if known else headers.fit
        ask = self._wishes.ask
        if ask == "always" or (ask == "unsure" and not headers.certain):
            self._parent.send({**head, "layout": layout(first.rows, first.first_row, headers, self._rules)})
            return
        self._parent.send(head)
        spread = _spread(headers, self._rules)
        del first.rows[: headers.row + 1]
        first.first_row += headers.row + 1
        places = spread.places if spread else headers.places
        checker = Checker(self._rules, places)
        for block in chain([first], rest):
            if block is not first:
                _place_marks(block, self._marks)
            _follow_links(block, self._marks, places)
            numbers = known.keep(block) if known else range(block.first_row, block.first_row + len(block.rows))
            columns = _by_key(block.rows, spread, places)
            block.rows = []
            checked = checker.check(numbers, columns)
            if known:
                known.note(checked)
            self._send(checked, places)
        last = self._send_held(known, checker, spread, places) if known else {}
        late = [[row, list(finding)] for row, finding in checker.late]
        self._parent.send({"late": late, "couples": [list(couple) for couple in checker.couples], **last})

    def _known(self, first: Block) -> "AdminPulse | None":
        if self._opened.name.strip().lower() not in LINKS:
            return None
        from accounton.rows.adminpulse import recognised  # noqa: PLC0415 - few lists need it

        return recognised(first, self._wishes, self._rules, self._opened, self._beside)

    def _send_held(
        self, known: "AdminPulse", checker: Checker, spread: "Spread | None", places: Mapping[str, int]
    ) -> dict[str, Any]:
        """Send the rows that were held back: as others where one is a customer's partner, else as left out.

        Gives what is said at the end: couples, counts and notices.
        """
        for numbers, rows in known.held():
            known.note(checker.check_again(numbers, _by_key(rows, spread, places)), are_held=True)
        last = known.link(self._parent.file, self._parent.limits)
        for numbers, rows in known.held(partners=True):
            self._send(checker.check(numbers, _by_key(rows, spread, places)), places, held="partner")
        for numbers, rows in known.held(partners=False):
            left_out = checker.check_again(numbers, _by_key(rows, spread, places))
            left_out.findings = misplaced_too(known.reasons(left_out.numbers), left_out.findings)
            if self._sealer is not None:
                self._send(left_out, places, held=LEFT_OUT)
        return last

    def _send(self, block: CheckedBlock, places: Mapping[str, int], held: str = "") -> None:
        problems = [""] * len(block.numbers)
        for index in block.findings:
            problems[index] = ",".join(block.problems(index))
        # What is much too long for its column is a problem there: other rows need no look.
        refuse_long(block.values.values(), block.numbers, (index for index in block.findings if problems[index]))
        if self._sealer is None:
            findings = [[block.numbers[index], list(map(list, found))] for index, found in block.findings.items()]
            valid = problems.count("")
            self._parent.send([valid, len(problems) - valid, block.empty, findings])
        else:
            keys = [key for key in KEYS if key in places]
            looks = self._with_looks and held != LEFT_OUT
            message, raw = staged_columns(block, problems, keys, self._sealer, self._office_id, looks=looks)
            self._parent.send(message | ({"held": held} if held else {}), raw)


def _by_key(
    rows: Sequence[Sequence[Any]], spread: "Spread | None", places: Mapping[str, int]
) -> dict[str, Sequence[Any]]:
    """Give rows as columns of raw cells by key."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * (max(places.values()) + 1)
    if spread and rows:
        columns = spread.apply(columns, len(rows))
    return {key: columns[place] for key, place in places.items()}


def _spread(headers: Headers, rules: Rules) -> "Spread | None":
    if not headers.is_spread:
        return None
    from accounton.rows.mapping_spreading import Spread  # noqa: PLC0415 - few lists need it

    return Spread(headers.columns, headers.fixed, rules.today)


def _sealer(keys: bytes) -> "Sealer":
    # A mere check is spared loading the ciphers.
    from accounton.sealing.sealer import Sealer  # noqa: PLC0415

    return Sealer([keys[start : start + KEY_BYTES] for start in range(0, len(keys), KEY_BYTES)])


def staged_columns(
    block: CheckedBlock,
    problems: list[str],
    keys: Sequence[str],
    sealer: "Sealer",
    office_id: int,
    *,
    looks: bool = False,
) -> tuple[dict[str, Any], bytes]:
    """Give what staging keeps of checked rows: columns, and beside them, one after the other, hashes and sealed values.

    `problems` has the codes of each row, parted by commas; `keys` are the columns whose values are kept. With
    `looks` what rows are compared by goes with them.
    """
    values = columns_in_clear(block.values, block.findings)
    firsts, lasts, emails, codes = (values[key] for key in ("first_name", "last_name", "email", "client_code"))
    partners_too = _spouse_columns(values, len(block.numbers))
    sealed = list(_sealed(block, keys, sealer, office_id))
    own, partners = (_hashes(block, key, sealer, office_id) for key in ("national_number", "spouse_national_number"))
    names = list(map(name_key, firsts, lasts))
    message = {
        "numbers": block.numbers,
        "searches": list(map(search_text, firsts, lasts, emails, codes, values["mobile"], *partners_too)),
        "emails": emails,
        "name_keys": names,
        "client_codes": codes,
        "languages": [language if language in LANGUAGES else "" for language in values["language"]],
        "joint": _joint(block),
        "traits": traits_of_columns(
            *(values[key] for key in ("labels", "enterprise_number", "spouse_enterprise_number"))
        ),
        "problems": problems,
        "repaired": _repaired(block),
        "sealed": list(map(len, sealed)),
        "empty": block.empty,
    }
    if looks:
        has_number = [made is not NO_HASH for made in own]
        message["looks"] = list(looks_of(block.numbers, has_number, values, names))
    return message, b"".join((*own, *partners, *sealed))


def _repaired(block: CheckedBlock) -> list[bool]:
    repaired = [False] * len(block.numbers)
    for index, found in block.findings.items():
        repaired[index] = any(finding.kind == "repair" for finding in found)
    return repaired


def _joint(block: CheckedBlock) -> list[bool]:
    """Say of each row whether it has a partner: by number, or by what may stand beside the columns."""
    joint = [bool(number) for number in block.values["spouse_national_number"]]
    for column in _spouse_columns(block.values, len(joint)):
        joint = [known or bool(text) for known, text in zip(joint, column, strict=True)]
    return joint


def _spouse_columns(values: Mapping[str, list[str]], count: int) -> list[list[str]]:
    """Give what stands beside the columns about partners, in the order of SPOUSE; no columns where nothing does."""
    if values.keys().isdisjoint(SPOUSE):
        return []
    none = [""] * count
    return [values.get(key, none) for key in SPOUSE]


def _sealed(block: CheckedBlock, keys: Sequence[str], sealer: "Sealer", office_id: int) -> Iterator[bytes]:
    context, seal, dumps, findings = b"row:%d" % office_id, sealer.seal, orjson.dumps, block.findings
    for index, row in enumerate(zip(*(block.values[key] for key in keys), strict=True)):
        found = [list(finding) for finding in findings[index]] if index in findings else []
        yield seal(dumps({"values": dict(zip(keys, row, strict=True)), "findings": found}), context)


def _hashes(block: CheckedBlock, key: str, sealer: "Sealer", office_id: int) -> list[bytes]:
    """Give the keyed hash of each valid national number, and NO_HASH for each other cell."""
    refused = {f"{key}.invalid", "cell.error", "cell.not_calculated"}
    wrong = {
        index
        for index, found in block.findings.items()
        if any(finding.column == key and finding.code in refused for finding in found)
    }
    make = sealer.hash
    return [
        make(number, office_id) if number and index not in wrong else NO_HASH
        for index, number in enumerate(block.values[key])
    ]


def _head(headers: Headers, first_row: int, opened: OpenSheet, read: Sequence[str]) -> dict[str, Any]:
    return {
        "read": list(read),
        "sheet": opened.name,
        "sheets": opened.sheets,
        "last_row": opened.last_row,
        "header_row": first_row + headers.row if headers.row >= 0 else 0,
        "columns": [list(column) for column in headers.columns],
        "notices": [list(notice) for notice in headers.notices],
    }


def _place_marks(block: Block, marks: Marks) -> None:
    block.place_errors(marks.error_cells)
    first, end = block.first_row, block.first_row + len(block.rows)
    for (row, column), formula in marks.formulas_without_value.items():
        if first <= row < end and column <= len(block.rows[row - first]):
            block.rows[row - first][column - 1] = ErrorCell(NOT_CALCULATED + formula.lstrip(NOT_CALCULATED))


def _follow_links(block: Block, marks: Marks, places: Mapping[str, int]) -> None:
    """Take the address behind a link where the e-mail cell shows something else."""
    if not marks.links:
        return
    # Few lists have links: the others are spared loading this.
    from urllib.parse import unquote  # noqa: PLC0415

    place = places["email"]
    first, end = block.first_row, block.first_row + len(block.rows)
    for (row, column), target in marks.links.items():
        if column == place + 1 and first <= row < end and "@" not in str(block.rows[row - first][place]):
            block.rows[row - first][place] = unquote(target)
