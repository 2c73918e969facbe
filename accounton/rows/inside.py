"""Intake, the child's side. It opens the sheet at once, and loads what checks it meanwhile: see `taking`."""

import gc
from collections.abc import Iterator
from itertools import chain
from threading import Thread
from typing import Any

from accounton.spreadsheets.inside import Parent
from accounton.spreadsheets.marks import Marks
from accounton.spreadsheets.problems import UnusableFile
from accounton.spreadsheets.reading import Block, OpenSheet, open_sheet, with_errors

BLOCK_ROWS = 500
"""So few rows stay near the processor while column after column is gone through; 4,000 take a tenth longer."""


def main(parent: Parent) -> None:
    """Take the name of a sheet; once it is in, an order (what the look found, rules, office) with the keys beside it.

    Sends head and blocks.
    """
    # Nothing here makes circles, and looking for them among millions of cells costs a tenth of the time.
    gc.disable()
    opening = _Opening(parent, _expected(parent)[0]["sheet"])
    opening.start()
    from accounton.rows.taking import Taking  # noqa: PLC0415 - loads the parsers meanwhile

    opened, first, rest = opening.result()
    order, keys = _expected(parent)
    if first is None:
        raise UnusableFile("file.no_data")
    blocks = with_errors(chain([first], rest), Marks.from_message(order["marks"]).error_cells)
    Taking(parent, order, keys, opened).run(next(blocks), blocks)


class _Opening(Thread):
    """Opens a sheet and takes its first block: the reader does that without holding this process up."""

    def __init__(self, parent: Parent, sheet: str) -> None:
        super().__init__(daemon=True)
        self._parent = parent
        self._sheet = sheet
        self._opened: tuple[OpenSheet, Block | None, Iterator[Block]]
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            opened = open_sheet(self._parent.file, self._sheet, self._parent.limits)
            blocks = opened.blocks(BLOCK_ROWS)
            self._opened = opened, next(blocks, None), blocks
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._error = error

    def result(self) -> tuple[OpenSheet, Block | None, Iterator[Block]]:
        """Wait for the sheet, its first block (None where there is none) and all others; raise what opening raised."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._opened


def _expected(parent: Parent) -> tuple[Any, bytes]:
    received = parent.receive()
    if received is None:
        raise SystemExit
    return received
