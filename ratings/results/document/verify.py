"""Whether the file of a seal is what was sealed, and its ratings what the evidence gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from inspections.framework import Edition, EditionError, UnknownEdition, load_edition
from ratings.engine import ENGINE_VERSION, DiscretionError, EvidenceError
from ratings.national.replay.place import NotValid, Value, shown
from ratings.results.document.canonical import Json, NotCanonical, digest, read_canonical
from ratings.results.document.contents import (
    SCHEMA,
    WITHDRAWN,
    counts_of,
    outcome_of,
    read_evidence,
    state_of,
)
from ratings.results.document.file import END, digests_of_parts

ENVELOPE = ("document", "parts", "sha256")
SHA256 = re.compile("[0-9a-f]{64}")


@dataclass
class Verification:
    """What a verification found.

    ``sha256`` is the digest of the document as it lies in the file. ``differences`` name
    what is not as it was sealed or not what the evidence gives, each with its place;
    ``notes`` tell what a reader should know and is no difference.
    """

    sha256: str
    service: str = ""
    number: int = 0
    score: int | None = None
    overall: str | None = None
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.differences


def verify(raw: bytes, source: str, expected_sha256: str | None = None) -> Verification:
    """Verify the file ``source`` whose bytes are ``raw``, without any database.

    ``expected_sha256`` is the digest as known from elsewhere, such as from the page of
    the result. Raises ``NotCanonical`` and ``NotValid`` for what is no file of a seal.
    """
    if not raw.endswith(END):
        raise NotCanonical(f"byte {len(raw) + 1}: expected a line feed at the end")
    envelope = Value(source, "", read_canonical(raw.removesuffix(END)))
    if sorted(envelope.members()) != sorted(ENVELOPE):
        envelope.refuse(f"expected {', '.join(ENVELOPE)} and nothing else")
    contents = _json(envelope.members()["document"])
    document = Value(source, "", contents)
    found = Verification(sha256=digest(contents))
    stated = envelope.members()["sha256"].raw
    if stated != found.sha256:
        found.differences.append(
            f"sha256: the file states {_digest(stated)}, its document has {found.sha256}"
        )
    if expected_sha256 is not None and expected_sha256 != found.sha256:
        found.differences.append(
            f"sha256: expected {expected_sha256}, the document has {found.sha256}"
        )
    found.differences += _changed_parts(contents, envelope.members()["parts"])
    try:
        _verify_document(document, found)
    except NotValid as error:
        if found.holds:
            raise
        # What doesn't fit the digest may well be unreadable too.
        found.differences.append(f"{error.place}: {error.expected}")
    return found


def _changed_parts(contents: Json, stated: Value) -> Iterator[str]:
    """The parts of the document that don't have the digest stated for them."""
    actual = digests_of_parts(contents)
    digests = {place: value.raw for place, value in stated.members().items()}
    for place in sorted(actual.keys() | digests.keys()):
        if place not in digests:
            yield f"{place}: this is not among the parts that were sealed"
        elif place not in actual:
            yield f"{place}: this was sealed and is not there"
        elif actual[place] != digests[place]:
            yield f"{place}: differs from what was sealed"


def _verify_document(document: Value, found: Verification) -> None:
    if document.get("schema", "a schema").raw != SCHEMA:
        document.get("schema", "").refuse(f'expected "{SCHEMA}"')
    result = document.get("result", "the result")
    inspection = result.get("inspection", "the inspection")
    found.service = inspection.get("service", "its service").text(longest=200)
    found.number = result.get("number", "the seal's number").whole_number(lowest=1, highest=None)
    agreed = digest(_json(result))
    agreements = list(document.get("agreements", "the agreements").items())
    parts = sorted(str(one.get("part", "whose it is").raw) for one in agreements)
    if parts != ["CHAIR", "LEAD_INSPECTOR"]:
        found.differences.append("agreements: expected the lead inspector's and the chair's")
    for one in agreements:
        if one.get("sha256", "a digest").raw != agreed:
            found.differences.append(
                f"{one.place}: agreed to another result, not to the one of digest {agreed}"
            )
    edition = _edition(result.get("edition", "the edition"), found)
    if edition is not None:
        _verify_ratings(result, edition, found)


def _edition(value: Value, found: Verification) -> Edition | None:
    code = value.get("code", "its code").text(longest=20)
    sealed = value.get("digest", "its digest").raw
    try:
        edition = load_edition(code)
    except (UnknownEdition, EditionError) as error:
        found.differences.append(f"{value.place} › code: {error}")
        return None
    if edition.digest != sealed:
        found.differences.append(
            f"{value.place} › digest: sealed {_digest(sealed)}, "
            f"this program's edition {code} has {edition.digest}"
        )
    return edition


def _verify_ratings(result: Value, edition: Edition, found: Verification) -> None:
    version = result.get("engine", "the engine").get("version", "its version")
    if version.whole_number(lowest=1, highest=None) != ENGINE_VERSION:
        found.notes.append(
            f"Sealed with version {version.raw} of the rating rules; "
            f"recomputed with version {ENGINE_VERSION}."
        )
    evidence = read_evidence(result)
    try:
        outcome = evidence.rate(edition)
    except (EvidenceError, DiscretionError) as error:
        found.differences.append(f"{result.place}: nothing can be rated from this: {error}")
        return
    found.score = outcome.score
    found.overall = None if outcome.overall is None else outcome.overall.label
    counts = result.get("evidence", "").get("counts", "")
    found.differences += _differences(_json(counts), counts_of(outcome), counts.place)
    sealed = result.get("outcome", "the outcome")
    found.differences += _differences(_json(sealed), outcome_of(outcome), sealed.place)
    decided = iter(evidence.decisions)
    for decision in result.get("decisions", "").items():
        state = decision.get("state", "")
        if state.raw != WITHDRAWN:
            recomputed = state_of(next(decided), outcome)
            found.differences += _differences(_json(state), recomputed, state.place)


def _differences(sealed: Json, recomputed: Json, place: str) -> Iterator[str]:
    """Each place where the sealed figures aren't the recomputed ones."""
    if isinstance(sealed, Mapping) and isinstance(recomputed, Mapping):
        for key in sorted(sealed.keys() | recomputed.keys()):
            below = f"{place} › {key}"
            if key not in recomputed:
                yield f"{below}: sealed, but nothing gives it"
            elif key not in sealed:
                yield f"{below}: recomputed {shown(recomputed[key])}, but it is not there"
            else:
                yield from _differences(sealed[key], recomputed[key], below)
    elif type(sealed) is not type(recomputed) or sealed != recomputed:
        yield f"{place}: sealed {_shown(sealed)}, recomputed {_shown(recomputed)}"


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return shown(value)


def _digest(raw: object) -> str:
    """A digest in full, since it is compared with others by eye."""
    return raw if isinstance(raw, str) and SHA256.fullmatch(raw) else shown(raw)


def _json(value: Value) -> Json:
    """What ``read_canonical`` has read is JSON."""
    raw: Json = value.raw  # type: ignore[assignment]
    return raw
