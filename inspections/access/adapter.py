"""Adapts allauth to this service: an administrator makes accounts, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    error_messages: dict[str, Any] = DefaultAccountAdapter.error_messages | {
        # The same sentence for a wrong address and a wrong password, so it discloses neither.
        "email_password_mismatch": "That email address and password do not match an account",
        "too_many_login_attempts": "Too many attempts to sign in. Wait 5 minutes and try again",
        "enter_current_password": "Enter your current password",
        "incorrect_password": "That is not your current password",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
