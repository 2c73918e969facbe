"""The command `accounton`: one module per subcommand, loaded only when it is asked for.

`check` and `template` need no database and never load Django; the others start it themselves.
"""

import argparse
import atexit
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from accounton.site.startup import CannotStart

COMMANDS = {
    "check": ("check", "say what is wrong with a list, without importing it"),
    "template": ("template", "write the template workbook"),
    "import": ("import_", "import a list into an office"),
    "imports": ("imports", "list the imports and what became of them"),
    "undo": ("undo", "take an import back"),
    "report": ("report", "write down what became of every row of an import"),
    "demo": ("demo", "make the demo office"),
    "office": ("office", "make an office with its first admin, or list the offices"),
    "colleague": ("colleague", "let a colleague in again: second factor, role, link"),
    "doctor": ("doctor", "check every invariant of the database"),
    "serve": ("serve", "run web and worker on this machine"),
    "worker": ("worker", "work background jobs off"),
    "migrate": ("migrate", "bring the database up to date"),
}
UNUSABLE, INTERRUPTED = 2, 130


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a command in one line."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and give its exit code."""
    parser = Parser(prog="accounton", description="Brings an accounting office's private clients in from a list.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = next((word for word in given if not word.startswith("-")), "")
    for name, (module, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        if name == asked:
            importlib.import_module(f"accounton.site.commands.{module}").configure(command)
    options = parser.parse_args(given)
    module, _help = COMMANDS[options.command]
    # All that is held ends with the process: looking for circles in it first takes an import a tenth of a second.
    atexit.register(gc.freeze)
    try:
        return int(importlib.import_module(f"accounton.site.commands.{module}").run(options))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter must not stumble over it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CannotStart as reason:
        return _refused(str(reason))
    except Exception as error:
        # Loaded only now: what explains it needs Django, which not every command does.
        upgrades = importlib.import_module("accounton.site.upgrades") if "django" in sys.modules else None
        if upgrades is None or not (sentence := upgrades.explanation(error)):
            raise
        return _refused(sentence)


def _refused(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
