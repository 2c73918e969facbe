"""allauth's pages, where we do more than it does."""

from typing import Any, cast

from allauth.account.views import INTERNAL_RESET_SESSION_KEY, PasswordChangeView, PasswordResetFromKeyView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib.messages import get_messages
from django.http import HttpResponse

from accounton.offices.limits import browsers
from accounton.offices.models import User
from accounton.offices.sign_in.forms import LinkUsed
from accounton.offices.sign_in.secrets import use_code_up


class NewPasswordView(PasswordResetFromKeyView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        """Save the new password; whoever holds the mailbox signs in from a browser that counts as known."""
        try:
            response: HttpResponse = super().form_valid(form)
        except LinkUsed:
            return cast(HttpResponse, self.render_to_response(self.get_context_data(token_fail=True)))
        self.request.session.pop(INTERNAL_RESET_SESSION_KEY, None)
        list(get_messages(self.request))  # the page itself says that it is saved
        browsers.remember(self.request, response, form.user)
        return response


class OwnPasswordView(PasswordChangeView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        """Save the new password; the browser in which it was chosen stays a known one."""
        response: HttpResponse = super().form_valid(form)
        browsers.remember(self.request, response, form.user)
        return response


class AuthenticatorView(ActivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        """Take the authenticator into use; the code that showed that it works is used up with it."""
        response: HttpResponse = super().form_valid(form)
        use_code_up(cast(User, self.request.user), form.cleaned_data["code"])
        return response


own_password = OwnPasswordView.as_view()
new_password = NewPasswordView.as_view()
activate_authenticator = AuthenticatorView.as_view()
