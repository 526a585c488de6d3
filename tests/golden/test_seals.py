"""Seals exported at commit e2feb40 verify with every later version of the program.

Three are of the published inspections (Surrey's was reopened and sealed again). ``every-entry``
holds what those lack: an inspection of this service's own, with a finding and its evidence,
a withdrawn decision and no resettlement case. Never write these files anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from ratings.results.document import canonical, read_canonical, seal_file

FOLDER = Path(__file__).parent / "seals"
ROOT = Path(__file__).parents[2]
FILES = {
    "every-entry": "Good, score 29",
    "gateshead-2023": "Good, score 26",
    "surrey-2019": "Inadequate, score 4",
    "wirral-2021": "Good, score 23",
}
HOLDS, DIFFERS, NOT_READABLE = 0, 1, 2


def verify_seal(path: Path) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of one call."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_seal", str(path), stdout=out, stderr=err)
    except SystemExit as left:
        assert isinstance(left.code, int)
        return left.code, out.getvalue(), err.getvalue()
    return HOLDS, out.getvalue(), err.getvalue()


def test_every_file_is_known() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_an_earlier_seal_verifies(name: str) -> None:
    code, out, err = verify_seal(FOLDER / f"{name}.json")
    assert (code, err) == (HOLDS, "")
    assert re.search(rf"^The seal holds: .*, seal [12], {FILES[name]}\.$", out, re.MULTILINE)
    assert "Unsigned: made before seals were signed, or without a key." in out


def test_an_earlier_seal_verifies_in_its_own_process() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_seal", str(FOLDER / "wirral-2021.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (HOLDS, "")


@pytest.mark.parametrize("name", FILES)
def test_an_earlier_seal_is_written_the_same(name: str) -> None:
    raw = (FOLDER / f"{name}.json").read_bytes()
    envelope = read_canonical(raw.removesuffix(b"\n"))
    assert isinstance(envelope, dict)
    assert seal_file(envelope["document"]) == raw


Tamper = Callable[[bytes], bytes]


def first(pattern: bytes, by: bytes) -> Tamper:
    def change(raw: bytes) -> bytes:
        changed = re.sub(pattern, by, raw, count=1)
        assert changed != raw
        return changed

    return change


def sealed_anew(change: Tamper) -> Tamper:
    """The file's digests are written anew too: what its evidence gives is then all that tells."""

    def changed(raw: bytes) -> bytes:
        envelope = read_canonical(change(raw.removesuffix(b"\n")))
        assert isinstance(envelope, dict)
        return seal_file(read_canonical(canonical(envelope["document"])))

    return changed


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("tamper", "code", "said"),
    [
        (first(rb'"yes":\d+', b'"yes":1'), DIFFERS, "evidence › counts › 2.1.1"),
        (first(rb'"score":\d+', b'"score":36'), DIFFERS, "outcome › score: sealed 36, recomputed"),
        (first(rb'"service":"', b'"service":"A'), DIFFERS, "result › inspection › service"),
        (first(rb'"sha256":"[0-9a-f]', b'"sha256":"x'), DIFFERS, "agreements › 1"),
        (sealed_anew(first(rb'"score":\d+', b'"score":36')), DIFFERS, "outcome › score: sealed 36"),
        (
            sealed_anew(first(rb'"yes":\d+', b'"yes":"1"')),
            DIFFERS,  # the agreements are to another result, so it is more than unreadable
            "result › evidence › counts › 2.1.1 › yes: expected a whole number",
        ),
        (lambda raw: raw[:-2], NOT_READABLE, "expected a line feed at the end"),
        (first(rb'"number":', b'"number": '), NOT_READABLE, "this isn't how a sealed result is"),
    ],
)
def test_a_tampered_copy_does_not_verify(
    name: str, tamper: Tamper, code: int, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "copy.json"
    path.write_bytes(tamper((FOLDER / f"{name}.json").read_bytes()))
    found, _, err = verify_seal(path)
    assert found == code
    assert said in err
