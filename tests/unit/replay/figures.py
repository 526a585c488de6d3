"""The three published inspections of the demonstration, as data to change in a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REPORTS = Path(__file__).parents[3] / "config" / "demonstration" / "reports"
NAMES = ("gateshead-2023", "surrey-2019", "wirral-2021")


def path_of(name: str) -> Path:
    return REPORTS / f"{name}.json"


def figures(name: str = "gateshead-2023") -> dict[str, Any]:
    """The figures of one report, fresh, so that a test may change them."""
    return json.loads(path_of(name).read_bytes())


def written(data: object) -> bytes:
    return json.dumps(data).encode()
