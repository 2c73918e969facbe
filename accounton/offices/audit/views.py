"""The page of the log, and its workbook."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.audit.log import MOST, Log
from accounton.offices.audit.workbook import handed_out

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@admin_only
def log(request: StaffRequest) -> HttpResponse:
    """List what was done in the office, the newest first."""
    shown = Log(request.GET.dict(), request.office)
    page = shown.page
    context = {"section": "settings", "tab": "audit", "log": shown, "page": page, "most": MOST}
    context |= {"lines": list(shown.lines(list(page))), "is_bounded": page.paginator.count >= MOST}
    return render(request, "audit/log.html", context)


@require_GET
@admin_only
def download(request: StaffRequest) -> HttpResponse:
    """Give what the page lists as a workbook, and record it."""
    content = handed_out(Log(request.GET.dict(), request.office), request.office, request.user)
    name = f"{gettext('Log of what was done')} {timezone.localdate():%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, XLSX, headers={**headers, "Cache-Control": "no-store, private"})
