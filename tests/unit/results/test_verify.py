"""The verification of a seal: its digests, and its ratings from its evidence."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.framework import NotValid
from ratings.results.document import NotCanonical, Verification, seal_file, verify
from ratings.results.document.canonical import canonical, digest, digests_of_parts
from tests.unit.results.sealed import document, sealed

DOCUMENT = document()
FILE = seal_file(DOCUMENT)


def test_a_seal_holds_as_it_was_sealed() -> None:
    found = verify(FILE, "seal.json", digest(DOCUMENT))
    assert found.holds
    assert found.notes == []
    assert (found.service, found.number) == ("Ashcombe", 1)
    assert found.overall == "Good"


def holds(raw: bytes) -> bool:
    try:
        return verify(raw, "seal.json").holds
    except (NotCanonical, NotValid):
        return False


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_change_of_any_one_byte_fails(path: int, flipped: int) -> None:
    raw = bytearray(FILE)
    raw[path] ^= flipped
    assert not holds(bytes(raw))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(FILE)), st.binary(min_size=1, max_size=1))
def test_a_byte_more_or_less_fails(path: int, more: bytes) -> None:
    assert not holds(FILE[:path] + more + FILE[path:])
    assert not holds(FILE[:path] + FILE[path + 1 :]) or path == len(FILE)


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        (b'"Ashcombe"', b'"Ashcombs"', "result › inspection › service"),
        (b'"Why"', b'"Who"', "result › judgements › 1.1 › rationale"),
        (b"in the round", b"in the sound", "result › decisions › 1 › reason"),
        ("Zoë".encode(), "Zoé".encode(), "result › hearings › 1 › lead_view"),
        (b'"area":""', b'"area":"x"', "result › inspection › area"),
        (b'"yes":13', b'"yes":12', "result › evidence › counts › 3.1.1"),
    ],
)
def test_differences_are_named_by_their_path(before: bytes, after: bytes, path: str) -> None:
    assert before in FILE
    found = verify(FILE.replace(before, after, 1), "seal.json")
    assert any(
        line.startswith(f"{path}: differs from what was sealed") for line in found.differences
    )
    assert any(line.startswith("sha256: the file states") for line in found.differences)


def forged(change: Callable[[dict[str, Any]], None]) -> Verification:
    """A file whose digests are all right and whose result was changed before."""
    result = copy.deepcopy(DOCUMENT["result"])
    change(result)
    return verify(seal_file(sealed(result)), "seal.json")


def test_ratings_are_recomputed_and_each_difference_is_named() -> None:
    def better(result: dict[str, Any]) -> None:
        result["outcome"]["standards"]["3.1"]["decided"] = "good"
        result["outcome"]["standards"]["3.1"]["key_questions"]["3.1.2"]["percent"] = 50
        result["outcome"]["score"] += 1

    score = DOCUMENT["result"]["outcome"]["score"]
    assert forged(better).differences == [
        f"result › outcome › score: sealed {score + 1}, recomputed {score}",
        "result › outcome › standards › 3.1 › decided: "
        'sealed "good", recomputed "requires_improvement"',
        "result › outcome › standards › 3.1 › key_questions › 3.1.2 › percent: "
        "sealed 50, recomputed 45",
    ]


def test_counts_that_were_changed_give_other_ratings() -> None:
    def count(result: dict[str, Any]) -> None:
        result["evidence"]["counts"]["3.1.2"] |= {"yes": 10, "no": 10}

    differences = forged(count).differences
    assert 'result › decisions › 1 › state: sealed "APPLIES", recomputed "STALE"' in differences
    assert any('3.1.2 › fraction: sealed "9/20", recomputed "1/2"' in one for one in differences)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r["edition"].update(code="2099"), "There is no edition '2099'"),
        (lambda r: r["edition"].update(digest="0" * 64), "this program's edition 2021 has"),
        (lambda r: r["evidence"]["counts"].pop("2.3.1"), "counts › 2.3.1: recomputed"),
        (lambda r: r["evidence"]["counts"]["2.3.1"].update(yes=99), "nothing can be rated"),
        (lambda r: r["decisions"][0].update(to="good"), "nothing can be rated"),
        (lambda r: r["judgements"].pop("1.1"), "outcome › missing: sealed none, recomputed 1.1"),
        (lambda r: r["outcome"].update(extra=1), "outcome › extra: sealed, but nothing gives it"),
    ],
)
def test_a_forged_result_fails_with_what_differs(
    change: Callable[[dict[str, Any]], None], words: str
) -> None:
    assert any(words in line for line in forged(change).differences)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.pop("evidence"),
        lambda r: r["evidence"]["inspected"].update(ELSEWHERE=1),
        lambda r: r["judgements"]["1.1"].update(rating="splendid"),
        lambda r: r["evidence"]["counts"]["2.1.1"].update(yes=-1),
        lambda r: r.update(number="1"),
    ],
)
def test_what_is_no_result_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(NotValid):
        forged(change)


def test_an_agreement_to_another_result_is_a_difference() -> None:
    other = copy.deepcopy(DOCUMENT)
    other["agreements"][1]["sha256"] = "0" * 64
    (difference,) = verify(seal_file(other), "seal.json").differences
    assert difference.startswith("agreements › 2: confirms another result")
    alone = copy.deepcopy(DOCUMENT)
    del alone["agreements"][0]
    assert verify(seal_file(alone), "seal.json").differences == [
        "agreements: expected the lead inspector's and the chair's"
    ]


def test_another_seal_is_detected_by_a_known_digest() -> None:
    found = verify(FILE, "seal.json", "0" * 64)
    assert found.differences == [
        f"sha256: expected {'0' * 64}, the document has {digest(DOCUMENT)}"
    ]


def test_digests_that_differ_are_shown_in_full() -> None:
    stated = digest(DOCUMENT)
    found = verify(FILE.replace(stated.encode(), b"0" * 64), "seal.json")
    assert f"sha256: the file states {'0' * 64}, its document has {stated}" in found.differences


def test_another_version_of_the_rules_is_noted_and_is_no_difference() -> None:
    found = forged(lambda result: result["engine"].update(version=2))
    assert found.holds
    assert found.notes == ["Sealed with version 2 of the rating rules; recomputed with version 1."]


def test_the_digests_of_parts_are_those_of_the_whole_document() -> None:
    parts = digests_of_parts(DOCUMENT)
    assert "sealed_at" in parts
    for extra in ({"other": "0" * 64}, {}):
        stated = {path: value for path, value in parts.items() if extra or path != "sealed_at"}
        envelope: dict[str, Any] = {
            "document": DOCUMENT,
            "parts": stated | extra,
            "sha256": digest(DOCUMENT),
        }
        found = verify(canonical(envelope) + b"\n", "seal.json")
        assert len(found.differences) == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "byte 1: expected a line feed at the end"),
        (b"{}\n", "seal.json: document: .*missing"),
        (b'{"document":{},"more":1,"parts":{},"sha256":""}\n', "more: .*document, parts, sha256"),
        (b"[]\n", "expected an object"),
        (FILE + b"\n", "this isn't how a sealed result is written"),
    ],
)
def test_what_is_no_seal_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises((NotCanonical, NotValid), match=words):
        verify(raw, "seal.json")
