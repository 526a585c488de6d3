"""Workbooks for these tests: XLSX by openpyxl or part by part, ODS by hand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from html import escape

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Value = str | float | bool | date | datetime | None

Parts = Mapping[str, str] | Mapping[str, bytes] | Iterable[tuple[str, str | bytes]]
"""The parts of a workbook by name."""

SHEET = "xl/worksheets/sheet1.xml"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(*rows: Sequence[Value], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook of one sheet, Cases, which ``change`` may change before it is saved."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Cases"
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    return saved(book)


def shared_xlsx(*rows: Sequence[Value], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """The same with its texts in the table of shared strings, as Excel saves them."""
    parts = unzipped(xlsx(*rows, change=change))
    texts: dict[bytes, int] = {}

    def number(found: re.Match[bytes]) -> bytes:
        place = texts.setdefault(found[1], len(texts))
        return b't="s"><v>%d</v></c>' % place

    inline = rb't="inlineStr"><is>(.*?)</is></c>'
    parts[SHEET] = re.sub(inline, number, parts[SHEET])
    strings = b"".join(b"<si>%s</si>" % text for text in texts)
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats'
        b'.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    )
    return zipped(parts | {"xl/sharedStrings.xml": b"<sst>%s</sst>" % strings})


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def zipped(
    parts: Mapping[str, str] | Mapping[str, bytes] | Iterable[tuple[str, str | bytes]],
) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items() if isinstance(parts, Mapping) else parts:
            file.writestr(name, part)
    return content.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed."""
    parts = unzipped(content)
    parts[name] = change(parts[name])
    return zipped(parts)


def ods(*rows: Sequence[Value], table: str | None = None, **parts: str) -> bytes:
    """A workbook of one table; ``table`` are its rows as XML in place of ``rows``."""
    xml = table if table is not None else "".join(map(ods_row, rows))
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        "<office:body><office:spreadsheet>"
        f'<table:table table:name="Cases">{xml}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": ODS_TYPE,
            "content.xml": content,
            "META-INF/manifest.xml": "<manifest/>",
        }
        | parts
    )


def ods_row(row: Sequence[Value]) -> str:
    return f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>"


def ods_cell(value: Value, **attributes: str) -> str:
    others = "".join(
        f' table:{name.replace("_", "-")}="{text}"' for name, text in attributes.items()
    )
    if value is None:
        return f"<table:table-cell{others}/>"
    if isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return (
        f"<table:table-cell {kind}{others}><text:p>{escape(str(value))}</text:p></table:table-cell>"
    )
