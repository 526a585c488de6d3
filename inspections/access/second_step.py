"""The second step that settings require of people when they sign in: ``SECOND_STEP_FOR``.

allauth has the step itself (an authenticator app, recovery codes). Who must have one and hasn't is
noted in the session at sign-in, so that no request asks the database; until they have set it up
they get no further than the pages of their own account (``config.middleware.SecondStepFirst``).
"""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from inspections.access.permissions import ADMINISTRATOR
from inspections.access.users import User

EVERYBODY = "EVERYBODY"
MISSING = "second_step_missing"
"""The session has it while its person must set up a second step."""

STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""Recovery codes only stand in for one of these."""


def is_required_of(user: User) -> bool:
    """Whether settings require it of one of the roles that ``user`` has in any inspection."""
    required = set(settings.SECOND_STEP_FOR)
    if not required or EVERYBODY in required:
        return bool(required)
    roles = {*user.memberships.values_list("role", flat=True)}
    if user.is_staff:
        roles.add(ADMINISTRATOR)
    return not required.isdisjoint(roles)


def note_what_is_missing(
    request: HttpRequest, user: User, sociallogin: SocialLogin | None = None, **_: Any
) -> None:
    """On signing in. An organisation's own sign-in (``sociallogin``) has the second steps that it
    asks for."""
    if not sociallogin and is_required_of(user) and not is_mfa_enabled(user, STEPS):
        request.session[MISSING] = True


def note_that_it_is_there(request: HttpRequest, **_: Any) -> None:
    request.session.pop(MISSING, None)


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Your role needs a second step when you sign in. If you "
        "have another phone, ask an administrator to reset it",
        "incorrect_code": "That code or passkey is not accepted. Try again",
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What the form to add a passkey suggests."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = cast(User, authenticator.user)
        steps = Authenticator.objects.filter(user=user, type__in=STEPS)
        return steps.exclude(pk=authenticator.pk).exists() or not is_required_of(user)
