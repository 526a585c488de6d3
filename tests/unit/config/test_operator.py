"""Who operates the service, as settings say."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.operator import Operator, variable
from config.site.apps import operator_is_named

ALL = {
    "OPERATOR_NAME": "Example Inspectorate",
    "OPERATOR_ADDRESS": "1 Example Street, Exampleton EX1 1EX",
    "OPERATOR_ACCESSIBILITY_EMAIL": "access@inspectorate.example",
    "OPERATOR_DATA_PROTECTION_EMAIL": "dpo@inspectorate.example",
    "OPERATOR_RECIPIENTS": "Example Hosting, in the United Kingdom.",
    "OPERATOR_BACKUPS_KEPT": "30 days",
    "OPERATOR_SUPERVISORY_AUTHORITY": "The commissioner of examples",
    "OPERATOR_ENFORCEMENT_BODY": "The commission of examples",
    "OPERATOR_STATEMENT_PREPARED": "2026-01-05",
    "OPERATOR_STATEMENT_REVIEWED": "2026-11-02",
}


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in fields(Operator):
        monkeypatch.delenv(variable(one.name), raising=False)


def test_every_particular_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ALL.items():
        monkeypatch.setenv(name, value)
    operator = Operator.from_environment()
    assert operator.name == "Example Inspectorate"
    assert operator.statement_reviewed == date(2026, 11, 2)
    assert operator.not_set == []


def test_what_is_not_set_is_empty_and_named() -> None:
    operator = Operator.from_environment()
    assert operator == Operator()
    assert operator.not_set == list(ALL)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("OPERATOR_ACCESSIBILITY_EMAIL", "the office", "Set it to an e-mail address"),
        ("OPERATOR_DATA_PROTECTION_EMAIL", "@example", "Set it to an e-mail address"),
        ("OPERATOR_STATEMENT_REVIEWED", "2 November", "Set it to a date such as"),
    ],
)
def test_what_is_no_address_or_date_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str, words: str
) -> None:
    monkeypatch.setenv(name, given)
    with pytest.raises(ImproperlyConfigured, match=f"{name} is “{given}”. {words}"):
        Operator.from_environment()


def test_check_deploy_warns_of_what_is_missing(settings: Any) -> None:
    settings.OPERATOR = Operator(name="Example Inspectorate")
    (warning,) = operator_is_named()
    assert warning.id == "site.W003"
    assert "OPERATOR_ADDRESS" in warning.msg
    assert "OPERATOR_NAME" not in warning.msg


def test_check_deploy_is_silent_once_all_is_set(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ALL.items():
        monkeypatch.setenv(name, value)
    settings.OPERATOR = Operator.from_environment()
    assert operator_is_named() == []
