from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounton.offices.access import staff_only
from accounton.rows.columns import COLUMNS

READERS = ("nl", "fr", "en")


@require_GET
@staff_only
def importing(request: HttpRequest) -> HttpResponse:
    """Explain the import in the reader's language, with the columns as they are declared."""
    reader = get_language() or "nl"
    reader = reader if reader in READERS else "nl"
    columns = [
        {"letter": c.letter, "header": c.headers[reader], "help": c.help, "required": c.required} for c in COLUMNS
    ]
    return render(request, f"help/import.{reader}.html", {"section": "imports", "columns": columns, "reader": reader})
