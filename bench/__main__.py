"""`make bench`: the numbers to reach, as ratios side by side in one run, printed and written to bench/RESULTS.md.

`python -m bench [--rows 10000,100000] [--rounds 3] [--peer-rows 10000,100000] [--sqlite-only]`
"""

import argparse
import datetime
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.measuring import TooLong, in_turn, ratio

PYTHON = sys.executable
ACCOUNTON = str(Path(PYTHON).with_name("accounton"))
RESULTS = Path(__file__).parent / "RESULTS.md"
EXISTING = 100_000
ENOUGH = 30
"""A peer that has taken so many times our time is stopped: the goals are 25 and 15."""


class Report:
    """Lines for the screen at once, and for RESULTS.md at the end."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def row(self, *cells: object) -> None:
        line = "| " + " | ".join(map(str, cells)) + " |"
        self.lines.append(line)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def title(self, text: str, *headers: str) -> None:
        self.lines += ["", f"## {text}", ""]
        sys.stdout.write(f"\n## {text}\n")
        self.row(*headers)
        self.row(*["---"] * len(headers))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="10000,100000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-rows", default="10000,100000")
    parser.add_argument("--sqlite-only", action="store_true")
    options = parser.parse_args()
    sizes = [int(size) for size in options.rows.split(",")]
    report = Report()
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        files = lists(Path(folder), sorted({*sizes, EXISTING, *map(int, options.peer_rows.split(","))}))
        checks(report, files, sizes, options.rounds)
        for database in databases(Path(folder), options.sqlite_only):
            with database as (name, fresh, loaded):
                imports(report, name, files, sizes, options.rounds, fresh, loaded)
                pages(report, name, files[max(sizes)], fresh(loaded))
                background(report, name, files[max(sizes)], fresh(loaded))
                if name == "SQLite":
                    peers(report, files, [int(size) for size in options.peer_rows.split(",")], lambda: fresh(loaded))
    write(report, options)


def lists(folder: Path, sizes: list[int]) -> dict[int, Path]:
    """Make a list of each size; `-EXISTING` is the list of other people who are customers already."""
    files = {}
    for size in sizes:
        files[size] = folder / f"list-{size}.xlsx"
        subprocess.run([PYTHON, "-m", "bench.lists", str(size), str(files[size])], check=True)
    files[-EXISTING] = folder / "existing.xlsx"
    subprocess.run([PYTHON, "-m", "bench.lists", str(EXISTING), str(files[-EXISTING]), "300000"], check=True)
    return files


def checks(report: Report, files: Mapping[int, Path], sizes: list[int], rounds: int) -> None:
    """`check` over the bare read."""
    report.title(
        "check over merely reading the sheet", "rows", "check s", "bare read s", "ratio", "peak MiB", "µs a row"
    )
    for size in sizes:
        commands = {
            "check": [ACCOUNTON, "check", str(files[size]), "--json"],
            "bare": [PYTHON, "-m", "bench.bare_read", str(files[size])],
        }
        got = in_turn(commands, rounds)
        check, bare = got["check"], got["bare"]
        report.row(f"{size:,}", f"{check.median:.2f}", f"{bare.median:.2f}", f"{ratio(check, bare):.2f}",
                   f"{check.peak:.0f}", f"{check.median / size * 1e6:.1f}")  # fmt: skip


Fresh = Callable[[str], Mapping[str, str]]


def databases(folder: Path, sqlite_only: bool) -> Iterator[object]:
    """Give each database as a context of (name, fresh copy maker, name of the loaded template)."""
    if not sqlite_only:
        yield postgresql(folder)
    yield sqlite(folder)


@contextmanager
def sqlite(folder: Path) -> Iterator[tuple[str, Fresh, str]]:
    template = folder / "template"
    prepare({"ACCOUNTON_DATA_DIR": str(template)}, folder)

    def fresh(_name: str) -> Mapping[str, str]:
        target = folder / "run"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(template, target)
        return {"ACCOUNTON_DATA_DIR": str(target)}

    yield "SQLite", fresh, "loaded"


@contextmanager
def postgresql(folder: Path) -> Iterator[tuple[str, Fresh, str]]:
    from tools.postgres import cluster

    with cluster("-c shared_buffers=256MB -c max_wal_size=2GB") as address:
        base = {"ACCOUNTON_DATA_DIR": str(folder / "pgdata")}

        def sql(text: str) -> None:
            host = address.partition("host=")[2]
            subprocess.run(["psql", "-q", "-h", host, "-U", "postgres", "-c", text], check=True)

        sql("CREATE DATABASE loaded")
        loaded = address.replace("/postgres?", "/loaded?")
        prepare({**base, "ACCOUNTON_DATABASE_URL": loaded}, folder)

        def fresh(_name: str) -> Mapping[str, str]:
            sql("DROP DATABASE IF EXISTS run")
            sql("CREATE DATABASE run TEMPLATE loaded")
            return {**base, "ACCOUNTON_DATABASE_URL": address.replace("/postgres?", "/run?")}

        yield "PostgreSQL", fresh, "loaded"


def prepare(env: Mapping[str, str], folder: Path) -> None:
    """Make the demo office and import the people who are customers already."""
    quiet = {"env": {**os.environ, **env}, "stdout": subprocess.DEVNULL}
    subprocess.run([ACCOUNTON, "demo"], check=True, **quiet)
    existing = [ACCOUNTON, "import", str(folder / "existing.xlsx"), "--office", "demo"]
    subprocess.run([*existing, "--questionnaire", "personenbelasting", "--json", "--yes"], check=False, **quiet)
    subprocess.run([PYTHON, "-m", "bench.tidy"], check=True, **quiet)


def imports(
    report: Report, name: str, files: Mapping[int, Path], sizes: list[int], rounds: int, fresh: Fresh, loaded: str
) -> None:
    """The whole import over the floor, with 100,000 customers there already: without and with looking for who is like
    one of them."""
    report.title(f"whole import over the floor, {name}", "rows", "near matches", "import s", "floor s", "ratio",
                 "peak MiB", "µs a row")  # fmt: skip

    def before(command: str) -> Mapping[str, str]:
        env = fresh(loaded)
        if command == "looked for":
            subprocess.run([PYTHON, "-m", "bench.decided"], check=True, env={**os.environ, **env})
        return env

    for size in sizes:
        whole = [ACCOUNTON, "import", str(files[size]), "--office", "demo", "--questionnaire", "personenbelasting",
                 "--json", "--yes"]  # fmt: skip
        floor = [PYTHON, "-m", "bench.floor", str(files[size])]
        got = in_turn({"not looked for": whole, "looked for": whole, "floor": floor}, rounds, before)
        for near in ("not looked for", "looked for"):
            ours, floor_of_it = got[near], got["floor"]
            report.row(f"{size:,}", near, f"{ours.median:.2f}", f"{floor_of_it.median:.2f}",
                       f"{ratio(ours, floor_of_it):.2f}", f"{ours.peak:.0f}",
                       f"{ours.median / size * 1e6:.1f}")  # fmt: skip


def pages(report: Report, name: str, file: Path, env: Mapping[str, str]) -> None:
    """One page of the review at its largest, any bucket, filter and sort; one choice saved."""
    report.title(f"one page of the review, {name}", "page", "median ms", "worst ms", "queries")
    command = [PYTHON, "-m", "bench.pages", str(file)]
    lines = subprocess.run(command, check=True, env={**os.environ, **env}, capture_output=True, text=True).stdout
    for line in lines.splitlines():
        report.row(*line.split("\t"))


def background(report: Report, name: str, file: Path, env: Mapping[str, str]) -> None:
    """What the worker does about the largest review."""
    report.title(f"in the background, {name}", "what", "s", "longest step s", "rows", "peak MiB")
    command = [PYTHON, "-m", "bench.background", str(file)]
    lines = subprocess.run(command, check=True, env={**os.environ, **env}, capture_output=True, text=True).stdout
    for line in lines.splitlines():
        report.row(*line.split("\t"))


def peers(report: Report, files: Mapping[int, Path], sizes: list[int], fresh: Callable[[], Mapping[str, str]]) -> None:
    """django-import-export doing the same work, as it comes and in its bulk mode."""
    report.title("django-import-export over ours, SQLite", "rows", "mode", "peer s", "ours s", "ratio")
    for size in sizes:
        ours = in_turn({"ours": [ACCOUNTON, "import", str(files[size]), "--office", "demo", "--questionnaire",
                                 "personenbelasting", "--json", "--yes"]}, 1, lambda _n: fresh())["ours"]  # fmt: skip
        for mode in ("as it comes", "bulk"):
            command = [PYTHON, "-m", "bench.peer", str(files[size]), *(["--bulk"] if mode == "bulk" else [])]
            most = ours.median * ENOUGH
            try:
                peer = in_turn({"peer": command}, 1, lambda _n: fresh(), most)["peer"]
            except TooLong:
                report.row(f"{size:,}", mode, f"stopped after {most:.0f}", f"{ours.median:.2f}", f"over {ENOUGH}")
            else:
                times = f"{peer.median / ours.median:.1f}"
                report.row(f"{size:,}", mode, f"{peer.median:.1f}", f"{ours.median:.2f}", times)


def write(report: Report, options: argparse.Namespace) -> None:
    """Put the figures into RESULTS.md, with machine, date and command; what stands under "Remarks" there is kept."""
    kept = RESULTS.read_text().partition("\n# Remarks\n")[2] if RESULTS.exists() else "\n"
    head = [
        "# Results", "",
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}, `python -m bench --rows {options.rows} --rounds {options.rounds} "
        f"--peer-rows {options.peer_rows}`. Whole processes, start-up included; medians of rounds in turn.",
    ]  # fmt: skip
    RESULTS.write_text("\n".join([*head, *report.lines, "", "# Remarks", ""]) + kept.lstrip("\n"))


if __name__ == "__main__":
    main()
