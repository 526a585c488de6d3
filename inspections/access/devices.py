"""Whose copies a device keeps, as the service knows when nobody is signed in on it (ADR 11)."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from inspections.access.users import User

SIGNED_OUT = "signed_out"
"""Where a browser's session holds the number of whoever signed out in it last."""

_signer = Signer(salt="inspections.access.devices")


def owner_token(user: User) -> str:
    """What a device of ``user`` names them by, so that nobody can ask about others by number."""
    return _signer.sign(str(user.pk))


def owner_of(token: str) -> int | None:
    """The number of the person whom ``token`` names; ``None`` if it is none of ours."""
    try:
        return int(_signer.unsign(token))
    except BadSignature:
        return None
