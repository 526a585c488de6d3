"""Accounts for people who are invited, and e-mails about them: the link to choose a password.

The link is that of a forgotten password: signed, for a limited time, and for one use, as it holds
for no other password than the one that the account had when the link was made (ADR 28).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from inspections.access.users import User

logger = logging.getLogger(__name__)


def account_for(*, email: str, name: str, **fields: Any) -> tuple[User, bool]:
    """The account with this address, and whether it was made now, with ``fields`` and without a
    password."""
    email = email.lower()
    try:
        with transaction.atomic():
            known = User.objects.filter(email=email).first()
            if known is not None:
                return known, False
            return User.objects.create_user(email, name=name, **fields), True
    except IntegrityError:
        # Somebody else invited them at the same moment.
        return User.objects.get(email=email), False


def send_link_after_commit(request: HttpRequest, *, to: User, by: User, about: str = "") -> None:
    """Send ``to`` the invitation once the account is kept, and say on the next page whether it
    left. ``about`` is what they are invited to, in words."""

    def send() -> None:
        if send_link(request, to=to, by=by, about=about):
            messages.success(request, f"An email with a link is on its way to {to.email}.")
        else:
            messages.error(
                request,
                f"The email to {to.email} could not be sent. Nothing is lost: the account is made. "
                "Send the link again later, or ask them to choose “I have forgotten my password” "
                "where one signs in.",
            )

    transaction.on_commit(send, robust=True)


def is_invited(person: User) -> bool:
    """Whether they have never been able to sign in; with an organisation's account they can
    without a password."""
    return not person.has_usable_password() and person.last_login is None


def send_link(request: HttpRequest, *, to: User, by: User, about: str = "") -> bool:
    """Send a link to choose a password now: an invitation to whoever never signed in. Returns
    whether the e-mail was handed to the mail server."""
    adapter = get_adapter(request)
    key = f"{user_pk_to_url_str(to)}-{default_token_generator.make_token(to)}"
    context = {
        "person": to,
        "by": by,
        "about": about,
        "link": adapter.get_reset_password_from_key_url(key),
        "ask_again": request.build_absolute_uri(reverse("account_reset_password")),
        "valid_until": timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    }
    return _send(request, "invitation" if is_invited(to) else "new_password", to.email, context)


def tell_after_commit(
    request: HttpRequest, what: str, *, of: User, by: User, to: str | None = None
) -> None:
    """Tell a person what an administrator did to their account, at ``to`` if that isn't its address
    any more."""
    email = to or of.email
    context = {"person": of, "by": by, "old": email}
    transaction.on_commit(lambda: _send(request, what, email, context), robust=True)


def _send(request: HttpRequest, name: str, email: str, context: dict[str, Any]) -> bool:
    context = context | {"service_name": settings.SERVICE_NAME}
    try:
        get_adapter(request).send_mail(f"inspections/email/{name}", email, context)
    except (SMTPException, OSError):
        logger.exception("An email could not be sent: %s.", name)
        return False
    return True
