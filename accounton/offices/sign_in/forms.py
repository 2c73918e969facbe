"""allauth's forms, with our limits on what is tried in them."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    UserTokenForm,
    default_token_generator,
)
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounton.belgium.numbers_in_text import masked_name
from accounton.offices.models import User
from accounton.offices.sign_in.resetting import ask_for_reset, keep_way_back
from accounton.offices.sign_in.secrets import authenticator_of_code, is_own_password


class LinkUsed(Exception):
    """The link to choose a new password was used meanwhile, or is too old by now."""


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The link to choose a new password leads on to the page that asked for signing in.
        if onwards := get_next_redirect_url(context.request):
            reset, query = reverse("account_reset_password"), urlencode({REDIRECT_FIELD_NAME: onwards})
            field = self.fields["password"]
            field.help_text = mark_safe(str(field.help_text).replace(f'"{reset}"', f'"{reset}?{query}"'))  # noqa: S308


class PasswordChangeForm(ChangePasswordForm):  # type: ignore[misc]
    def clean_oldpassword(self) -> str:
        password = cast(str, self.cleaned_data["oldpassword"])
        if not is_own_password(context.request, self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class _LimitedCode:
    user: User
    cleaned_data: dict[str, str]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        self.authenticator = authenticator_of_code(context.request, self.user, code)
        if self.authenticator is None:
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_LimitedCode, AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticationCodeForm(_LimitedCode, ReauthenticateForm):  # type: ignore[misc]
    pass


class PasswordResetForm(ResetPasswordForm):  # type: ignore[misc]
    # Whatever was typed gets the same answer: also what is no address. Browsers help with the form of it.
    email = forms.CharField(label=_("Email"), max_length=1000, widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        """Return what was typed. Nobody is looked up here."""
        return cast(str, self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **_options: Any) -> str:
        """Ask for the mail with the link; return the address."""
        email = cast(str, self.cleaned_data["email"])
        keep_way_back(request)
        ask_for_reset(request, email)
        return email


class ResetLinkForm(UserTokenForm):  # type: ignore[misc]
    def _get_user(self, uidb36: str) -> User | None:
        """Return the account that a link is for, unless it was closed since."""
        user: User | None = super()._get_user(uidb36)
        return user if user is not None and user.is_active else None


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """Choosing a password by a link; whoever chooses the first one says their name too."""

    user: User

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.is_first = bool(self.user) and not self.user.has_usable_password()
        if self.is_first:
            widget = forms.TextInput(attrs={"autocomplete": "name"})
            self.fields["name"] = forms.CharField(
                label=_("Your name"), max_length=200, required=not self.user.name, widget=widget
            )
            self.fields["password1"].label, self.fields["password2"].label = _("Password"), _("Password (again)")
            self.initial["name"] = self.user.name
            for key in ("password1", "password2"):
                self.fields[key].widget.attrs.pop("placeholder", None)
            self.order_fields(["name"])

    def clean_name(self) -> str:
        """Return the name, without needless spaces. A national number is none."""
        name = " ".join(cast(str, self.cleaned_data["name"]).split()) or self.user.name
        if masked_name(name) != name:
            raise forms.ValidationError(_("Type your name here: a national number is kept nowhere but with customers."))
        return name

    def save(self) -> None:
        """Save the new password. Raises LinkUsed: a link works once, also for two requests at the same moment."""
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=self.user.pk)
            if not user.is_active or not default_token_generator.check_token(user, self.temp_key):
                raise LinkUsed
            self.user = user
            if self.is_first:
                user.name = self.cleaned_data["name"]
            super().save()
