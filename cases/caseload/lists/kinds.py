"""Which kind of file a list is, by what it holds and never by its name."""

from __future__ import annotations

from enum import Enum

from cases.caseload.lists.cells import clean
from cases.caseload.lists.result import NotAList

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""Begins old Office files, and newer ones with a password."""
_INSTEAD = "Save the list as CSV, XLSX or ODS and load that."
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3", "a database"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<meta", b"<?xml", b"<workbook")


class Kind(Enum):
    ZIP = "zip"
    """XLSX, ODS, or another of the many formats that are zip files."""
    TEXT = "text"


def kind_of(content: bytes, name: str) -> Kind:
    """The kind of file that ``content``, called ``name``, may be. Raises ``NotAList`` where it can
    be no list."""
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return Kind.ZIP
    if content.startswith(_OLE):
        raise NotAList(_words_for_ole(content))
    for start, what in _STARTS:
        if content.startswith(start):
            raise NotAList(f"“{clean(name)[:60]}” is {what}, by what it holds. {_INSTEAD}")
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_MARKUP):
        raise NotAList(
            "The file is a web page or XML, as some systems export in place of a spreadsheet. "
            f"Open it in a spreadsheet program. {_INSTEAD}"
        )
    return Kind.TEXT


def _words_for_ole(content: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return "The file has a password. Save it without one and load that."
    if holds("Workbook") or holds("Book"):
        return f"The file is an old Excel file (.xls). {_INSTEAD}"
    return f"The file is an old Office file that is no list. {_INSTEAD}"
