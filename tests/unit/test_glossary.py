"""Pages, messages and scripts use the terms of docs/glossary.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOWN = (
    ("templates", "*.html"),
    ("templates", "*.txt"),
    ("static", "*.js"),
    ("inspections", "*.py"),
    ("cases", "*.py"),
    ("ratings", "*.py"),
    ("config", "*.py"),
)
MADE = {"build", "migrations"}


def replaced() -> list[tuple[str, str]]:
    """Each word that pages don't use, with the term that they use instead."""
    rows = re.findall(
        r"^\| (.+?) \| .+? \| (.+?) \|$", (ROOT / "docs/glossary.md").read_text(), re.M
    )
    return [(word, term) for term, others in rows[1:] for word in others.split(", ")]


def texts() -> Iterator[tuple[Path, str]]:
    for folder, pattern in SHOWN:
        for path in sorted((ROOT / folder).rglob(pattern)):
            if not MADE & set(path.parts):
                yield path.relative_to(ROOT), " ".join(path.read_text("utf-8").lower().split())


@pytest.mark.parametrize(("word", "term"), replaced())
def test_no_page_uses_another_word(word: str, term: str) -> None:
    found = [str(path) for path, text in texts() if word in text]
    assert not found, f"Write “{term}” instead of “{word}”."


def test_the_words_are_found_where_they_stand() -> None:
    assert ("your part", "your role") in replaced()
    assert any("your role" in text for _, text in texts())
