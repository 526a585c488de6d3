"""What the check of notes finds, and what it leaves alone."""

from __future__ import annotations

import time
import timeit
import tomllib
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.note_check import Kind, check_note, warnings_about
from inspections.note_check.names import known
from inspections.note_check.numbers import PNC_LETTERS, is_nhs_number, is_pnc_number

TODAY = date(2026, 11, 27)
HERE = Path(__file__).parent
ORDINARY = [
    line for line in (HERE / "ordinary_notes.txt").read_text().splitlines() if line[:1] != "#"
]
EXAMPLES: list[dict[str, Any]] = tomllib.loads((HERE / "examples.toml").read_text())["example"]


def kinds(note: str) -> set[Kind]:
    return {one.kind for one in check_note(note, TODAY)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["note"])
def test_it_finds_what_the_table_of_examples_says(example: dict[str, Any]) -> None:
    found: dict[str, list[str]] = {}
    for one in check_note(example["note"], TODAY):
        found.setdefault(one.kind.name, []).append(one.text)
    assert found == example["finds"]


@pytest.mark.parametrize("note", ORDINARY)
def test_an_ordinary_note_is_not_warned_of(note: str) -> None:
    assert check_note(note, TODAY) == []


def test_there_are_forty_ordinary_notes() -> None:
    assert len(set(ORDINARY)) >= 40


def test_ordinary_notes_in_a_row_are_not_warned_of_either() -> None:
    assert check_note(" ".join(ORDINARY), TODAY) == []
    assert check_note("\n".join(ORDINARY), TODAY) == []


# --- Words

FIRST = ["Jayden", "Emily", "Kyrese", "Zoë", "Aoife", "Mohammed", "Siân"]
LAST = ["Smith", "Okonkwo", "O’Brien", "Smith-Jones", "McDonald", "Kowalczyk"]


@given(first=st.sampled_from(FIRST), last=st.sampled_from(LAST), note=st.sampled_from(ORDINARY))
def test_a_name_is_found_wherever_it_stands_between_ordinary_notes(
    first: str, last: str, note: str
) -> None:
    for text in (
        f"{note} {first} {last} was seen.",
        f"{first} {last}: {note}",
        f"{note} We spoke to {first} {last}’s mother.",
    ):
        assert [one.text for one in check_note(text, TODAY)] == [f"{first} {last}"]


@given(st.sampled_from(sorted(known().words - known().given)), st.sampled_from(LAST[:2]))
def test_a_word_that_is_no_name_makes_none(word: str, last: str) -> None:
    assert check_note(f"seen with {word.capitalize()} {last} again", TODAY) == []


@given(st.sampled_from(sorted(known().bodies)))
def test_what_ends_in_the_word_for_a_body_is_no_name(body: str) -> None:
    assert Kind.NAME not in kinds(f"referred to Silver Birches {body.capitalize()} in time")


# --- Dates


@given(st.dates(date(1930, 1, 1), TODAY))
def test_a_date_after_born_is_a_date_of_birth_whatever_its_year(day: date) -> None:
    for text in (f"{day:%d/%m/%Y}", f"{day:%-d %B %Y}", f"{day:%Y-%m-%d}", f"{day:%b %-d, %Y}"):
        for said in ("born ", "Born on ", "DOB: ", "d.o.b. ", "date of birth is "):
            assert kinds(f"{said}{text}.") == {Kind.BIRTH}


@given(st.dates(date(1990, 1, 1), TODAY))
def test_any_other_date_is_one_if_it_makes_a_child_of_10_to_18(day: date) -> None:
    years = TODAY.year - day.year - ((TODAY.month, TODAY.day) < (day.month, day.day))
    expected = {Kind.BIRTH} if 10 <= years <= 18 else set()
    assert kinds(f"Seen on {day:%d/%m/%Y} at home.") == expected


@given(st.dates(TODAY - timedelta(days=9 * 365), TODAY))
def test_dates_of_recent_years_are_left_alone_however_they_are_written(day: date) -> None:
    for text in (f"{day:%d/%m/%y}", f"{day:%d.%m.%Y}", f"{day:%-d %b %Y}", f"{day:%Y-%m-%d}"):
        assert kinds(f"Seen on {text}.") == set()


# --- Numbers


@given(st.integers(0, 10**9 - 1))
def test_of_ten_digits_at_most_one_last_one_makes_an_nhs_number(digits: int) -> None:
    numbers = [f"{digits:09}{last}" for last in range(10)]
    assert sum(map(is_nhs_number, numbers)) <= 1


@given(st.integers(0, 99), st.integers(1, 9_999_999))
def test_one_letter_alone_makes_a_pnc_number(year: int, serial: int) -> None:
    right = [
        letter for letter in PNC_LETTERS if is_pnc_number(f"{year:02}", f"{serial:07}", letter)
    ]
    assert len(right) == 1
    assert kinds(f"PNC 20{year:02}/{serial:07}{right[0]}") == {Kind.NATIONAL_NUMBER}


@given(st.from_regex(r"07\d{3} ?\d{3} ?\d{3}|0[12]\d{2} \d{3} \d{4}", fullmatch=True))
def test_a_british_phone_number_is_found(number: str) -> None:
    if number.isascii():
        assert Kind.PHONE in kinds(f"Her number is {number}.")


# --- Any text


@given(st.text(max_size=300))
def test_what_is_found_stands_in_the_note_in_order_and_apart(note: str) -> None:
    found = check_note(note, TODAY)
    assert all(note[one.start : one.end] == one.text and one.text for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text("Aa1 .@/-+", max_size=400))
def test_no_text_of_its_own_characters_is_too_much_for_it(note: str) -> None:
    check_note(note, TODAY)


# --- Warnings


def test_a_warning_says_what_was_found_and_how_to_write_it_instead() -> None:
    [name, phone] = warnings_about("Jayden Smith (07700 900123)", TODAY)
    assert str(name) == (
        "“Jayden Smith” looks like a full name. Write initials, or who it is: the child, the "
        "child’s mother, the case manager."
    )
    assert phone.what == "“07700 900123” looks like a phone number."
    [birth] = warnings_about("born 3 May 2012", TODAY)
    assert birth.instead == "Write the age."


def test_a_warning_names_each_text_once_and_three_at_most() -> None:
    names = ["Amy Fox", "Bo Li", "Cy Poe", "Di Roe", "Ed Doe"]
    [warning] = warnings_about(f"{', '.join(names)}, Amy  Fox", TODAY)
    assert warning.what == "“Amy Fox”, “Bo Li”, “Cy Poe” and 2 more each look like a full name."


def test_a_note_without_anything_has_no_warning() -> None:
    assert warnings_about("", TODAY) == []


def test_a_thousand_characters_cost_far_less_than_a_millisecond() -> None:
    """Of processor time, the best of several rounds, as a busy machine's clock tells nothing."""
    note = " ".join(ORDINARY)[:1000]
    rounds = timeit.repeat(
        lambda: check_note(note, TODAY), number=20, repeat=10, timer=time.process_time
    )
    assert min(rounds) / 20 < 0.000_8


def test_a_long_note_of_one_kind_of_character_takes_no_longer_than_others() -> None:
    for character in ("A", "0", "a@", "0 ", "Aa ", "1/"):
        started = time.process_time()
        check_note(character * 10_000, TODAY)
        assert time.process_time() - started < 0.5, character
