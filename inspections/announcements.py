"""Telling every server process that an inspection's evidence changed."""

from __future__ import annotations

import time

from django.db import transaction

from inspections.prepared import run_prepared

CHANNEL = "inspection_changed"
"""The PostgreSQL ``NOTIFY`` channel; the payload is the inspection's number."""

COALESCE_SECONDS = 0.05
"""Seconds for which one announcement covers further changes.

Whoever hears one looks this much later, so what the same process changes in the meantime is seen
then and needs no announcement of its own. It counts when many record at once: each announcement
is a statement here, and work for every process that listens."""

NOTIFY = "SELECT pg_notify(%(channel)s::text, %(inspection)s::text)"

_announced: dict[int, float] = {}


def announce(inspection_id: int) -> None:
    """Tell all listeners to look at the inspection again, right after this commits.

    Not as a part of the transaction: PostgreSQL lets only one transaction that notifies
    commit at a time, and twenty inspectors would wait for each other's disk. A process
    killed between the two leaves a change unannounced; listeners look again by themselves
    every few seconds. A failure to announce never makes a failure of what was saved;
    what it spoke for is found as a killed process's changes are.
    """
    # Not a partial: Django names what failed by its __qualname__.
    transaction.on_commit(lambda: _notify(inspection_id), robust=True)


def _notify(inspection_id: int) -> None:
    now = time.monotonic()
    if now < _announced.get(inspection_id, float("-inf")) + COALESCE_SECONDS:
        return
    _announced[inspection_id] = now
    try:
        run_prepared(NOTIFY, {"channel": CHANNEL, "inspection": str(inspection_id)})
    except BaseException:
        _announced.pop(inspection_id, None)
        raise
