"""What the worker does for accounts."""

from django_q.models import Schedule

from accounton.offices.audit import chain
from accounton.offices.limits import buckets
from accounton.offices.sign_in import mails

SWEEP = "send staff mails, forget old tries"


def send_staff_mail(pk: int) -> None:
    """Send a mail about an account, if it is still due."""
    mails.send(pk)


def sweep() -> int:
    """Queue the mails that nobody was woken for, forget old tries, chain the audit; return how many mails."""
    chain.chain_all()
    buckets.sweep()
    return mails.wake_due()


def sweep_every_minute() -> None:
    """Have the queue sweep again and again."""
    wanted = {
        "func": "accounton.offices.jobs.sweep",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
        "repeats": -1,
        "kwargs": "{'q_options': {'save': False}}",
    }
    if not Schedule.objects.filter(name=SWEEP, **wanted).exists():
        Schedule.objects.update_or_create(name=SWEEP, defaults=wanted)
