"""Having a list opened before anything else is loaded: taking a long sheet in is what a command waits for longest."""

import argparse
from contextlib import ExitStack
from pathlib import Path

from accounton.rows.opening import Opened, opened
from accounton.spreadsheets.limits import DEFAULT, Limits
from accounton.spreadsheets.problems import UnusableFile


def opened_ahead(stack: ExitStack, options: argparse.Namespace, limits: Limits = DEFAULT) -> Path | Opened:
    """Give the file of a command, opened until the stack ends; where that fails as it is: whoever reads it says why."""
    try:
        return stack.enter_context(opened(options.file, limits, options.sheet))
    except UnusableFile:
        file: Path = options.file
        return file
