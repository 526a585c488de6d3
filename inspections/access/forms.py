"""allauth's forms with this service's labels and error messages."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms

EMAIL = "Enter the email address of your account"
PASSWORD = "Enter your password"


class RelabelledForm(forms.Form):
    """Removes allauth's placeholders and help texts; sets our labels and error messages.

    ``words`` gives for each field its label and the message for an empty field.
    """

    words: dict[str, tuple[str, str]]

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        for name, (label, when_empty) in self.words.items():
            field = self.fields[name]
            field.label = label
            field.help_text = ""
            field.error_messages["required"] = when_empty
            field.widget.attrs.pop("placeholder", None)


class SignInForm(RelabelledForm, allauth_forms.LoginForm):
    words = {"login": ("Email address", EMAIL), "password": ("Password", PASSWORD)}


class ReauthenticateForm(RelabelledForm, allauth_forms.ReauthenticateForm):
    words = {"password": ("Password", PASSWORD)}


class ResetPasswordForm(RelabelledForm, allauth_forms.ResetPasswordForm):
    words = {"email": ("Email address", EMAIL)}


class ChangePasswordForm(RelabelledForm, allauth_forms.ChangePasswordForm):
    words = {
        "oldpassword": ("Current password", "Enter your current password"),
        "password1": ("New password", "Enter a new password"),
        "password2": ("New password again", "Enter the new password again"),
    }


class ChooseNewPasswordForm(RelabelledForm, allauth_forms.ResetPasswordKeyForm):
    words = {
        "password1": ("Password", "Enter a password"),
        "password2": ("Password again", "Enter the password again"),
    }

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["password1"].help_text = "At least 12 characters, and not a common password"


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["name"].label = "Name, such as the device that keeps it"
        self.fields["passwordless"].label = "Sign me in with this passkey alone, without a password"
        self.fields[
            "passwordless"
        ].help_text = (
            "A passkey that signs you in alone asks for your fingerprint, your face or a PIN."
        )
