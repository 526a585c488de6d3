"""No private part of a library is overridden or set: the next release may do without it.

Private is what begins with one underscore. Names such as ``_missing_`` are an enumeration's own
interface. What only a running program could tell isn't found here.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("inspections", "cases", "ratings", "config")


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("_") and not name.startswith("__")


def is_ours(cls: type) -> bool:
    return cls.__module__.split(".")[0] in (*APPS, "tests")


def set_names(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Each private attribute that is set or deleted: of what, and its name."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=of, attr=name, ctx=ast.Store() | ast.Del()):
                pass
            case ast.Call(
                func=ast.Name(id="setattr" | "delattr") | ast.Attribute(attr="setattr" | "delattr"),
                args=[of, ast.Constant(value=str(name)), *_],
            ):
                pass
            case _:
                continue
        if is_private(name):
            yield of, name


def is_self(of: ast.expr) -> bool:
    return isinstance(of, ast.Name) and of.id in ("self", "cls")


def defined(node: ast.ClassDef) -> set[str]:
    """The private names that a class defines: in its body, or of itself in a method."""
    names = {name for of, name in set_names(node) if is_self(of)}
    for statement in node.body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return {name for name in names if is_private(name)}


@cache
def of_a_library(base: type) -> frozenset[str]:
    """The private names of a library's class, with those that its methods set."""
    names = {name for name in vars(base) if is_private(name)}
    try:
        tree = ast.parse(dedent(inspect.getsource(base)))
    except (OSError, TypeError, SyntaxError):  # not written in Python
        return frozenset(names)
    return frozenset(names | {name for of, name in set_names(tree) if is_self(of)})


def changed(source: str, namespace: Mapping[str, Any]) -> list[str]:
    """The private parts of others that a module's ``source`` overrides or sets."""
    tree = ast.parse(source)
    found = [f"sets {ast.unparse(of)}.{name}" for of, name in set_names(tree) if not is_self(of)]

    def look_in(node: ast.AST, around: Mapping[str, Any]) -> None:
        for inner in ast.iter_child_nodes(node):
            if not isinstance(inner, ast.ClassDef):
                look_in(inner, around)
            elif isinstance(cls := around.get(inner.name), type):
                for base in cls.__mro__[1:]:
                    names = defined(inner) & of_a_library(base) if not is_ours(base) else set()
                    found.extend(
                        f"{inner.name} overrides {base.__name__}.{name}" for name in sorted(names)
                    )
                look_in(inner, vars(cls))

    look_in(tree, namespace)
    return found


def modules() -> list[str]:
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


@pytest.mark.parametrize("name", modules())
def test_no_module_changes_a_private_part_of_a_library(name: str) -> None:
    module = import_module(name)
    assert module.__file__
    assert changed(Path(module.__file__).read_text(), vars(module)) == []


def test_no_test_sets_a_private_part_of_a_library() -> None:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        assert changed(path.read_text(), {}) == [], path


EXAMPLE = """
from argparse import ArgumentParser
from collections import UserDict
import decimal

class Parser(ArgumentParser):
    def __init__(self):
        super().__init__()
        self._mutually_exclusive_groups = []
        self._mine = 1

    def _check_value(self, action, value):
        pass

    class Inner(UserDict):
        _abc_impl = None

    def _own(self):
        self.parent._depth = 1

decimal._counter = 1
setattr(decimal, "_other", 1)
"""


def test_each_kind_of_change_is_found() -> None:
    namespace: dict[str, Any] = {"__name__": "tests.example"}
    exec(EXAMPLE, namespace)
    found = changed(EXAMPLE, namespace)
    assert {line for line in found if line.startswith("sets")} == {
        "sets self.parent._depth",
        "sets decimal._counter",
        "sets decimal._other",
    }
    overridden = {line.split(".")[1] for line in found if "overrides" in line}
    assert overridden == {"_mutually_exclusive_groups", "_check_value", "_abc_impl"}
