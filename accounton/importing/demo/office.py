"""The demo office: two colleagues and forty customers in several statuses, brought in the way everybody's are."""

from io import BytesIO
from itertools import cycle

from django.db import transaction

from accounton.dossiers.models import Dossier, Status
from accounton.importing.applying import claim, continue_applying
from accounton.importing.demo.sample import known_rows
from accounton.importing.forms import this_year
from accounton.importing.models import Batch
from accounton.importing.staging import stage
from accounton.offices.models import Office, User
from accounton.offices.scoping import acting_for
from accounton.rows.columns import COLUMNS
from accounton.rows.template import write_list

LOGIN, PASSWORD = "beheerder@demo.example", "accounton-demo"
STATUSES = (
    *[Status.NOT_SENT] * 4, Status.SENT, Status.SENT, Status.OPENED, Status.IN_PROGRESS, Status.SUBMITTED, Status.DONE,
)  # fmt: skip


def make_demo_office() -> bool:
    """Make the demo office where it is not there yet. Gives whether it was made."""
    if Office.objects.filter(slug="demo").exists():
        return False
    with transaction.atomic():
        office = Office.objects.create(name="Kantoor Demo", slug="demo")
        admin = User.objects.create_user(LOGIN, PASSWORD, office, name="Els Claes", role=User.Role.ADMIN)
        User.objects.create_user("tom@demo.example", PASSWORD, office, name="Tom Baert")
    with acting_for(office.id):
        _bring_in(admin)
        for dossier, status in zip(Dossier.objects.order_by("id"), cycle(STATUSES), strict=False):
            Dossier.objects.filter(pk=dossier.pk).update(status=status)
    return True


def _bring_in(admin: User) -> None:
    target = BytesIO()
    write_list(target, [[row.get(column.key, "") for column in COLUMNS] for row in known_rows()])
    batch = Batch.objects.create(
        created_by=admin, file_name="klanten-2025.xlsx", assessment_year=this_year(), questionnaire="personenbelasting"
    )
    stage(batch, target.getvalue())
    claim(batch, admin, batch.revision, with_undecided=True)  # nobody is here yet
    continue_applying(batch)
