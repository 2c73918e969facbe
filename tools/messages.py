"""Keeps the catalogues of messages: python -m tools.messages update|compile|check [room ...].

update   collects the messages of each room and writes its .po files; translations of messages that still exist stay
compile  makes the .mo files
check    names every message that is missing, obsolete, untranslated, fuzzy or has other placeholders than the
         English one, and every catalogue that update would change; exit 1 when there is any
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_javascript
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from accounton.site.catalogues import HOUSE, catalogues, compile_one

LANGUAGES = ("nl", "fr")
KEYWORDS = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]?|(?<!%)%[sd]|\{\w*\}")
WIDTH = 110


class RoomCatalog(Catalog):
    """A catalogue whose header says only what does not change from one day to the next."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def from_template(
    file: BinaryIO, keywords: dict[str, Any], comment_tags: tuple[str, ...], options: Any
) -> Iterator[tuple[Any, ...]]:
    """Extract from a Django template, a kind of file that Babel does not know itself; in the form Babel asks for."""
    source = templatize(file.read().decode())
    yield from extract_javascript(BytesIO(source.encode()), keywords, comment_tags, options)


METHODS: list[tuple[str, Any]] = [
    ("migrations/**", "ignore"),
    ("**.py", "python"),
    ("templates/**.html", from_template),
]
METHODS += [("templates/**.txt", from_template)]


def extracted(room: Path, language: str) -> RoomCatalog:
    """Collect the messages of a room into a catalogue without translations."""
    catalog = RoomCatalog(locale=language, charset="utf-8", fuzzy=False, header_comment=f"# Messages of {room.name}.")
    found = extract_from_dir(room, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True)
    for filename, _line, message, comments, context in found:
        catalog.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return catalog


def path_of(room: Path, language: str) -> Path:
    """Tell where the catalogue of a room lies."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def current(room: Path, language: str) -> Catalog:
    """Read the catalogue of a room as it stands; an empty one where there is none."""
    path = path_of(room, language)
    if not path.exists():
        return RoomCatalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(room: Path, language: str) -> bytes:
    """Give the catalogue as it ought to stand: today's messages with the translations there are; b"" without any."""
    catalog = extracted(room, language)
    known = current(room, language)
    for message in catalog:
        old = known.get(message.id, message.context) if message.id else None
        if old is not None and old.pluralizable == message.pluralizable and not old.fuzzy:
            message.string = old.string
    if not len(catalog):
        return b""
    target = BytesIO()
    write_po(target, catalog, width=WIDTH, sort_output=True, include_lineno=False)
    return target.getvalue()


def update(room: Path) -> None:
    """Write the catalogues of a room where they change."""
    for language in LANGUAGES:
        path, content = path_of(room, language), updated(room, language)
        if not content:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"written: {path}")


def faults(room: Path, language: str) -> Iterator[str]:
    """Name all that is wrong with a catalogue of a room, one sentence each."""
    path = path_of(room, language)
    wanted, known = extracted(room, language), current(room, language)
    missing = [message.id for message in wanted if message.id and known.get(message.id, message.context) is None]
    obsolete = [message.id for message in known if message.id and wanted.get(message.id, message.context) is None]
    obsolete += [message.id for message in known.obsolete.values()]
    yield from (f"{path}: missing: {forms(text)[0]!r}" for text in missing)
    yield from (f"{path}: obsolete: {forms(text)[0]!r}" for text in obsolete)
    for message in known:
        if message.id:
            yield from (f"{path}: {fault}: {forms(message.id)[0]!r}" for fault in faults_of(message, known))
    content = updated(room, language)
    if not missing and not obsolete and content != (path.read_bytes() if path.exists() else b""):
        yield f"{path}: not as 'update' would write it"


def faults_of(message: Message, catalog: Catalog) -> Iterator[str]:
    """Name what is wrong with the translation of one message."""
    strings, names = forms(message.string), forms(message.id)
    if message.fuzzy:
        yield "fuzzy"
    if not all(strings):
        yield "untranslated"
        return
    yield from (str(error) for error in message.check(catalog))
    # The form for one may leave the number out ("one file"); the others must name all that English names.
    allowed, needed = placeholders(*names), placeholders(names[-1])
    for place, string in enumerate(strings):
        there = placeholders(string)
        if there - allowed:
            yield f"unknown placeholder {', '.join(sorted(there - allowed))}"
        if needed - there and not (message.pluralizable and place == 0):
            yield f"placeholder {', '.join(sorted(needed - there))} is gone"


def placeholders(*texts: str) -> set[str]:
    """Give the names of all placeholders in texts, of the kinds %(name)s, %s and {name}."""
    return {match.group(0) for text in texts for match in PLACEHOLDER.finditer(text)}


def forms(text: str | Sequence[str] | None) -> list[str]:
    """Give the singular and plural forms of a message or translation, as a list also where there is but one."""
    return [text] if isinstance(text, str) else list(text or ())


def rooms(names: list[str], house: Path = HOUSE) -> list[Path]:
    """Give the folders of the named rooms, or of all."""
    return [path.parent for path in sorted(house.glob("*/__init__.py")) if not names or path.parent.name in names]


def main(arguments: list[str]) -> int:
    """Do what the command line says; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.messages", description="Keeps the catalogues of messages.")
    parser.add_argument("verb", choices=["update", "compile", "check"])
    parser.add_argument("rooms", nargs="*", help="the rooms to look at; all without any")
    chosen = parser.parse_args(arguments)
    if chosen.verb == "update":
        for room in rooms(chosen.rooms):
            update(room)
        return 0
    if chosen.verb == "compile":
        for path in catalogues():
            compile_one(path)
        return 0
    found = [fault for room in rooms(chosen.rooms) for language in LANGUAGES for fault in faults(room, language)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
