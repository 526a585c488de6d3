"""Names of services and people: how they are cleaned, compared and sorted.

The database does both by expressions of its own functions, as the embedded PostgreSQL has no
language's collation, and so that every server sorts alike. Letters are made small by the
database's own rules: on a server of your own, choose UTF-8 with a locale other than C.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CheckConstraint, F, Func, Q, TextField, UniqueConstraint, Value
from django.db.models.lookups import Contains, Exact

INVISIBLE = "".join(
    map(
        chr,
        (
            *range(0x00AD, 0x00AE),  # soft hyphen
            *(0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x2800),
            *range(0x200B, 0x2010),  # no width, joiners, directions
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *range(0xFE00, 0xFE10),  # variants of the letter before
            *(0x3164, 0xFEFF, 0xFFA0),
        ),
    )
)
"""Characters that show nothing; those that look like a space are in ``SPACES``."""

SPACES = "".join(map(chr, (*range(0x01, 0x20), 0x7F, *range(0x80, 0xA1), 0x1680, 0x2028, 0x2029)))
"""Characters that are compared as a space, besides those that Unicode normalises to one."""

ALL_SPACES = SPACES + "".join(map(chr, (*range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
_CLEANED = str.maketrans(dict.fromkeys(INVISIBLE, "") | dict.fromkeys(ALL_SPACES, " "))


def clean_name(text: str) -> str:
    """A name as it is kept: without invisible characters, with single spaces between its words.

    Joiners go too: no letter of the names here needs one.
    """
    return " ".join(text.translate(_CLEANED).split())


_KEY = (
    "lower(btrim(regexp_replace(translate(translate("
    f"normalize(%(expressions)s, NFKC), '{INVISIBLE}', ''), '{SPACES}', '{' ' * len(SPACES)}'),"
    " ' +', ' ', 'g')))"
)

_LETTERS = {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
_LETTER = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "-": " ", "‐": " ", "–": " "}
_LEFT_OUT = "’ʼ‘`."


def _order() -> str:
    sql = rf"regexp_replace(normalize({_KEY}, NFKD), '[\u0300-\u036f]', '', 'g')"
    for letter, letters in _LETTERS.items():
        sql = f"replace({sql}, '{letter}', '{letters}')"
    # What has no counterpart in the second list is left out; '' is one apostrophe.
    return (
        f"translate({sql}, '{''.join(_LETTER)}{_LEFT_OUT}''', '{''.join(_LETTER.values())}')"
        ' COLLATE "C"'
    )


class NameKey(Func):
    """The same for names that differ only in case or in doubled or invisible spaces.

    Constraints rest on it: an expression that should differ needs a name of its own.
    """

    template = _KEY
    arity = 1
    output_field = TextField()


class NameOrder(Func):
    """Where a name stands in a list: small and capital letters together, each with its accents.

    Ágnes is among the names with A, Örn with O, van Dyke with V; O’Brien is sorted as OBrien.
    """

    template = _order()
    arity = 1
    output_field = TextField()


def same_name(field: str, name: str) -> Exact:
    """The condition that ``field`` is ``name``, whatever its case and spaces."""
    return Exact(NameKey(F(field)), NameKey(Value(name)))


def contains_name(field: str, text: str) -> Q:
    """The condition that ``field`` contains ``text``, whatever its case and spaces."""
    return Q(Contains(NameKey(F(field)), NameKey(Value(text))))


def name_once(constraint: str, field: str, words: str) -> UniqueConstraint:
    """No two rows have the same name; ``words`` say so."""
    return UniqueConstraint(NameKey(field), name=constraint, violation_error_message=words)


def is_a_name(constraint: str, field: str) -> CheckConstraint:
    """Something is seen of the name."""
    nothing: Any = Exact(NameKey(F(field)), Value(""))
    return CheckConstraint(condition=~nothing, name=constraint)
