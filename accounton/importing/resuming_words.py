"""What a reviewer who comes back is told: when the review was left, and what changed since."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from accounton.importing.jobs import look_anew
from accounton.importing.looking import is_to_come
from accounton.importing.models import Batch
from accounton.importing.pages import saving
from accounton.importing.proposals import counts
from accounton.importing.resuming import Resumed, resume
from accounton.offices.access import StaffRequest


def say_resumed(request: StaffRequest, batch: Batch) -> None:
    """Match a review that was left once more, and say when it was left and what changed since."""
    left = date_format(timezone.localtime(batch.touched_at), "SHORT_DATETIME_FORMAT")
    with saving(request):
        resumed, to_decide = resume(batch), counts(batch)
        if resumed.is_stale:
            look_anew(batch)
            batch.refresh_from_db()
        words = [gettext("You left this review on %(left)s.") % {"left": left}, *_moved_words(resumed)]
        if len(words) == 1 and counts(batch) == to_decide and not is_to_come(batch):
            words.append(gettext("Nothing changed since."))
        messages.info(request, " ".join(words))


def _moved_words(resumed: Resumed) -> Iterator[str]:
    if resumed.times:
        rows = ", ".join(map(str, resumed.rows)) + (", …" if resumed.times > len(resumed.rows) else "")
        yield gettext("Customers changed since: these rows stand elsewhere now: %(rows)s.") % {"rows": rows}
    if resumed.here:
        yield ngettext(
            "%(count)s customer more is only in Accounton.", "%(count)s customers more are only in Accounton.",
            resumed.here,
        ) % {"count": intcomma(resumed.here)}  # fmt: skip
