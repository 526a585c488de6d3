"""Settings read from the environment."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", " ")
    assert environment.number("PORT", 8000) == 8000
    assert environment.text("PORT", "8000") == "8000"
    assert environment.flag("PORT") is False


@pytest.mark.parametrize("given", ["eight", "8000.5", "80 00"])
def test_a_number_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(ImproperlyConfigured, match=f"PORT is “{given}”. Set it to a whole number"):
        environment.number("PORT", 8000)


def test_a_flag_is_on_or_off_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, meant in {"1": True, "yes": True, "0": False, "False": False}.items():
        monkeypatch.setenv("DEBUG", given)
        assert environment.flag("DEBUG") is meant
    monkeypatch.setenv("DEBUG", "maybe")
    with pytest.raises(ImproperlyConfigured, match="DEBUG is “maybe”. Set it to 1 or 0"):
        environment.flag("DEBUG")


def test_a_list_is_divided_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,")
    assert environment.listed("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_a_secret_is_in_a_file_or_in_the_variable_and_is_never_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEY", "the secret")
    assert environment.contents("KEY") == "the secret"
    (tmp_path / "key").write_text("another secret\n")
    monkeypatch.setenv("KEY", str(tmp_path / "key"))
    assert environment.contents("KEY") == "another secret\n"
    (tmp_path / "key").write_bytes(b"\xff")
    with pytest.raises(ImproperlyConfigured, match="^The file that KEY names can't be read.$"):
        environment.contents("KEY")
    monkeypatch.setenv("KEY", "x" * 5_000)
    with pytest.raises(ImproperlyConfigured, match="^The file that KEY names can't be read.$"):
        environment.contents("KEY")
    monkeypatch.setenv("KEY", " ")
    assert environment.contents("KEY") == ""


def test_the_local_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    key = environment.local_secret_key(path)
    assert len(key) >= 50
    assert environment.local_secret_key(path) == key
    assert path.stat().st_mode & 0o077 == 0
    assert [kept.name for kept in path.parent.iterdir()] == ["secret_key"]
