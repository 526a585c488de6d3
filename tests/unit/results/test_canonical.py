"""Canonical JSON has exactly one text for each value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.results.document import NotCanonical, canonical, digest, read_canonical

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_what_is_written_reads_back_as_it_was(value: Any) -> None:
    assert read_canonical(canonical(value)) == value


@given(values, st.data())
def test_no_other_bytes_have_the_same_value(value: Any, data: st.DataObject) -> None:
    raw = bytearray(canonical(value))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        other = read_canonical(bytes(raw))
    except NotCanonical:
        return
    assert canonical(other) != canonical(value)
    assert digest(other) != digest(value)


def test_names_are_sorted_and_there_is_no_whitespace() -> None:
    assert canonical({"b": [1, None], "a": "é\n"}) == '{"a":"é\\n","b":[1,null]}'.encode()


@pytest.mark.parametrize("value", [1.5, [1.0], {"a": {1, 2}}, {1: "a"}, b"bytes"])
def test_what_rounds_or_has_no_one_form_is_not_written(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"a":1,"a":1}', "'a' is there twice"),
        (b'{"b":1,"a":1}', "byte 3: this isn't how"),
        (b'{"a": 1}', "byte 6: this isn't how"),
        (b'"\\u00e9"', "byte 2: this isn't how"),
        (b'"a\\/b"', "byte 3: this isn't how"),
        (b"1.0", "whole numbers alone"),
        (b"1e2", "whole numbers alone"),
        (b"NaN", "whole numbers alone"),
        (b"-0", "byte 1: this isn't how"),
        (b'{"a":1', "byte 7: expected JSON"),
        (b'"\xff"', "byte 2: expected text in UTF-8"),
        (b'\xef\xbb\xbf"a"', "byte 1: expected JSON"),
        (b'"\\ud800"', "of a sensible kind"),
        (b"9" * 5000, "of a sensible kind"),
        (b"[" * 100_000, "not nested so deeply"),
        (b"1\n", "byte 2: this isn't how"),
        (b"", "byte 1: expected JSON"),
    ],
)
def test_any_other_form_is_refused_with_its_position(raw: bytes, words: str) -> None:
    with pytest.raises(NotCanonical, match=words):
        read_canonical(raw)
