"""A refusal is logged in one line; an error with its traceback."""

from __future__ import annotations

import logging
import sys

import pytest

from config.logs import without_traceback
from inspections.access.permissions import Refused


@pytest.mark.parametrize(("error", "kept"), [(Refused("not yours"), False), (KeyError("x"), True)])
def test_only_a_fault_keeps_its_traceback(error: Exception, kept: bool) -> None:
    try:
        raise error
    except Exception:
        record = logging.LogRecord("django", logging.WARNING, "", 0, "said", (), sys.exc_info())
    assert without_traceback(record)
    assert bool(record.exc_info) is kept
