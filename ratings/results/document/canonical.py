"""Canonical JSON: exactly one text for each value.

Names are sorted by code points, there is no whitespace between the parts, text is UTF-8 and
escaped only where JSON requires it, numbers are whole. Text is not normalised, so that what is
sealed is what was recorded. Two documents have the same bytes if and only if they are equal.

The file of a seal is one such object and a line feed:
``{"document":…,"parts":{path:sha256},"sha256":…}``. The digest of the document is what was
sealed; the digests of its parts allow a verification to name the part that differs. A signed seal
also has ``"signature":{"key":…,"value":…}`` (``ratings.results.document.signature``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""The values of a canonical document: no floats, which would round."""

END = b"\n"


class NotCanonical(ValueError):
    """Bytes that aren't a canonical JSON document; the message says where and why."""


def canonical(value: Json) -> bytes:
    """The canonical form of ``value``. Raises ``TypeError`` if it has none, such as a float."""
    _refuse_inexact(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest(value: Json) -> str:
    """The SHA-256 of ``value``'s canonical form, in lower-case hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def read_canonical(raw: bytes) -> Json:
    """The value whose canonical form ``raw`` is. Raises ``NotCanonical``."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise NotCanonical(f"byte {error.start + 1}: expected text in UTF-8") from error
    try:
        value: Json = json.loads(
            text, object_pairs_hook=_object, parse_float=_no_float, parse_constant=_no_float
        )
        again = canonical(value)
    except json.JSONDecodeError as error:
        position = len(text[: error.pos].encode()) + 1
        raise NotCanonical(f"byte {position}: expected JSON ({error.msg})") from error
    except RecursionError as error:
        raise NotCanonical("expected JSON that is not nested so deeply") from error
    except NotCanonical:
        raise
    except ValueError as error:
        # A lone half of a surrogate pair, or a whole number of thousands of digits.
        raise NotCanonical(f"expected text and numbers of a sensible kind ({error})") from error
    if again != raw:
        position = next(
            (at for at, pair in enumerate(zip(again, raw, strict=False)) if pair[0] != pair[1]),
            min(len(again), len(raw)),
        )
        raise NotCanonical(f"byte {position + 1}: this isn't how a sealed result is written")
    return value


def _refuse_inexact(value: Json) -> None:
    if value is None or isinstance(value, bool | int | str):
        return
    if isinstance(value, Mapping):
        for key, member in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a name in a canonical document is text, not {key!r}")
            _refuse_inexact(member)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_inexact(item)
    else:
        raise TypeError(f"a canonical document holds no {type(value).__name__}: {value!r}")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise NotCanonical(f"the name {twice!a} is there twice in one object")
    return found


def _no_float(number: str) -> Json:
    raise NotCanonical(f"expected whole numbers alone, not {number[:30]}")


def seal_file(document: Json, signature: Json = None) -> bytes:
    """The bytes of the file of a sealed result's ``document``, with its signature if it has one."""
    envelope = {
        "document": document,
        "parts": digests_of_parts(document),
        "sha256": digest(document),
    }
    if signature is not None:
        envelope["signature"] = signature
    return canonical(envelope) + END


def digests_of_parts(document: Json) -> dict[str, str]:
    return {path: digest(value) for path, value in parts(document)}


def parts(value: Json, depth: int = 4, path: str = "") -> Iterator[tuple[str, Json]]:
    """The document in parts, each with its path, such as ``result › judgements › 1.1``.

    A part is, for example, the counts of one question or one text of a decision.
    """
    members: list[tuple[str, Json]]
    if isinstance(value, Mapping):
        members = list(value.items())
    elif isinstance(value, list | tuple):
        members = [(str(number), item) for number, item in enumerate(value, start=1)]
    else:
        members = []
    if not members or not depth:
        yield path, value
        return
    for key, member in members:
        yield from parts(member, depth - 1, f"{path} › {key}" if path else key)
