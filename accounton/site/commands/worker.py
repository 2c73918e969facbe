"""accounton worker: works background jobs off; with --once all that is due, then ends."""

import argparse
import ctypes
import os
import signal
from threading import Event, Thread

from accounton.site.startup import start_django

PR_SET_PDEATHSIG = 1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="work off what is due, then end")


def run(options: argparse.Namespace) -> int:
    """Take up what was interrupted, then work until told to stop. Gives the exit code."""
    start_django()
    from django.core.management import call_command

    from accounton.importing.expired import take_up_all_expired, watch
    from accounton.importing.jobs import sweep_every_minute, take_up_interrupted
    from accounton.offices import jobs as accounts
    from accounton.offices.audit.upkeep import log_heads_every_hour

    sweep_every_minute()
    accounts.sweep_every_minute()
    log_heads_every_hour()
    accounts.sweep()
    take_up_all_expired()
    if options.once:
        take_up_interrupted()
        call_command("qcluster", "--run-once", verbosity=0)
        return 0
    # Without this a killed parent leaves its children at work, and a restart then has two clusters.
    os.register_at_fork(after_in_child=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL))
    take_up_interrupted()
    # It first looks a few seconds from now, when the cluster has forked its processes.
    Thread(target=watch, args=(Event(),), daemon=True, name="watch").start()
    call_command("qcluster", verbosity=0)
    return 0
