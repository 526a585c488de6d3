"""Adapts allauth to this service: an administrator makes accounts, nobody signs up."""

from ipaddress import ip_address, ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from inspections.access.devices import SIGNED_OUT
from inspections.access.sign_ins import Kind, account_of, record


class AccountAdapter(DefaultAccountAdapter):
    error_messages: dict[str, Any] = DefaultAccountAdapter.error_messages | {
        # The same sentence for a wrong address and a wrong password, so it discloses neither.
        "email_password_mismatch": "That email address and password do not match an account",
        "too_many_login_attempts": "Too many attempts to sign in. Wait 5 minutes and try again",
        "rate_limited": "Too many attempts. Wait 5 minutes and try again",
        "enter_current_password": "Enter your current password",
        "incorrect_password": "That is not your current password",
    }

    def logout(self, request: HttpRequest) -> None:
        """As its parent, and remember who it was: the next page removes what the device keeps of
        them, also where no script ran before (``static/recording/device.js``)."""
        person = request.user.pk
        super().logout(request)
        request.session[SIGNED_OUT] = person

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted for an account from an address of the network: whoever
        guesses elsewhere keeps its owner out of nothing.

        allauth's own key has the host that the browser names in place of that address, and
        another port would begin another count.
        """
        key = self._attempts(request, credentials.get("email", ""))
        if not ratelimit.consume(request, action=ATTEMPTS, key=key):
            record(Kind.TOO_MANY, request, account_of(credentials))
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        if user is not None:
            key = self._attempts(request, credentials.get("email", ""))
            ratelimit.clear(request, action=ATTEMPTS, key=key)
        return user

    def set_password(self, user: Any, password: str) -> None:
        super().set_password(user, password)
        key = self._attempts(self.request, user.email)
        ratelimit.clear(self.request, action=ATTEMPTS, key=key)

    def _attempts(self, request: HttpRequest, email: str) -> str:
        address = ip_address(self.get_client_ip(request))
        # One machine may use every address of such a network.
        network = ip_network((address, 64 if address.version == 6 else 32), strict=False)
        return f"{email.lower()} from {network}"


ATTEMPTS = "login_failed"
