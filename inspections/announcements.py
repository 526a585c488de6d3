"""Telling every server process that an inspection's evidence changed."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from inspections.prepared import rows

CHANNEL = "inspection_changed"
"""The PostgreSQL ``NOTIFY`` channel; the payload is the inspection's number."""


NOTIFY = "SELECT pg_notify(%(channel)s::text, %(inspection)s::text)"


def announce(inspection_id: int) -> None:
    """Tell all listeners to look at the inspection again, right after this commits.

    Not as a part of the transaction: PostgreSQL lets only one transaction that notifies
    commit at a time, and twenty inspectors would wait for each other's disk. A process
    killed between the two leaves a change unannounced; listeners look again by themselves
    every few seconds. A failure to announce never makes a failure of what was saved.
    """
    transaction.on_commit(partial(_notify, inspection_id), robust=True)


def _notify(inspection_id: int) -> None:
    rows(NOTIFY, {"channel": CHANNEL, "inspection": str(inspection_id)})
