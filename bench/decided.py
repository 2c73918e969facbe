"""Makes the demo office remember a decision about somebody: from then on an import asks who looks like a customer, and
does again what was decided, with --yes too."""

from accounton.site.startup import start_django

if __name__ == "__main__":
    start_django()
    from accounton.importing.models import Decision, Reason, Verdict
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for

    with acting_for(Office.objects.get(slug="demo").pk):
        Decision.objects.create(person=b"nobody in the list", name="", reason=Reason.FIRM, verdict=Verdict.NEW)
