"""Bodies of requests: forms whose fields were tampered with, files, and JSON of the wrong shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.integration.access.random_requests.values import encoded, in_an_address, texts

BOUNDARY = "between-the-parts"
URLENCODED = "application/x-www-form-urlencoded"

Body = tuple[str, bytes]
"""A content type and what is sent as it."""
Fields = Mapping[str, Sequence[str]]
"""What a form sends, by the names of its inputs; nothing stands for a file."""

counts = st.integers(0, 999)
"""The remainder counts, so that what is drawn doesn't depend on how much there is."""

# --- Forms

CHANGES = ["replace", "replace", "replace", "drop", "repeat", "rename", "add", "file"]

UNKNOWN_NAMES = ["unknown", "", "form_id", "id", "state", "role", "user", "by", "next", "version"]
FILE_NAMES = [
    "list.csv",
    "list.xlsx",
    "list.ods",
    "outbox.json",
    "",
    "..",
    "../../list.csv",
    "a\x00b.csv",
    "x" * 300 + ".csv",
    'a"; name="b',
    "\udcff.csv",
]
FILES = [
    b"",
    b"\x00",
    b"Case reference,Group\nC-1,court\n",
    b"\xef\xbb\xbfCase reference;Group\r\n\xff;\xfe\r\n",
    b"PK\x03\x04 no archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b'{"schema": "outbox/2", "user": 1, "saves": [null]}',
    b'{"schema": "outbox/1", "user": 99999999999999999999, "saves": [{"case": 1}]}',
    b"[" * 20_000,
    b"," * 20_000,
]

Change = tuple[str, int, str, str]
"""What is done to a form, to which of its inputs, with which value, and how that stands encoded."""

changes: st.SearchStrategy[list[Change]] = st.lists(
    st.tuples(st.sampled_from(CHANGES), counts, texts, in_an_address), max_size=3
)
files = st.tuples(st.sampled_from(FILE_NAMES), st.sampled_from(FILES))


def changed(fields: Fields, done: Sequence[Change]) -> list[tuple[str, str, str]]:
    """Names with their values, and with how these stand encoded."""
    pairs = [(name, one, encoded(one)) for name, values in fields.items() for one in values]
    for what, which, value, raw in done:
        if what == "add" or not pairs:
            pairs.append((UNKNOWN_NAMES[which % len(UNKNOWN_NAMES)], value, raw))
            continue
        at = which % len(pairs)
        name = pairs[at][0]
        if what in ("replace", "file"):
            pairs[at] = (name, value, raw)
        elif what == "repeat":
            pairs.insert(at, (name, value, raw))
        elif what == "rename":
            pairs[at] = (value[:50], *pairs[at][1:])
        else:
            del pairs[at]
    return pairs


@st.composite
def forms(draw: st.DrawFn, fields: Fields) -> Body:
    done = draw(changes)
    pairs = changed(fields, done)
    takes_files = [name for name, values in fields.items() if not values]
    attached = [(name, *draw(files)) for name in takes_files if draw(st.booleans())]
    attached += [
        (list(fields)[which % len(fields)], *draw(files))
        for what, which, *_ in done
        if what == "file"
    ]
    if not attached and draw(st.booleans()):
        body = "&".join(f"{encoded(name)}={raw}" for name, _, raw in pairs)
        charset = draw(st.sampled_from(["", "", "", "; charset=utf-16", "; charset=nonsense"]))
        return URLENCODED + charset, body.encode()
    parts = [(f'name="{name}"', value.encode(errors="surrogatepass")) for name, value, _ in pairs]
    parts += [
        (f'name="{name}"; filename="{called}"', content) for name, called, content in attached
    ]
    return _multipart(parts, draw(st.sampled_from(ENDS)))


ENDS = [f"\r\n--{BOUNDARY}--\r\n", f"\r\n--{BOUNDARY}--\r\n", f"\r\n--{BOUNDARY}", ""]


def _multipart(parts: Sequence[tuple[str, bytes]], end: str) -> Body:
    body = b"\r\n".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {called}\r\n\r\n".encode(
            errors="surrogatepass"
        )
        + content
        for called, content in parts
    )
    return f"multipart/form-data; boundary={BOUNDARY}", body + end.encode()


# --- JSON


@dataclass(frozen=True)
class Written:
    """A value of JSON as it is written, whether JSON has it or not."""

    text: str


JSON_VALUES = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e400",
    "NaN",
    "-Infinity",
    "[]",
    "{}",
    '""',
    '"\\ud800"',
    '"\\u0000"',
    '"a\\u0000b"',
    '"' + "x" * 11_000 + '"',
    str(2**31 - 1),
    str(2**63),
    "9" * 5_000,
    "[" * 2_000 + "]" * 2_000,
    '{"a": 1, "a": 2}',
    '["a", null]',
    '"0001-01-01T00:00:00+23:59"',
    '"9999-12-31T23:59:59-23:59"',
    '"YES"',
    '"comment"',
]
json_values = st.one_of(st.sampled_from(JSON_VALUES), texts.map(json.dumps)).map(Written)

NO_JSON = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"{",
    b"[" * 100_000,
    b'{"saves":' + b"[" * 5_000,
    b"9" * 10_000,
    b"\xef\xbb\xbf{}",
    '{"saves": []}'.encode("utf-16"),
    b'{"saves": [{}], "saves": null}',
]


def _written(value: Any) -> str:
    if isinstance(value, Written):
        return value.text
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(key)}: {_written(one)}" for key, one in value.items())
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps(value)


Place = tuple[Any, Any]
"""A list or an object, and the position or key in it."""


def _places(within: Any) -> Iterator[Place]:
    pairs = within.items() if isinstance(within, dict) else enumerate(within)
    for key, value in list(pairs):
        yield within, key
        if isinstance(value, dict | list):
            yield from _places(value)


JSON_KINDS = [*4 * ["application/json"], "text/plain", URLENCODED, "", "a/b; c"]
edits = st.lists(
    st.tuples(st.sampled_from(["replace", "replace", "drop", "repeat"]), counts, json_values),
    max_size=3,
)


@st.composite
def documents(draw: st.DrawFn, sample: Mapping[str, Any]) -> Body:
    kind = draw(st.sampled_from(JSON_KINDS))
    if draw(st.integers(0, 9)) == 9:
        return kind, draw(st.sampled_from(NO_JSON))
    document = json.loads(json.dumps(sample))
    for what, which, value in draw(edits):
        places = list(_places(document))
        if not places:
            break
        within, key = places[which % len(places)]
        if what == "replace":
            within[key] = value
        elif what == "drop":
            del within[key]
        elif isinstance(within, list):
            within.append(within[key])
        else:
            within["unknown"] = value
    return kind, _written(document).encode()
