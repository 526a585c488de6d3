"""``export_seal`` and ``verify_seal``, as they are run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from ratings.results.document import digest, seal_file, verify
from tests.integration.results.test_seal import sealed
from tests.unit.results.sealed import document


def verify_seal(
    *arguments: str, database_url: str = "postgresql://nobody@127.0.0.1:1/none"
) -> subprocess.CompletedProcess[str]:
    """In a process of its own, with a database that nobody answers for."""
    environment = os.environ | {"DATABASE_URL": database_url}
    return subprocess.run(
        [sys.executable, "manage.py", "verify_seal", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "seal.json"
    path.write_bytes(seal_file(document()))
    return path


def test_a_seal_is_verified_without_any_database(file: Path) -> None:
    done = verify_seal(str(file), "--sha256", digest(document()))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"The seal holds: Ashcombe, seal 1, Good, score 23.\nSHA-256 {digest(document())}\n"
    )


def test_a_digest_is_compared_whatever_its_case_and_without_one_the_reader_is_asked_to(
    file: Path,
) -> None:
    done = verify_seal(str(file), "--sha256", digest(document()).upper() + " ")
    assert (done.returncode, done.stderr) == (0, "")
    done = verify_seal(str(file))
    assert "Compare this with the digest on the page of the result." in done.stdout


def test_a_setting_that_names_no_database_is_no_hindrance(file: Path) -> None:
    done = verify_seal(str(file), database_url="nonsense")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_byte_is_reported_with_what_differs(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"yes":13', b'"yes":12'))
    done = verify_seal(str(file))
    assert done.returncode == 1
    assert "result › evidence › counts › 3.1.1: differs from what was sealed" in done.stderr
    assert "3.1.1 › percent: sealed 65, recomputed 63" in done.stderr
    assert "The seal does not hold" in done.stderr


def test_what_is_no_seal_is_refused_in_words(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2])
    done = verify_seal(str(file))
    assert done.returncode == 2
    assert "expected a line feed at the end" in done.stderr
    missing = verify_seal(str(file.with_name("other.json")))
    assert missing.returncode == 2
    assert missing.stderr.endswith(
        "expected a file that can be read (No such file or directory).\n"
    )


@pytest.mark.django_db
def test_a_seal_is_exported_as_it_was_sealed(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    scene, seal = sealed()
    call_command("export_seal", str(scene.inspection.pk))
    assert verify(capfdbinary.readouterr().out, "out", seal.sha256).holds
    with pytest.raises(CommandError, match="has no seal 2"):
        call_command("export_seal", str(scene.inspection.pk), seal=2)
    with pytest.raises(CommandError, match="has no sealed result"):
        call_command("export_seal", "0")
