"""The file of a seal: the document, its digest, and the digest of each of its parts.

A file is one canonical JSON object and a line feed:
``{"document":…,"parts":{place:sha256},"sha256":…}``. The digest of the document is what
was sealed; those of its parts let a verification name the part that differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ratings.results.document.canonical import Json, canonical, digest

END = b"\n"


def seal_file(document: Json) -> bytes:
    """The bytes of the file of a sealed result's ``document``."""
    envelope = {
        "document": document,
        "parts": digests_of_parts(document),
        "sha256": digest(document),
    }
    return canonical(envelope) + END


def digests_of_parts(document: Json) -> dict[str, str]:
    return {place: digest(value) for place, value in parts(document)}


def parts(value: Json, depth: int = 4, place: str = "") -> Iterator[tuple[str, Json]]:
    """The document in parts, each with its place, such as ``result › judgements › 1.1``.

    A part is as large as a case's counts of one question or a decision's one text.
    """
    members: list[tuple[str, Json]]
    if isinstance(value, Mapping):
        members = list(value.items())
    elif isinstance(value, list | tuple):
        members = [(str(number), item) for number, item in enumerate(value, start=1)]
    else:
        members = []
    if not members or not depth:
        yield place, value
        return
    for key, member in members:
        yield from parts(member, depth - 1, f"{place} › {key}" if place else key)
