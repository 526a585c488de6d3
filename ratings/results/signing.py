"""The key with which this service signs seals, from the setting ``SEAL_SIGNING_KEY``."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from ratings.results.document import KeyNotValid, Signature, read_private_key, sign
from ratings.results.document.canonical import Json


def signing_key() -> Ed25519PrivateKey | None:
    """None if no key is set: seals are then unsigned. Raises ``ImproperlyConfigured``."""
    if not settings.SEAL_SIGNING_KEY:
        return None
    try:
        return read_private_key(settings.SEAL_SIGNING_KEY)
    except KeyNotValid as error:
        raise ImproperlyConfigured(
            f"SEAL_SIGNING_KEY names no file, or one without a key: {error}."
        ) from None


def sign_if_configured(document: Json) -> Signature | None:
    key = signing_key()
    return None if key is None else sign(document, key)


def check_signing_key(**_: Any) -> list[CheckMessage]:
    """A key that can't be read is reported when the service starts, not when a result is sealed."""
    try:
        signing_key()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="ratings.E001")]
    return []
