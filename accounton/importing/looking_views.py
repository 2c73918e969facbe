"""What a review asks for while its list is looked through for near matches."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from accounton.importing import looking, posted
from accounton.importing.jobs import wake_to_look
from accounton.importing.models import Batch, State
from accounton.importing.pages import review_context
from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.sessions import background


@background
@require_GET
@admin_only
def looked(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Give nothing while it is looked; then what there is to settle, the counts, and the button that waited for it.

    Where rows moved since they were shown (`revision`) the whole page is asked for again.
    """
    batch = get_object_or_404(Batch, pk=batch_id)
    if looking.take_up(batch):
        wake_to_look(batch)
    if looking.is_to_come(batch):
        return HttpResponse(status=204)
    if batch.state != State.REVIEW or batch.revision != posted.number(request.GET, "revision"):
        return HttpResponseClientRefresh()
    return render(request, "importing/_looked.html", review_context(request, batch))
