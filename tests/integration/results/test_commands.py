"""``export_seal`` and ``verify_seal``, as they are run."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from ratings.results.document import (
    digest,
    fingerprint,
    public_pem,
    read_private_key,
    read_public_key,
    seal_file,
    sign,
    verify,
)
from tests.integration.results.test_seal import sealed
from tests.unit.results.sealed import document, private_pem
from tests.unit.results.sealed import sealed as sealed_document


def verify_seal(
    *arguments: str, database_url: str = "postgresql://nobody@127.0.0.1:1/none", **more: str
) -> subprocess.CompletedProcess[str]:
    return manage("verify_seal", *arguments, DATABASE_URL=database_url, **more)


def manage(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, with a database that nobody answers for."""
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"} | more
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
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
        "Unsigned: made before seals were signed, or without a key. "
        "Its digest alone says that it is the seal that was made.\n"
    )


def test_a_digest_is_compared_whatever_its_case_and_without_one_the_reader_is_asked_to(
    file: Path,
) -> None:
    done = verify_seal(str(file), "--sha256", digest(document()).upper() + " ")
    assert (done.returncode, done.stderr) == (0, "")
    done = verify_seal(str(file))
    said = "Compare this with the SHA-256 of the sealed document on the page of the seal."
    assert said in done.stdout


def test_a_setting_that_names_no_database_is_no_hindrance(file: Path) -> None:
    done = verify_seal(str(file), database_url="nonsense")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("database_url", ["", "nonsense", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_seal_is_verified_in_production_without_any_database(
    file: Path, database_url: str
) -> None:
    done = verify_seal(
        str(file),
        database_url=database_url,
        FIELDWORK_ENV="production",
        SECRET_KEY="not secret: nothing is signed here, and it is long enough for a check",
        ALLOWED_HOSTS="fieldwork.example",
    )
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


KEY = private_pem()


def verify_with(public_keys: list[str], path: Path) -> tuple[int, str, str]:
    """The exit code, standard output and standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_seal", str(path), public_key=public_keys, stdout=out, stderr=err)
    except SystemExit as left:
        assert isinstance(left.code, int)
        return left.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def public_key(tmp_path: Path, settings: Any) -> Path:
    """As the operator gives it to those who verify."""
    settings.SEAL_SIGNING_KEY = KEY
    out = StringIO()
    call_command("seal_public_key", stdout=out, stderr=StringIO())
    path = tmp_path / "public.pem"
    path.write_text(out.getvalue())
    return path


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    path = tmp_path / "signed.json"
    path.write_bytes(seal_file(document(), sign(document(), read_private_key(KEY)).in_file))
    return path


def test_a_signature_is_checked_with_the_public_key_of_the_operator(
    signed: Path, public_key: Path
) -> None:
    key = fingerprint(read_public_key(public_key.read_text()))
    for given in (str(public_key), public_key.read_text().splitlines()[1]):
        code, out, err = verify_with([given], signed)
        assert (code, err) == (0, "")
        assert f"Signed with the key {key}, which is the one given." in out
    code, out, _ = verify_with([], signed)
    assert code == 0
    assert f"The signature was not checked. The file says that it is signed with the key {key}" in (
        out
    )


def test_a_file_written_anew_with_fresh_digests_fails_by_its_signature(
    signed: Path, public_key: Path
) -> None:
    result = document()["result"]
    result["inspection"]["service"] = "Ashcombe and Ashfield"
    forged = sealed_document(result)
    for signature in (sign(document(), read_private_key(KEY)).in_file, None):
        signed.write_bytes(seal_file(forged, signature))
        code, _, _ = verify_with([], signed)
        assert code == 0, "its digests are all right"
        code, _, err = verify_with([str(public_key)], signed)
        assert code == 1
        said = "didn't sign this document" if signature else "signature: there is none"
        assert said in err
        assert "The seal does not hold: 1 difference." in err


def test_a_file_signed_with_another_key_fails(signed: Path, public_key: Path) -> None:
    other = read_private_key(private_pem(7))
    signed.write_bytes(seal_file(document(), sign(document(), other).in_file))
    code, _, err = verify_with([str(public_key)], signed)
    assert code == 1
    assert f"signed with the key {fingerprint(other.public_key())}, the public key given is" in err
    line = public_pem(other.public_key()).splitlines()[1]
    assert verify_with([str(public_key), line], signed)[0] == 0


def test_what_is_no_public_key_is_refused_in_words(signed: Path, tmp_path: Path) -> None:
    (tmp_path / "private.pem").write_text(KEY)
    for given in ("nonsense", str(signed), str(tmp_path / "private.pem")):
        code, _, err = verify_with([given], signed)
        assert code == 2
        assert f"--public-key {given}: expected a public key of Ed25519" in err


def test_the_key_is_a_file_or_the_line_in_it_and_needs_no_database(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(KEY)
    ways = [
        manage("seal_public_key", SEAL_SIGNING_KEY=given, DJANGO_SETTINGS_MODULE="config.settings")
        for given in (str(path), KEY.split("\n")[1])
    ]
    assert len({done.stdout for done in ways}) == 1
    assert ways[0].stdout.startswith("-----BEGIN PUBLIC KEY-----\n")
    key = read_private_key(KEY).public_key()
    assert ways[0].stderr == f"Fingerprint (SHA-256) {fingerprint(key)}\n"


def test_without_a_key_there_is_none_to_print() -> None:
    with pytest.raises(CommandError, match="SEAL_SIGNING_KEY is not set, so seals are not signed"):
        call_command("seal_public_key")


def test_a_key_that_is_none_is_an_error_when_the_service_starts_and_is_never_shown(
    settings: Any,
) -> None:
    settings.SEAL_SIGNING_KEY = "MC4CAQAwBQYDK2VwBCIEIBroken"
    (error,) = [one for one in run_checks() if one.id == "ratings.E001"]
    said = "SEAL_SIGNING_KEY names no file, or one without a key: expected a private"
    assert str(error.msg).startswith(said)
    assert settings.SEAL_SIGNING_KEY not in str(error)


@pytest.mark.django_db
def test_an_export_is_signed_if_a_key_is_set(
    settings: Any, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    settings.SEAL_SIGNING_KEY = KEY
    scene, seal = sealed()
    call_command("export_seal", str(scene.inspection.pk))
    public = read_private_key(KEY).public_key()
    found = verify(capfdbinary.readouterr().out, "out", seal.sha256, [public])
    assert found.holds, found.differences
    assert found.signed_with == seal.signed_with == fingerprint(public)
