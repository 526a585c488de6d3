"""Values that no page sends: as text, and as they stand encoded in an address."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import strategies as st

NUMBERS = [
    "0",
    "-1",
    "1",
    "32768",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    "-" + str(2**63 + 1),
    "9" * 40,
    "9" * 5_000,
    "1e400",
    "1.5",
    "NaN",
    "-Infinity",
    "0x10",
    "1_000",
    "+1",
    " 7 ",
    "٣",
    "²",
    "½",
]
TEXTS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "a\udfffb",
    "'",
    "'; DELETE FROM inspections_user; --",
    '"><script>',
    "{{ request }}",
    "%",
    "%s",
    "%(id)s",
    "\\",
    "\r\nSet-Cookie: a=b",
    "../../etc/passwd",
    "//elsewhere.example/",
    "javascript:1",
    "\u202e\u200b",
    "e\u0301\U0001f600",
    "x" * 10_000,
    "null",
    "true",
    "[]",
    "{}",
    "__all__",
    "a,b,,",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "31/12/99999",
    "24:60",
    "2026-03-02T10:00:00+99:99",
    "a@b",
    "00000000-0000-0000-0000-000000000000",
]
texts = st.one_of(st.sampled_from(NUMBERS), st.sampled_from(TEXTS), st.text(max_size=12))

NOT_ENCODED_WELL = ["%", "%zz", "%00", "%ff%fe", "%ED%A0%80", "%C0%AF", "%2e%2e%2f", "+", ";", "="]


def encoded(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


in_an_address = st.one_of(texts.map(encoded), st.sampled_from(NOT_ENCODED_WELL))
"""A value in a path or a query, or in a form that is sent as one."""
