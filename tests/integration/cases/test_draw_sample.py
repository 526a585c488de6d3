"""``manage.py draw_sample``, as it is run: it draws from a file, and asks no database."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cases.caseload.draw import draw
from cases.caseload.lists import FIELDS
from cases.caseload.rows import CaseRow
from inspections.framework import Group
from tests.unit.caseload.caseloads import case, caseload

AS_OF = ("--as-of", "2021-09-13")


def write(path: Path, rows: Iterable[CaseRow]) -> str:
    """A list with the template's headings, as a service would fill it in."""
    words = {Group.COURT: "Court", Group.OUT_OF_COURT: "Out of court"}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(field.heading for field in FIELDS)
        for row in rows:
            values = {field.attribute: getattr(row, field.attribute) or "" for field in FIELDS}
            values["group"] = words.get(row.group, "Resettlement")
            for name in ("disposal_type", "gender", "serious_harm_level", "safety_level"):
                values[name] = values[name].replace("_", " ").capitalize()
            for name in ("disposal_date", "start_date", "release_date"):
                values[name] = f"{values[name]:%d/%m/%Y}" if values[name] else ""
            values["is_sensitive"] = "Yes" if row.is_sensitive else ""
            writer.writerow(values.values())
    return str(path)


def out_of_court(number: int) -> list[CaseRow]:
    return [
        case(
            1000 + place,
            group=Group.OUT_OF_COURT,
            disposal_type="YOUTH_CAUTION",
            disposal_date=date(2021, 5, 1),
        )
        for place in range(number)
    ]


def resettlement(number: int) -> list[CaseRow]:
    return [
        case(
            2000 + place,
            group=Group.RESETTLEMENT,
            disposal_type="LICENCE",
            disposal_date=date(2018, 1, 1),
            release_date=date(2021, 1, 1),
        )
        for place in range(number)
    ]


def run(*arguments: str) -> tuple[int, str, str]:
    """The exit code, and what was said on either stream."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("draw_sample", *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, out.getvalue(), err.getvalue()


def drawn(file: str, group: str = "court", seed: int = 7, *more: str) -> dict[str, Any]:
    code, out, err = run(file, "--group", group, *AS_OF, "--seed", str(seed), "--json", *more)
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.fixture
def file(tmp_path: Path) -> str:
    rows = [*caseload(51), *out_of_court(20), *resettlement(4)]
    return write(tmp_path / "list.csv", rows)


def test_it_prints_what_the_service_would_draw(file: str) -> None:
    expected = draw(caseload(51), size=40, seed=7)
    found = drawn(file)
    assert list(found) == [
        "eligible",
        "size",
        "seed",
        "selected",
        "reserves",
        "margins",
        "largest_difference",
    ]
    assert (found["eligible"], found["size"], found["seed"]) == (51, 40, 7)
    assert found["selected"] == [row.reference for row in expected.selected]
    assert found["reserves"] == [row.reference for row in expected.reserves]
    assert len(found["reserves"]) == 8
    assert found["largest_difference"] == float(expected.largest_difference)
    assert list(found["margins"]) == [
        "gender",
        "disposal_type",
        "risk_of_serious_harm",
        "safety_and_wellbeing",
    ]
    for counts in found["margins"].values():
        assert sum(count["population"] for count in counts.values()) == 51
        assert sum(count["sample"] for count in counts.values()) == 40
    assert {"female", "male"} <= set(found["margins"]["gender"])
    levels = {row.serious_harm_level.lower() or "not_classified" for row in caseload(51)}
    assert set(found["margins"]["risk_of_serious_harm"]) == levels


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_list(
    file: str, tmp_path: Path
) -> None:
    turned = write(
        tmp_path / "turned.csv", reversed([*caseload(51), *out_of_court(20), *resettlement(4)])
    )
    assert run(file, "--group", "court", *AS_OF, "--seed", "7", "--json") == run(
        turned, "--group", "court", *AS_OF, "--seed", "7", "--json"
    )
    assert drawn(file)["selected"] != drawn(file, seed=8)["selected"]


def test_without_a_size_each_group_takes_its_own(file: str) -> None:
    assert drawn(file)["size"] == 40
    # 40 of 51 court cases are sampled, so 15.7 of 20 out-of-court cases.
    assert drawn(file, "out_of_court")["size"] == 16
    assert (drawn(file, "resettlement")["size"], drawn(file, "resettlement")["reserves"]) == (4, [])


def test_a_size_is_taken_and_never_more_than_there_are(file: str) -> None:
    assert drawn(file, "court", 7, "--size", "12")["size"] == 12
    assert drawn(file, "court", 7, "--size", "99")["size"] == 51


def test_only_cases_that_are_eligible_on_the_day_are_drawn(tmp_path: Path) -> None:
    rows = [
        *caseload(10),
        case(11, disposal_date=date(2021, 5, 1)),
        case(12, is_sensitive=True),
        case(13, gender="UNKNOWN"),
        case(14, start_date=date(2021, 10, 1)),
        case(15, child_reference="K1"),
        case(16, child_reference="K1"),
    ]
    path = write(tmp_path / "list.csv", rows)
    assert drawn(path)["eligible"] == 11
    code, out, _ = run(path, "--group", "court", *AS_OF, "--seed", "7")
    assert code == 0
    assert "Court disposal: window 13 December 2020 to 13 March 2021: 11 eligible of 16" in out
    for words in (
        "1 left out: Out of the window",
        "1 left out: Sensitive",
        "1 left out: Gender or disposal type is not known",
        "1 left out: Not yet started",
        "1 left out: Another case of the same child is kept",
    ):
        assert words in out


def test_in_words_it_says_the_size_the_seed_the_shares_and_the_cases(file: str) -> None:
    code, out, err = run(file, "--group", "court", *AS_OF, "--seed", "7")
    assert (code, err) == (0, "")
    assert "Size 40: 80 per cent confidence, 5 points give 40 of 51 eligible cases." in out
    assert "Seed 7\n" in out
    expected = draw(caseload(51), size=40, seed=7)
    boys = expected.margins["gender"]["MALE"]
    assert f"{boys.population}, " in out and f"{boys.sample}, " in out
    assert "Largest difference: " in out
    assert f"Selected: {expected.selected[0].reference}, " in out
    assert f"In reserve: {expected.reserves[0].reference}, " in out


def test_a_group_without_a_case_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", caseload(5))
    code, out, _ = run(path, "--group", "resettlement", *AS_OF, "--seed", "7")
    assert code == 0
    assert "0 eligible of 0 on the list\nSize 0: There is no eligible case.\n" in out
    assert drawn(path, "resettlement")["selected"] == []


def test_every_problem_of_a_list_is_named_and_nothing_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    write(path, caseload(5))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("01/02/2021", "30/02/2021", 2), encoding="utf-8")
    code, out, err = run(str(path), "--group", "court", *AS_OF, "--seed", "7", "--json")
    assert (code, out) == (2, "")
    assert "Row 2, Disposal date: “30/02/2021”." in err
    assert "Row 3, Disposal date: “30/02/2021”." in err
    assert "2 problems, so nothing is drawn." in err


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"Name,Town\nA,B\n"])
def test_a_file_that_is_no_list_is_refused_with_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    code, out, err = run(str(path), "--group", "court", *AS_OF, "--seed", "7")
    assert (code, out) == (2, "")
    assert err.startswith(f"{path}: ")


def test_a_file_that_is_not_there_is_refused_with_words(tmp_path: Path) -> None:
    code, _, err = run(str(tmp_path / "none.csv"), "--group", "court", *AS_OF, "--seed", "7")
    assert code == 2
    assert "expected a file that can be read (No such file or directory)" in err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--group", "remand", *AS_OF, "--seed", "7"], "invalid choice"),
        (["--group", "court", "--as-of", "13/09/2021", "--seed", "7"], "such as 2021-09-13"),
        (["--group", "court", *AS_OF, "--seed", "-1"], "whole number of 0 or more"),
        (["--group", "court", *AS_OF, "--seed", "7", "--size", "0"], "whole number of 1 or more"),
        (["--group", "court", *AS_OF, "--seed", "9" * 5000], "of 1,000 digits at most"),
        (["--group", "court", "--as-of", "0001-06-01", "--seed", "7"], "no window before"),
    ],
)
def test_an_argument_that_makes_no_sense_is_refused(
    file: str, arguments: list[str], why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        run(file, *arguments)


def run_as_a_process(*arguments: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "draw_sample", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def test_it_needs_no_database_and_no_setting_of_one(file: str) -> None:
    arguments = ["--group", "court", *AS_OF, "--seed", "7", "--json"]
    code, out, err = run_as_a_process(file, *arguments, DATABASE_URL="nonsense")
    assert (code, err) == (0, "")
    assert json.loads(out) == drawn(file)


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_terminal_that_knows_ascii_alone_gets_the_same(tmp_path: Path, more: list[str]) -> None:
    rows = [replace(row, reference=f"Ł–{row.row}") for row in caseload(51)]
    file = write(tmp_path / "list.csv", rows)
    arguments = [file, "--group", "court", *AS_OF, "--seed", "7", "--size", "12", *more]
    code, out, err = run_as_a_process(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (code, err) == (0, "")
    assert out.isascii()
    if more:
        assert json.loads(out) == json.loads(run(*arguments)[1])
    else:
        assert re.search(r"-[0-9.]+ points?\n", out)
        assert "Selected: \\u0141-" in out


def test_a_terminal_that_knows_ascii_alone_is_told_what_is_wrong(tmp_path: Path) -> None:
    code, out, err = run_as_a_process(
        str(tmp_path / "Łist.csv"),
        *("--group", "court", *AS_OF, "--seed", "7"),
        PYTHONIOENCODING="ascii",
    )
    assert (code, out) == (2, "")
    assert "expected a file that can be read" in err


def test_of_a_group_without_a_case_a_size_is_not_said_to_be_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", caseload(1))
    _, out, _ = run(path, "--group", "resettlement", *AS_OF, "--seed", "7", "--size", "5")
    assert "There is no eligible case, and 5 were asked for." in out
    _, out, _ = run(path, "--group", "court", *AS_OF, "--seed", "7", "--size", "5")
    assert "The only case is taken, as 5 were asked for." in out
