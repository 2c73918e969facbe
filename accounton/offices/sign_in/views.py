"""allauth's pages, where we do more than it does."""

from typing import Any, cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.views import (
    INTERNAL_RESET_SESSION_KEY,
    LoginView,
    PasswordChangeView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from accounton.offices.limits import browsers
from accounton.offices.limits.tries import record_of_account
from accounton.offices.models import Office, User
from accounton.offices.sign_in.forms import LinkUsed, NewPasswordForm
from accounton.offices.sign_in.mails import can_mail
from accounton.offices.sign_in.secrets import use_code_up


class SignInView(LoginView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the sign-in page; on a server without an office, how one is made."""
        if not Office.objects.exists():
            return render(request, "first_start/first_start.html", {"is_local": settings.LOCAL})
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))


class AskForLinkView(PasswordResetView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take an address; without a mail server say who can make a link instead."""
        if not can_mail():
            return render(request, "account/password_reset_without_mail.html")
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))


class NewPasswordView(PasswordResetFromKeyView):  # type: ignore[misc]
    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """Save the new password; whoever holds the mailbox signs in from a browser that counts as known.

        A first password signs in at once: the account never had a second factor to ask for.
        """
        if form.is_first:
            return self._first(form)
        try:
            response: HttpResponse = super().form_valid(form)
        except LinkUsed:
            return cast(HttpResponse, self.render_to_response(self.get_context_data(token_fail=True)))
        self.request.session.pop(INTERNAL_RESET_SESSION_KEY, None)
        list(get_messages(self.request))  # the page itself says that it is saved
        browsers.remember(self.request, response, form.user)
        return response

    def _first(self, form: NewPasswordForm) -> HttpResponse:
        try:
            form.save()
        except LinkUsed:
            return cast(HttpResponse, self.render_to_response(self.get_context_data(token_fail=True)))
        self.request.session.pop(INTERNAL_RESET_SESSION_KEY, None)
        record_of_account(form.user, "password.first")
        login = Login(user=form.user, email=form.user.email)
        response: HttpResponse = perform_password_login(self.request, {"email": form.user.email}, login)
        list(get_messages(self.request))
        messages.success(self.request, gettext("Your password is saved and you are signed in. Welcome!"))
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


sign_in = SignInView.as_view()
ask_for_link = AskForLinkView.as_view()
own_password = OwnPasswordView.as_view()
new_password = NewPasswordView.as_view()
activate_authenticator = AuthenticatorView.as_view()
