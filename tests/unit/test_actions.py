"""Every write that takes ``by`` is in the history with that person."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Answers have their saves; the statement that records them tells the history of the case itself.
# Two others record one save after the other, each by an action. A read is a record by itself.
BY_ITSELF = {"record_answers", "record_comments", "load_outbox_file", "record_reads"}
ACTIONS = {"actions", "actions.py", "decisions.py"}


def writes() -> Iterator[ast.FunctionDef]:
    for path in ROOT.glob("*/**/*.py"):
        module = path.relative_to(ROOT)
        if module.parts[0] in {"inspections", "cases", "ratings"} and ACTIONS & set(module.parts):
            functions = ast.parse(path.read_text()).body
            yield from (one for one in functions if isinstance(one, ast.FunctionDef))


def says_who(write: ast.FunctionDef) -> bool:
    return "by" in {argument.arg for argument in write.args.kwonlyargs}


@pytest.mark.parametrize(
    "write", [one for one in writes() if says_who(one)], ids=lambda write: write.name
)
def test_an_action_is_atomic_and_in_the_history(write: ast.FunctionDef) -> None:
    decorators = {d.id for d in write.decorator_list if isinstance(d, ast.Name)}
    assert "action" in decorators or write.name in BY_ITSELF
