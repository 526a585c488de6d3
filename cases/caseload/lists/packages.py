"""Reads zip files, as XLSX and ODS are, within bounds that no file can lift.

A small zip file can unpack to any size, and its directory can lie. So the sizes in the directory
are added up first, the members are unpacked piece by piece, and what calamine gets is a new zip
file, with only those members that were read and checked here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

from cases.caseload.lists.result import NotAList

MOST_UNPACKED = 200_000_000
"""How many bytes the members of a file may have together."""
MOST_MEMBERS = 2_000
_PIECE = 1 << 16
_PASSWORD = "The file has a password. Save it without one and load that."
_TOO_LARGE = (
    f"The file unpacks to more than {MOST_UNPACKED // 1_000_000} MB, which no list of cases needs. "
    "Copy the list alone into a new file, without empty formatted rows, and load that."
)
DAMAGED = (
    "The file is damaged or is no spreadsheet. Open it in a spreadsheet program, save it as XLSX "
    "again and load that."
)


@contextmanager
def nothing_but_words() -> Iterator[None]:
    """Whatever fails within becomes ``NotAList``: files from outside break readers in every way.

    Panics of calamine, which is written in Rust, are no ``Exception``.
    """
    try:
        yield
    except NotAList:
        raise
    except MemoryError:
        raise NotAList(_TOO_LARGE) from None
    except Exception:
        raise NotAList(DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise NotAList(DAMAGED) from None


class Package:
    """A zip file. Members are found by their names, whatever case. Raises ``NotAList``."""

    def __init__(self, content: bytes) -> None:
        # Before zipfile makes an object of each.
        if content.count(b"PK\x01\x02") > MOST_MEMBERS:
            raise NotAList(DAMAGED)
        with nothing_but_words():
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        members = self._zip.infolist()
        # Some programs write the folders of Windows.
        self._members = {
            member.filename.replace("\\", "/").casefold(): member for member in members
        }
        if len(self._members) < len(members):
            raise NotAList(DAMAGED)
        if any(member.flag_bits & 1 for member in members):
            raise NotAList(_PASSWORD)
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            raise NotAList(_TOO_LARGE)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._members

    def pieces(self, name: str) -> Iterator[bytes]:
        """The member, piece by piece. Its size in the directory is never exceeded: zipfile stops
        there, and finds by the checksum that the directory lied."""
        member = self._members.get(name.casefold())
        # The other ways to compress can't be unpacked within bounds.
        if member is None or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAList(DAMAGED)
        with nothing_but_words(), self._zip.open(member) as file:
            while piece := file.read(_PIECE):
                yield piece

    def read(self, name: str, longest: int) -> bytes:
        """The whole member, which may have ``longest`` bytes."""
        found = bytearray()
        for piece in self.pieces(name):
            found += piece
            if len(found) > longest:
                raise NotAList(DAMAGED)
        return bytes(found)


class NewPackage:
    """A zip file that is written member by member. ``content`` has it once it is left."""

    def __init__(self) -> None:
        self._file = io.BytesIO()
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> NewPackage:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, name: str, content: str) -> None:
        self._zip.writestr(name, content)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        with self._zip.open(name, "w") as file:
            for piece in pieces:
                file.write(piece)

    @property
    def content(self) -> bytes:
        return self._file.getvalue()


class XmlScan:
    """Follows an XML document that comes in pieces. Subclasses say what they look for.

    Names have their prefixes, as calamine takes them. A document type is refused: it can define
    text that grows without end. Only UTF-8 is read, as calamine reads nothing else.
    """

    def __init__(self) -> None:
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self.start
        self._parser.EndElementHandler = self.end

    def _parse(self, piece: bytes, is_last: bool) -> None:
        with nothing_but_words():
            self._parser.Parse(piece, is_last)

    def scan(self, document: bytes) -> None:
        """Follow a whole document."""
        self._parse(document, True)

    def follow(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Each of ``pieces`` once it was followed."""
        for piece in pieces:
            self._parse(piece, False)
            yield piece
        self._parse(b"", True)

    def _listen_to_ends(self, is_wanted: bool) -> None:
        """Whether ``end`` is called; it is unless this is called."""
        self._parser.EndElementHandler = self.end if is_wanted else None

    def listen(self, is_wanted: bool) -> None:
        """Whether ``text`` is called with the text between elements."""
        self._parser.CharacterDataHandler = self.text if is_wanted else None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element starts."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text, or a part of it."""

    def _refuse(self, *_: object) -> None:
        raise NotAList(DAMAGED)


def local(name: str) -> str:
    """The name of an element or attribute without its prefix."""
    return name.rpartition(":")[2]
