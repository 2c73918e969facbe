"""The page on which admins choose what goes for the whole office."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounton.offices.access import StaffRequest, admin_only
from accounton.offices.colleagues.admins import NoLongerAdmin
from accounton.overview.office.forms import OfficeForm
from accounton.overview.office.saving import ChangedMeanwhile, LanguagesInUse, save_office

REFUSED = 422


@require_http_methods(["GET", "POST"])
@admin_only
def office(request: StaffRequest) -> HttpResponse:
    """Show the settings of the office, and save them."""
    if request.method == "GET":
        return _page(request, OfficeForm(office=request.office))
    form = OfficeForm(request.POST, office=request.office)
    if not form.is_valid():
        return _page(request, form, REFUSED)
    try:
        changed = save_office(request.office, form.values(), form.cleaned_data["seen"], request.user)
    except NoLongerAdmin as error:
        raise PermissionDenied from error
    except LanguagesInUse as error:
        form.refuse(error.uses)
        return _page(request, form, REFUSED)
    except ChangedMeanwhile:
        request.office.refresh_from_db()
        form.show_anew(request.office)
        return _page(request, form, REFUSED, is_changed_meanwhile=True)
    messages.success(
        request, gettext("The settings of the office are saved.") if changed else gettext("Nothing was changed.")
    )
    return redirect("settings:office")


def _page(
    request: StaffRequest, form: OfficeForm, status: int = 200, *, is_changed_meanwhile: bool = False
) -> HttpResponse:
    context = {"section": "settings", "tab": "office", "form": form, "is_changed_meanwhile": is_changed_meanwhile}
    return render(request, "office/office.html", context, status=status)
