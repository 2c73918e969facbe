"""A module for the child process that only looks, so that the memory the look takes can be bounded."""

from accounton.spreadsheets.inside import Parent
from accounton.spreadsheets.looking import look


def main(parent: Parent) -> None:
    seen = look(parent.file, parent.limits)
    parent.send([seen.chosen.name, seen.chosen.rows, seen.chosen.cells])
