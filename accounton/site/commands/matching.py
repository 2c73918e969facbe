"""The options by which the commands are told what stands where in a list."""

import argparse

from accounton.belgium.numbers_in_text import masked_name

NO_ROW = 0
LANGUAGES = ("dutch", "french", "english")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare --sheet, --header-row, --map and --default-language."""
    parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet to read; default: the first with data")
    parser.add_argument(
        "--header-row", type=_row, metavar="N", help="the sheet row of the headers, 0 for none; default: looked for"
    )
    parser.add_argument(
        "--map",
        type=_pair,
        action="append",
        default=[],
        metavar="HEADER=COLUMN",
        help='what a column is, such as "RRN=national_number", "Opm.=none", or "C=email" for one without a header; '
        "may be repeated",
    )
    parser.add_argument(
        "--default-language",
        choices=LANGUAGES,
        default="",
        help="of all customers where no column says it; default of import: as the office has it",
    )


def wishes(options: argparse.Namespace) -> dict[str, object]:
    """Give what was asked for, as the fields of Wishes."""
    found: dict[str, object] = {"given": dict(options.map)}
    if options.sheet:
        found["sheet"] = masked_name(options.sheet)
    if options.header_row is not None:
        found["header_row"] = options.header_row
    if options.default_language:
        found["list_language"] = options.default_language
    return found


def _row(text: str) -> int:
    number = int(text)
    if number < NO_ROW:
        raise ValueError
    return number


def _pair(text: str) -> tuple[str, str]:
    # Only a command that is given a column pays for loading them.
    from accounton.rows.mapping_naming import given_targets
    from accounton.rows.mapping_targets import NONE, TARGETS

    try:
        return next(given_targets([text]))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} names no column; write HEADER=COLUMN with one of: {', '.join((*TARGETS, NONE))}"
        ) from None
