"""The pages of the mailbox of the demo. They exist on a local run without a mail server, for its own machine only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounton.mail import mailbox
from accounton.mail.models import DemoMail
from accounton.offices.limits.networks import is_this_machine
from accounton.offices.sessions import background

View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """Answer 404 where mails are really sent, and to any other machine: a link in a mail may open an account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO_MAILBOX or not is_this_machine(request):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.policy = "anyone"  # type: ignore[attr-defined]
    return guarded


@background  # the page asks for itself anew
@require_GET
@demo_only
def mails(request: HttpRequest) -> HttpResponse:
    """List the mails."""
    return render(request, "mail/mailbox.html", {"mails": mailbox.mails()})


@require_GET
@demo_only
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """Show one mail with its links."""
    try:
        return render(request, "mail/mail.html", {"mail": mailbox.mail(number)})
    except DemoMail.DoesNotExist as error:
        raise Http404 from error


@require_POST
@demo_only
def empty(request: HttpRequest) -> HttpResponse:
    """Throw all mails away."""
    mailbox.empty()
    return redirect("mail:mailbox")
