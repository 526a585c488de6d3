"""Telling every server process that an inspection's evidence changed."""

from __future__ import annotations

import time

from django.db import transaction

from inspections.prepared import run_prepared

CHANNEL = "inspection_changed"
"""The PostgreSQL ``NOTIFY`` channel; the payload is the inspection's number."""

COALESCE_SECONDS = 0.05
"""Seconds for which one announcement covers further changes.

Listeners wait this long before they rate again, so further changes by the same process are seen
then and need no announcement of their own. This matters when many people save at once: each
announcement is a statement here and work for every process that listens."""

NOTIFY = "SELECT pg_notify(%(channel)s::text, %(inspection)s::text)"

_announced: dict[int, float] = {}


def announce(inspection_id: int) -> None:
    """Notify all listeners that the inspection changed, right after this commits.

    Not within the transaction: PostgreSQL lets only one transaction that notifies commit at a
    time, and twenty inspectors would wait for each other's disk. A process killed between the
    two leaves a change unannounced, and so does a failed announcement, which never fails the
    save. Listeners find such changes because they check every few seconds.
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
