"""Keeps the list of released migrations: python -m tools.migrations release|check.

release  adds the migrations that are not in the list yet; never changes a line (make release-migrations)
check    names every migration that was released and has changed or gone, and every one that is not in the list
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = Path("tests/site/released_migrations.txt")
"""As `sha256sum` writes it, so that `sha256sum --check` reads it too."""

CHANGED = (
    "{path}: has changed since it was released. Databases out there were made with it: put it back as it was "
    "(git log -- {path}) and write what you want to change as a new migration. Only if it was never merged: take its "
    "line out of {list} and run make release-migrations."
)
GONE = (
    "{path}: was released and is gone. Put it back (git log -- {path}). Only if it was never merged, say because it "
    "got another number: take its line out of {list}."
)
NEW = "{path}: is not in the list of released migrations. Run make release-migrations; from then on it never changes."
TWICE = "{path}: stands in {list} twice. Keep the line that was there first."


def migrations(root: Path = ROOT) -> dict[str, str]:
    """Return the SHA-256 of each migration in the tree, by its path from the root."""
    files = sorted(path for path in (root / "accounton").rglob("migrations/*.py") if path.name != "__init__.py")
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _lines(root: Path) -> Iterator[tuple[str, str]]:
    for line in (root / LIST).read_text().splitlines():
        digest, _blank, path = line.partition("  ")
        yield path, digest


def faults(root: Path = ROOT) -> list[str]:
    """Return a sentence for each migration that does not stand in the tree as it was released, or was not released."""
    released, there = dict(reversed([*_lines(root)])), migrations(root)
    paths = [path for path, _digest in _lines(root)]
    return [
        *(TWICE.format(path=path, list=LIST) for path in sorted(released) if paths.count(path) > 1),
        *(GONE.format(path=path, list=LIST) for path in sorted(released.keys() - there.keys())),
        *(
            CHANGED.format(path=path, list=LIST)
            for path in sorted(released.keys() & there.keys())
            if released[path] != there[path]
        ),
        *(NEW.format(path=path) for path in sorted(there.keys() - released.keys())),
    ]


def release(root: Path = ROOT) -> list[str]:
    """Add the migrations that are not in the list yet, and return their paths."""
    released, there = dict(_lines(root)), migrations(root)
    new = sorted(there.keys() - released.keys())
    lines = [*_lines(root), *((path, there[path]) for path in new)]
    (root / LIST).write_text("".join(f"{digest}  {path}\n" for path, digest in sorted(lines)))
    return new


def main(arguments: Sequence[str] | None = None) -> int:
    """Release or check; return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("do", choices=("release", "check"))
    if parser.parse_args(arguments).do == "release":
        sys.stdout.writelines(f"released: {path}\n" for path in release())
    found = faults()
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
