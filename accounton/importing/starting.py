"""Starting an import, read at once when it is light and in the background otherwise; and throwing one away."""

from django.db import transaction

from accounton.belgium.numbers_in_text import masked_name
from accounton.importing.jobs import read_on
from accounton.importing.models import Batch
from accounton.importing.staging import keep_upload
from accounton.offices.audit import record
from accounton.offices.models import User
from accounton.offices.turns import take_turn
from accounton.questionnaires.choosing import BY_RULES
from accounton.questionnaires.office_rules import has_rules


def start(
    user: User, file_name: str, content: bytes, *, task_flow: str, assessment_year: int, show_columns: bool = False
) -> Batch:
    """Make a batch of an uploaded file. A light file is read before this returns; look at the batch's state.

    Where it is not certain which column is what, and with `show_columns` always, it then waits for somebody to say so.

    The reader is a process of its own either way; what differs is only who waits for it.
    """
    with transaction.atomic():
        batch: Batch = Batch.objects.create(
            created_by=user,
            file_name=masked_name(file_name)[-255:],
            task_flow=task_flow,
            assessment_year=assessment_year,
            questionnaire=BY_RULES if has_rules() else "",
            mapping={"ask": "always" if show_columns else "unsure", "list_language": _list_language(user)},
        )
        keep_upload(batch, content)
        record(user, "import.uploaded", f"batch:{batch.pk}")
    read_on(batch)
    batch.refresh_from_db()
    return batch


def _list_language(user: User) -> str:
    return user.office.list_language if user.office else ""


def discard_batch(batch: Batch, user: User | None) -> bool:
    """Throw an import away with all its rows. Gives False, and does nothing, where it has changed anything already."""
    with transaction.atomic():
        take_turn(batch.office_id)  # nobody starts adding meanwhile
        batch.refresh_from_db()
        if batch.adds or batch.departures.exists():
            return False
        record(user, "import.discarded", f"batch:{batch.pk}")
        batch.delete()
    return True
