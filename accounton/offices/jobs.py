"""What the worker does for accounts."""

from django_q.models import Schedule

from accounton.offices.limits import buckets

SWEEP = "forget old tries"


def sweep() -> int:
    """Forget old tries; return how many buckets were empty."""
    return buckets.sweep()


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
