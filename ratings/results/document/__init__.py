"""The document of a sealed result: its canonical form, its contents and their verification.

No database, settings or clock are used: a seal can be verified with the program alone, years
later.
"""

from ratings.results.document.canonical import (
    NotCanonical,
    canonical,
    digest,
    read_canonical,
    seal_file,
)
from ratings.results.document.contents import SCHEMA, counts_of, outcome_of
from ratings.results.document.signature import (
    KeyNotValid,
    Signature,
    fingerprint,
    public_pem,
    read_private_key,
    read_public_key,
    sign,
)
from ratings.results.document.verify import Verification, sealed_outcome, verify

__all__ = [
    "SCHEMA",
    "KeyNotValid",
    "NotCanonical",
    "Signature",
    "Verification",
    "canonical",
    "counts_of",
    "digest",
    "fingerprint",
    "outcome_of",
    "public_pem",
    "read_canonical",
    "read_private_key",
    "read_public_key",
    "seal_file",
    "sealed_outcome",
    "sign",
    "verify",
]
