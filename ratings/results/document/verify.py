"""Verifies that the file of a seal is unchanged and that its ratings follow from its evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field

from inspections.framework import Edition, Group, NotValid, UnknownEdition, load_edition
from inspections.framework.reading import Expected, OneLine, RatingKey, Section, by_key, read, shown
from ratings.engine import (
    ENGINE_VERSION,
    Discretion,
    DiscretionError,
    EvidenceError,
    Outcome,
    Tally,
    rate,
)
from ratings.results.document.canonical import (
    END,
    Json,
    NotCanonical,
    digest,
    digests_of_parts,
    read_canonical,
)
from ratings.results.document.contents import SCHEMA, WITHDRAWN, counts_of, outcome_of, state_of
from ratings.results.document.signature import Signature, differences_of_signature

SHA256 = re.compile("[0-9a-f]{64}")
MOST_CASES = 1_000_000

Code = Annotated[str, OneLine(20)]
Cases = Annotated[
    int, Field(ge=0, le=MOST_CASES), Expected(f"a whole number from 0 to {MOST_CASES}")
]
_A_GROUP = f"a group of cases, one of {', '.join(Group)}"
Number = Annotated[int, Field(ge=1), Expected("a whole number of 1 or more")]


class SealSignature(Section, extra="forbid"):
    key: Annotated[
        str, Field(pattern="^[0-9a-f]{64}$"), Expected("64 hexadecimal digits in lower case")
    ]
    value: Annotated[
        str, Field(pattern="^[0-9a-f]{128}$"), Expected("128 hexadecimal digits in lower case")
    ]


class Envelope(Section, extra="forbid"):
    document: dict[str, Any]
    parts: dict[str, Any]
    sha256: str


class SignedEnvelope(Envelope):
    signature: SealSignature


class SealedService(Section):
    service: Annotated[str, OneLine(200)]


class SealedEdition(Section):
    code: Code
    digest: str


class SealedEngine(Section):
    version: Number


class SealedCounts(Section):
    yes: Cases
    no: Cases
    not_applicable: Cases
    unanswered: Cases


class SealedCases(Section):
    inspected: dict[
        Annotated[Group, by_key({group.value: group for group in Group}), Expected(_A_GROUP)],
        Cases,
    ]
    counts: dict[str, SealedCounts]


class SealedJudgement(Section):
    rating: RatingKey


class SealedDecision(Section):
    standard: Code
    key_question: Code | None
    from_rating: RatingKey = Field(alias="from")
    to_rating: RatingKey = Field(alias="to")
    state: str

    @property
    def move(self) -> Discretion:
        return Discretion(self.standard, self.key_question, self.from_rating, self.to_rating)


class SealedResult(Section):
    number: Number
    inspection: SealedService
    edition: SealedEdition
    engine: SealedEngine
    evidence: SealedCases
    judgements: dict[str, SealedJudgement]
    decisions: list[SealedDecision]
    outcome: dict[str, Any]


class Agreement(Section):
    part: str
    sha256: str


class SealedDocument(Section):
    schema_name: Annotated[Literal["sealed-result/1"], Expected(f'"{SCHEMA}"')] = Field(
        alias="schema"
    )
    result: dict[str, Any]
    agreements: list[Agreement]


class RatedDocument(Section):
    """The parts of a document that are needed to rate it again."""

    result: SealedResult


@dataclass
class Verification:
    """What a verification found.

    ``sha256`` is the digest of the document in the file. ``differences`` name what was changed
    since the seal or doesn't follow from the evidence, each with its path; ``notes`` are other
    remarks for the reader. ``signed_with`` is the fingerprint of the key named by the file, empty
    for an unsigned seal; the signature is part of what holds if ``signature_checked``.
    """

    sha256: str
    signed_with: str = ""
    signature_checked: bool = False
    service: str = ""
    number: int = 0
    score: int | None = None
    overall: str | None = None
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.differences


def verify(
    raw: bytes,
    source: str,
    expected_sha256: str | None = None,
    public_keys: Collection[Ed25519PublicKey] = (),
) -> Verification:
    """Verify the file ``source`` whose bytes are ``raw``, without any database.

    ``expected_sha256`` is the digest as known from elsewhere, such as from the page of
    the result. With ``public_keys`` the file must be signed by one of them; without, a signature
    isn't checked, since a key named by the file alone proves nothing. Raises ``NotCanonical`` and
    ``NotValid`` if it is not the file of a seal.
    """
    if not raw.endswith(END):
        raise NotCanonical(f"byte {len(raw) + 1}: expected a line feed at the end")
    value = read_canonical(raw.removesuffix(END))
    is_signed = isinstance(value, Mapping) and "signature" in value
    envelope = read(SignedEnvelope if is_signed else Envelope, value, source)
    contents: Json = envelope.document
    found = Verification(sha256=digest(contents))
    signature = None
    if isinstance(envelope, SignedEnvelope):
        signature = Signature(envelope.signature.key, envelope.signature.value)
        found.signed_with = signature.key
    if public_keys:
        found.signature_checked = True
        found.differences += differences_of_signature(contents, signature, public_keys)
    if envelope.sha256 != found.sha256:
        found.differences.append(
            f"sha256: the file states {_digest(envelope.sha256)}, its document has {found.sha256}"
        )
    if expected_sha256 is not None and expected_sha256 != found.sha256:
        found.differences.append(
            f"sha256: expected {expected_sha256}, the document has {found.sha256}"
        )
    found.differences += _changed_parts(contents, envelope.parts)
    try:
        document = read(SealedDocument, contents, source)
        found.differences += _other_agreements(document)
        result = read(RatedDocument, contents, source).result
    except NotValid as error:
        if found.holds:
            raise
        # A changed document may be unreadable too.
        found.differences += (": ".join(fault) for fault in error.faults)
        return found
    found.service, found.number = result.inspection.service, result.number
    edition = _edition(result.edition, found)
    if edition is not None:
        _verify_ratings(result, document.result, edition, found)
    return found


def _changed_parts(contents: Json, stated: Mapping[str, object]) -> Iterator[str]:
    """The parts of the document that don't have the digest stated for them."""
    actual = digests_of_parts(contents)
    for path in sorted(actual.keys() | stated.keys()):
        if path not in stated:
            yield f"{path}: this is not among the parts that were sealed"
        elif path not in actual:
            yield f"{path}: this was sealed and is not there"
        elif actual[path] != stated[path]:
            yield f"{path}: differs from what was sealed"


def _other_agreements(document: SealedDocument) -> Iterator[str]:
    sealed = digest(document.result)
    if sorted(one.part for one in document.agreements) != ["CHAIR", "LEAD_INSPECTOR"]:
        yield "agreements: expected the lead inspector's and the chair's"
    for number, one in enumerate(document.agreements, start=1):
        if one.sha256 != sealed:
            expected = f"not the one of digest {sealed}"
            yield f"agreements › {number}: confirms another result, {expected}"


def _edition(sealed: SealedEdition, found: Verification) -> Edition | None:
    try:
        edition = load_edition(sealed.code)
    except (UnknownEdition, NotValid) as error:
        found.differences.append(f"result › edition › code: {error}")
        return None
    if edition.digest != sealed.digest:
        found.differences.append(
            f"result › edition › digest: sealed {_digest(sealed.digest)}, "
            f"this program's edition {sealed.code} has {edition.digest}"
        )
    return edition


def sealed_outcome(document: str) -> Outcome:
    """The outcome that a sealed document says, rated again from what is in it alone."""
    result = read(RatedDocument, read_canonical(document.encode()), "the sealed document").result
    return _rated(result, load_edition(result.edition.code))


def _decisions(result: SealedResult) -> list[tuple[int, SealedDecision]]:
    return [(at, one) for at, one in enumerate(result.decisions, 1) if one.state != WITHDRAWN]


def _rated(result: SealedResult, edition: Edition) -> Outcome:
    """Raises ``EvidenceError`` and ``DiscretionError``."""
    return rate(
        edition,
        {code: Tally(**dict(counts)) for code, counts in result.evidence.counts.items()},
        result.evidence.inspected,
        {code: judged.rating for code, judged in result.judgements.items()},
        [decision.move for _, decision in _decisions(result)],
    )


def _verify_ratings(
    result: SealedResult, written: Mapping[str, Any], edition: Edition, found: Verification
) -> None:
    """``written`` is the result as it is in the file."""
    if result.engine.version != ENGINE_VERSION:
        found.notes.append(
            f"Sealed with version {result.engine.version} of the rating rules; "
            f"recomputed with version {ENGINE_VERSION}."
        )
    try:
        outcome = _rated(result, edition)
    except (EvidenceError, DiscretionError) as error:
        found.differences.append(f"result: nothing can be rated from this: {error}")
        return
    found.score = outcome.score
    found.overall = None if outcome.overall is None else outcome.overall.label
    found.differences += _differences(
        written["evidence"]["counts"], counts_of(outcome), "result › evidence › counts"
    )
    found.differences += _differences(written["outcome"], outcome_of(outcome), "result › outcome")
    for number, decision in _decisions(result):
        path = f"result › decisions › {number} › state"
        found.differences += _differences(decision.state, state_of(decision.move, outcome), path)


def _differences(sealed: Json, recomputed: Json, path: str) -> Iterator[str]:
    """Each path where the sealed figures aren't the recomputed ones."""
    if isinstance(sealed, Mapping) and isinstance(recomputed, Mapping):
        for key in sorted(sealed.keys() | recomputed.keys()):
            below = f"{path} › {key}"
            if key not in recomputed:
                yield f"{below}: sealed, but nothing gives it"
            elif key not in sealed:
                yield f"{below}: recomputed {shown(recomputed[key])}, but it is not there"
            else:
                yield from _differences(sealed[key], recomputed[key], below)
    elif type(sealed) is not type(recomputed) or sealed != recomputed:
        yield f"{path}: sealed {_shown(sealed)}, recomputed {_shown(recomputed)}"


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return shown(value)


def _digest(raw: object) -> str:
    """A digest in full, since it is compared with others by eye."""
    return raw if isinstance(raw, str) and SHA256.fullmatch(raw) else shown(raw)
