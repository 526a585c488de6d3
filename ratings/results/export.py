"""A seal as a file that can be verified without the database."""

from __future__ import annotations

from ratings.models import SealedResult
from ratings.results.document import read_canonical, seal_file


def file_of(sealed: SealedResult) -> bytes:
    """The bytes of the file; the same for ever."""
    return seal_file(read_canonical(sealed.document.encode()))


def file_name(sealed: SealedResult) -> str:
    """Such as ``sealed-result-17-1.json``: the inspection's number, then the seal's."""
    return f"sealed-result-{sealed.inspection_id}-{sealed.number}.json"
