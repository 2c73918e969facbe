"""Runs a command against a private PostgreSQL cluster that lives as long as it: `python -m tools.postgres CMD`."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def programs() -> Path:
    """Give the folder of the newest PostgreSQL that Debian's package put here. Raises FileNotFoundError."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed: tools/system-packages postgresql")
    return found[-1]


@contextmanager
def cluster(options: str = FAST) -> Iterator[str]:
    """Start a cluster on a socket of its own, give its database address, stop and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    folder.chmod(0o755)
    data, socket = folder / "data", folder / "sock"
    account = _account()
    for path in (data, socket):
        path.mkdir(mode=0o700)
        if account:
            shutil.chown(path, account)
    _run(account, "initdb", "-D", data, "--no-sync", "-A", "trust", "-U", "postgres", "--encoding", "UTF8",
         "--locale-provider=icu", "--icu-locale=nl-BE", "--locale=C.UTF-8")  # fmt: skip
    started = f"-c listen_addresses='' -c unix_socket_directories={socket} {options}"
    _run(account, "pg_ctl", "-D", data, "-w", "-o", started, "-l", data / "log", "start")
    try:
        yield f"postgres://postgres@/postgres?host={socket}"
    finally:
        _run(account, "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    # The server refuses to run as root; Debian's package makes the account that may.
    return pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None


def _run(account: str | None, program: str, *arguments: object) -> None:
    command = [str(programs() / program), *map(str, arguments)]
    if account:
        command = ["runuser", "-u", account, "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Run the command named on the command line with ACCOUNTON_DATABASE_URL set; give its exit code."""
    with cluster() as address:
        return subprocess.run(
            sys.argv[1:], check=False, env={**os.environ, "ACCOUNTON_DATABASE_URL": address}
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
