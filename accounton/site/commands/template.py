"""accounton template OUT.xlsx: writes the template workbook."""

import argparse
import sys
from pathlib import Path

from accounton.rows.template import CANNOT_WRITE, write_template
from accounton.rows.wording import LANGUAGES, gettext_in, language_of_environment


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("out", type=Path, metavar="OUT.xlsx")
    parser.add_argument(
        "--language", choices=LANGUAGES, help="of headers and explanation; default: that of LC_ALL or LANG"
    )


def run(options: argparse.Namespace) -> int:
    """Write the template. Gives 0, or 2 where the file cannot be written."""
    language = options.language or language_of_environment()
    gettext = gettext_in(language)
    try:
        with options.out.open("wb") as target:
            write_template(target, language=language, gettext=gettext)
    except OSError as error:
        sys.stderr.write(f"{options.out}: {gettext(CANNOT_WRITE)} ({error.strerror})\n")
        return 2
    return 0
