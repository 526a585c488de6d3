"""Records what people do to get in, from Django's and allauth's signals.

Nothing that was typed is kept. Whoever tries an address without an account may have typed a
password into the wrong field, and an address that is somebody's own elsewhere (ADR 37).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from inspections.access.sign_in_records import SignInRecord
from inspections.access.users import User

Kind = SignInRecord.Kind

ONCE_IN = {Kind.REFUSED: timedelta(minutes=1), Kind.TOO_MANY: timedelta(minutes=5)}
"""Strangers can send these without end: of an address without an account, and of an account that
has to wait, one is recorded in this time for each address of the network. Each refusal of an
account is recorded; those are five in five minutes from an address."""


def record(
    kind: Kind, request: HttpRequest | None, user: Any = None, *, of: User | None = None
) -> None:
    """Record ``kind`` as done by ``user``, or with the account ``user``; nobody if none is
    known."""
    client = _client_address(request)
    known = user if isinstance(user, User) else None
    is_bounded = kind == Kind.TOO_MANY or (kind == Kind.REFUSED and known is None)
    same = SignInRecord.objects.filter(kind=kind, user=known, client_address=client)
    if is_bounded and same.within(ONCE_IN[kind]).exists():
        return
    SignInRecord.objects.create(kind=kind, user=known, of=of, client_address=client)


def _client_address(request: HttpRequest | None) -> str | None:
    """As many proxies away as settings trust; none for what no request did."""
    if request is None or "REMOTE_ADDR" not in request.META:
        return None
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return address


def account_of(credentials: Mapping[str, Any]) -> User | None:
    """Whose account the address that was typed is."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    # PostgreSQL takes no NUL, and no account has one.
    return User.objects.filter(email=typed.strip().lower().replace("\x00", "")).first()


def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    record(Kind.SIGNED_IN, request, user)


def refused(credentials: Mapping[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A wrong password, an address without an account, or a closed account."""
    who = getattr(request, "user", None)
    if who is not None and who.is_authenticated:
        record(Kind.PASSWORD_REFUSED, request, who)
    else:
        record(Kind.REFUSED, request, account_of(credentials))


def signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record(Kind.SIGNED_OUT, request, user)


def password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    record(Kind.PASSWORD_CHANGED, request, user)


def password_chosen(request: HttpRequest, user: User, **_: Any) -> None:
    record(Kind.PASSWORD_CHOSEN, request, user)


def step_added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    record(Kind.CODES_MADE if _are_codes(authenticator) else Kind.STEP_ADDED, request, user)


def step_removed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    """Recovery codes stand in for a step, and go with it."""
    if not _are_codes(authenticator):
        record(Kind.STEP_REMOVED, request, user)


def _are_codes(authenticator: Any) -> bool:
    return bool(authenticator.type == authenticator.Type.RECOVERY_CODES)


def codes_made(request: HttpRequest, user: User, **_: Any) -> None:
    record(Kind.CODES_MADE, request, user)


def step_refused(request: HttpRequest, user: User, **_: Any) -> None:
    record(Kind.STEP_REFUSED, request, user)


def connect() -> None:
    """Listen to the signals, once."""
    from allauth.account import signals as account
    from allauth.mfa import signals as mfa
    from django.contrib.auth import signals as auth

    auth.user_logged_in.connect(signed_in)
    auth.user_login_failed.connect(refused)
    auth.user_logged_out.connect(signed_out)
    account.password_changed.connect(password_changed)
    account.password_set.connect(password_changed)
    account.password_reset.connect(password_chosen)
    mfa.authenticator_added.connect(step_added)
    mfa.authenticator_removed.connect(step_removed)
    mfa.authenticator_reset.connect(codes_made)
    mfa.authentication_failed.connect(step_refused)
