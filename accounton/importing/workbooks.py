"""The workbooks we hand out: the template, and the made list to try with."""

from io import BytesIO

from django.utils.translation import gettext

from accounton.importing.demo.sample import write_sample
from accounton.offices.models import Office, User
from accounton.rows.template import write_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template_workbook(office: Office, reader: str) -> bytes:
    """Give the template (.xlsx) in the reader's language (nl, fr, en), with the office's languages and colleagues."""
    staff = list(User.objects.filter(office=office, is_active=True).order_by("email").values_list("email", flat=True))
    target = BytesIO()
    write_template(target, language=reader, staff=staff, languages=office.languages, gettext=gettext)
    return target.getvalue()


def sample_workbook(office: Office) -> bytes:
    """Give the list of some 300 made customers (.xlsx): new, double, invalid, repaired and joint ones."""
    target = BytesIO()
    write_sample(target, office)
    return target.getvalue()
