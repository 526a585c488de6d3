"""The signature of a seal: Ed25519 over the canonical document.

Whoever changes a file can write its digests anew, and needs the private key to sign it anew. Keys
are read as OpenSSL writes them: the PEM file, or the one line between its first and last. A key is
named by its fingerprint, the SHA-256 of the public key in DER.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from ratings.results.document.canonical import Json, canonical


class KeyNotValid(ValueError):
    """A text that is no key; the message says what was expected and never repeats the text."""


@dataclass(frozen=True)
class Signature:
    """``key`` is the fingerprint of the key, ``value`` the signature, both in hexadecimal."""

    key: str
    value: str

    @property
    def in_file(self) -> Json:
        return asdict(self)


def read_private_key(text: str) -> Ed25519PrivateKey:
    """Raises ``KeyNotValid``."""
    try:
        key = load_der_private_key(_der(text), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyNotValid(
            "expected a private key of Ed25519 without a password, "
            "as “openssl genpkey -algorithm ed25519” writes it"
        )
    return key


def read_public_key(text: str) -> Ed25519PublicKey:
    """Raises ``KeyNotValid``."""
    try:
        key = load_der_public_key(_der(text))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyNotValid(
            "expected a public key of Ed25519, as “manage.py seal_public_key” prints it"
        )
    return key


def public_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(key: Ed25519PublicKey) -> str:
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def sign(document: Json, key: Ed25519PrivateKey) -> Signature:
    return Signature(fingerprint(key.public_key()), key.sign(canonical(document)).hex())


def differences_of_signature(
    document: Json, signature: Signature | None, keys: Iterable[Ed25519PublicKey]
) -> Iterator[str]:
    """What is wrong with ``signature``, for who trusts ``keys``: it must be by one of them."""
    by_fingerprint = {fingerprint(key): key for key in keys}
    if signature is None:
        yield (
            "signature: there is none, and a public key was given. Only a seal made before seals "
            "were signed, or without a key, has none; such a seal is verified without a public key"
        )
    elif signature.key not in by_fingerprint:
        yield (
            f"signature › key: signed with the key {signature.key}, "
            f"the public key given is {' or '.join(by_fingerprint)}"
        )
    elif not _is_by(by_fingerprint[signature.key], document, signature.value):
        yield f"signature › value: the key {signature.key} didn't sign this document"


def _is_by(key: Ed25519PublicKey, document: Json, value: str) -> bool:
    try:
        key.verify(bytes.fromhex(value), canonical(document))
    except InvalidSignature:
        return False
    return True


def _der(text: str) -> bytes:
    """The key in DER. Raises ``ValueError``."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) > 1 and lines[0].startswith("-----BEGIN"):
        lines = lines[1:-1]
    return b64decode("".join(lines), validate=True)
