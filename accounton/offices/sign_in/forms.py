"""allauth's forms, with our limits on what is tried in them."""

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from accounton.offices.models import User
from accounton.offices.sign_in.secrets import authenticator_of_code, is_own_password


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
