"""allauth's pages, where we do more than it does."""

from typing import Any, cast

from allauth.account.views import INTERNAL_RESET_SESSION_KEY, PasswordResetFromKeyView
from django.contrib.messages import get_messages
from django.http import HttpResponse

from accounton.offices.limits import browsers
from accounton.offices.limits.tries import record_of_account
from accounton.offices.sign_in.forms import LinkUsed


class NewPasswordView(PasswordResetFromKeyView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        """Save the new password; whoever holds the mailbox signs in from a browser that counts as known."""
        try:
            response: HttpResponse = super().form_valid(form)
        except LinkUsed:
            return cast(HttpResponse, self.render_to_response(self.get_context_data(token_fail=True)))
        self.request.session.pop(INTERNAL_RESET_SESSION_KEY, None)
        list(get_messages(self.request))  # the page itself says that it is saved
        record_of_account(form.user, "password.reset")
        browsers.remember(self.request, response, form.user)
        return response


new_password = NewPasswordView.as_view()
