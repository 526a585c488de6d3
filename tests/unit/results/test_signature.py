"""The signature of a seal, for who trusts a public key."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.framework import NotValid
from ratings.results.document import (
    KeyNotValid,
    NotCanonical,
    fingerprint,
    public_pem,
    read_private_key,
    read_public_key,
    seal_file,
    sign,
    verify,
)
from ratings.results.document.canonical import canonical
from tests.unit.results.sealed import document, private_pem, sealed

DOCUMENT = document()
KEY = read_private_key(private_pem())
PUBLIC = KEY.public_key()
SIGNATURE = sign(DOCUMENT, KEY)
FILE = seal_file(DOCUMENT, SIGNATURE.in_file)


def test_a_signed_seal_holds_for_who_has_the_key() -> None:
    found = verify(FILE, "seal.json", public_keys=[PUBLIC])
    assert found.holds, found.differences
    assert found.signature_checked
    assert found.signed_with == fingerprint(PUBLIC)


def test_without_a_key_a_signature_is_named_and_not_checked() -> None:
    found = verify(FILE, "seal.json")
    assert found.holds
    assert (found.signed_with, found.signature_checked) == (fingerprint(PUBLIC), False)


def test_a_signature_changes_nothing_else_of_the_file() -> None:
    signature = b',"signature":' + canonical(SIGNATURE.in_file)
    assert signature in FILE
    assert FILE.replace(signature, b"") == seal_file(DOCUMENT)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_change_of_any_one_byte_fails(at: int, flipped: int) -> None:
    raw = bytearray(FILE)
    raw[at] ^= flipped
    assert not holds(bytes(raw))


def holds(raw: bytes) -> bool:
    try:
        return verify(raw, "seal.json", public_keys=[PUBLIC]).holds
    except (NotCanonical, NotValid):
        return False


def test_every_text_that_can_be_forged_with_fresh_digests_is_found() -> None:
    result: dict[str, Any] = copy.deepcopy(DOCUMENT["result"])
    result["judgements"]["1.1"]["rationale"] = "Another reason"
    raw = seal_file(sealed(result), SIGNATURE.in_file)
    assert verify(raw, "seal.json").holds, "nothing else tells"
    assert verify(raw, "seal.json", public_keys=[PUBLIC]).differences == [
        f"signature › value: the key {fingerprint(PUBLIC)} didn't sign this document"
    ]


@pytest.mark.parametrize("key", [None, {}, "x", {"key": "x", "value": "y"}])
def test_what_is_no_signature_is_refused(key: Any) -> None:
    raw = canonical({**read(seal_file(DOCUMENT)), "signature": key}) + b"\n"
    with pytest.raises(NotValid, match="signature"):
        verify(raw, "seal.json")


def read(raw: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(raw)
    return value


def test_an_unsigned_seal_holds_without_a_key_and_fails_with_one() -> None:
    unsigned = seal_file(DOCUMENT)
    found = verify(unsigned, "seal.json")
    assert found.holds
    assert found.signed_with == ""
    (difference,) = verify(unsigned, "seal.json", public_keys=[PUBLIC]).differences
    assert difference.startswith("signature: there is none, and a public key was given.")


def test_a_key_is_read_from_its_file_or_the_line_in_it() -> None:
    pem = public_pem(PUBLIC)
    for text in (pem, pem.splitlines()[1], f" {pem}\n"):
        assert fingerprint(read_public_key(text)) == fingerprint(PUBLIC)
    private = private_pem()
    for text in (private, private.splitlines()[1], private.replace("\n", "\r\n")):
        assert fingerprint(read_private_key(text).public_key()) == fingerprint(PUBLIC)


def test_what_is_no_key_of_ed25519_is_refused() -> None:
    other = Ed448PrivateKey.generate()
    for text in (
        "",
        "é",
        "AAAA",
        public_pem(PUBLIC),
        other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        KEY.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"password")
        ).decode(),
    ):
        with pytest.raises(KeyNotValid, match="expected a private key of Ed25519"):
            read_private_key(text)
    for text in ("", "AAAA", private_pem()):
        with pytest.raises(KeyNotValid, match="expected a public key of Ed25519"):
            read_public_key(text)
