"""Text as browsers send and count it."""

from __future__ import annotations

import unicodedata

UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
"""Unicode's categories of characters that show nothing by themselves."""


def shows_nothing(text: str) -> bool:
    """Whether ``text`` is only spaces and the like, such as spaces of no width."""
    return not text.isascii() and all(unicodedata.category(one) in UNSEEN for one in text)


def one_line_end(text: str) -> str:
    """``text`` with one character for the end of a line, as scripts send it; forms send two."""
    return text.replace("\r\n", "\n")


def typed_length(text: str) -> int:
    """How many characters a browser counts in ``text``: units of UTF-16, one for a line's end.

    An emoji counts two or more. PostgreSQL and Python count it as one, so what is short enough
    here is short enough for a column.
    """
    text = one_line_end(text)
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
