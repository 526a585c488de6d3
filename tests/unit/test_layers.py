"""Layers by names, which the import linter can't check.

No Python of a part names a URL, a template or a constraint of a part above it. The order of the
parts is that of the contracts in ``pyproject.toml``; modules of one part may name each other.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
APPS = ("inspections", "cases", "ratings", "config")
ROOM_OF_TEMPLATES = {
    "site": "config.site",
    "inspections/team": "inspections.team",
    "inspections/announcing": "inspections.announcing",
    "cases": "cases",
    "ratings": "ratings.pages",
    "ratings/evidence": "ratings.evidence",
    "ratings/unrated": "ratings.unrated",
    "ratings/panel": "ratings.panel",
    "ratings/results": "ratings.results",
}
"""The rooms of the folders of templates; all others belong to nobody in particular."""


def rooms() -> list[str]:
    """Every room that has a place in a contract, from the lowest up."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = {
        container: contract["layers"]
        for contract in contracts["contracts"]
        if contract["type"] == "layers" and not contract["name"].startswith("The modules of")
        for container in contract.get("containers", [""])
    }

    def below(container: str) -> Iterator[str]:
        for layer in reversed(layers.get(container, [])):
            for name in layer.replace("(", "").replace(")", "").replace("|", ":").split(":"):
                room = f"{container}.{name.strip()}".strip(".")
                yield from below(room)
                yield room

    return list(below(""))


ROOMS = rooms()


def room_of(module: str) -> str:
    """The innermost room that a module stands in."""
    return max((r for r in ROOMS if f"{module}.".startswith(f"{r}.")), key=len)


def addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, str]]:
    """The name of each address of ours with the room of its view."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            module = pattern.callback.__module__
            if module.split(".")[0] in APPS:
                yield f"{space}{pattern.name}", room_of(module)


def templates() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "templates").rglob("*.html"):
        name = path.relative_to(ROOT / "templates").as_posix()
        folders = [folder for folder in ROOM_OF_TEMPLATES if name.startswith(f"{folder}/")]
        if folders:
            yield name, room_of(ROOM_OF_TEMPLATES[max(folders, key=len)])


def constraints() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        if model.__module__.split(".")[0] in APPS:
            for constraint in model._meta.constraints:
                yield constraint.name, room_of(model.__module__)


NAMES = dict([*addresses(get_resolver()), *templates(), *constraints()])


def files() -> list[Path]:
    return [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_names_anything_above_it(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    here = room_of(module)
    named = {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    above = {
        name: NAMES[name]
        for name in named & NAMES.keys()
        if ROOMS.index(NAMES[name]) > ROOMS.index(here)
    }
    assert not above, f"{module} is in {here}"


def test_names_of_every_kind_are_checked() -> None:
    assert NAMES["cases:saves"] == "cases"
    assert NAMES["site/home.html"] == "config.site"
    assert NAMES["case_reference_once"] == "cases"
    assert NAMES["finding_has_words"].startswith("ratings")
    assert ROOMS.index("inspections.framework") < ROOMS.index("cases") < ROOMS.index("ratings")
