"""A module for the child process that reads the sheet named first and sends every row back as text."""

from accounton.spreadsheets.inside import Parent
from accounton.spreadsheets.marks import Marks
from accounton.spreadsheets.reading import blocks, with_errors


def main(parent: Parent) -> None:
    order, _ = parent.receive()
    marks = Marks.from_message(order["marks"])
    found = blocks(parent.file, order["sheet"], order["rows"], parent.limits)
    for block in with_errors(found, marks.error_cells):
        block.place_errors(marks.error_cells)
        parent.send([block.first_row, [[repr(value) for value in row] for row in block.rows]])
