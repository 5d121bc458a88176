"""allauth's forms in the service's words. What they check stays allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms

PASSWORD_HINT = "At least 12 characters. Three words you can remember work well. You may paste it."
# Name of the field: label, hint, what to say when it is empty.
WORDS = {
    "login": ("Email address", "", "Enter your email address"),
    "email": ("Email address", "", "Enter your email address"),
    "password": ("Password", "", "Enter your password"),
    "oldpassword": ("Your password now", "", "Enter the password you have now"),
    "password1": ("New password", PASSWORD_HINT, "Enter a new password"),
    "password2": ("The new password again", "", "Enter the new password again"),
    "code": ("Code", "", "Enter the code"),
}


class PlainWords(forms.Form):
    """Gives the fields their labels, hints and messages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint, empty) in WORDS.items():
            if name in self.fields:
                field = self.fields[name]
                field.label, field.help_text = label, hint
                field.error_messages["required"] = empty


class LoginForm(PlainWords, account_forms.LoginForm):
    pass


class SignupForm(PlainWords, account_forms.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Work email address"
        self.fields["email"].help_text = "Use your own address, not a shared mailbox such as office@"
        self.fields["password1"].label = "Choose a password"
        self.fields["password2"].label = "The password again"


class AddEmailForm(PlainWords, account_forms.AddEmailForm):
    pass


class ChangePasswordForm(PlainWords, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(PlainWords, account_forms.SetPasswordForm):
    pass


class ResetPasswordForm(PlainWords, account_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainWords, account_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(PlainWords, account_forms.ReauthenticateForm):
    pass


class RequestLoginCodeForm(PlainWords, account_forms.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(PlainWords, account_forms.ConfirmLoginCodeForm):
    pass


class AuthenticateForm(PlainWords, mfa_forms.AuthenticateForm):
    pass


class MfaReauthenticateForm(PlainWords, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(PlainWords, totp_forms.ActivateTOTPForm):
    pass
