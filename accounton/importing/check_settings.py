"""What checking must know of an office."""

from django.utils import timezone

from accounton.belgium.folding import fold
from accounton.offices.models import Office, User
from accounton.rows.rules import Rules


def rules_of(office: Office, *, with_staff: bool = True) -> Rules:
    """Give what checking must know of an office: its languages, its colleagues (where a cell names one), today."""
    staff = User.objects.filter(office=office, is_active=True).order_by("id").values_list("name", "email")
    people = list(staff) if with_staff else []
    return Rules(
        languages=frozenset(office.languages),
        staff=frozenset(email for _, email in people),
        names=tuple((fold(name), email) for name, email in people if fold(name)),
        today=timezone.localdate(),
    )
