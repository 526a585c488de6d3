"""Recording in one statement what several inspectors save at the same moment.

A statement and the disk's word that it is kept cost about the same for ten saves as for one.
Nothing is decided here: what can't be accepted or found in conflict in company is recorded by
``record_answers``, which also says why not.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import DatabaseError, IntegrityError, connection

from cases.actions.answers import what_became_of
from cases.actions.record_statement import Sent, Written, write_together
from cases.actions.saves import Save, SavedAnswer
from inspections.batches import Batches
from inspections.signed_in import Proof, forget

log = logging.getLogger(__name__)

MOST_TOGETHER = 32
"""How many people's saves go into one statement."""


def record_together(
    *, case_id: int, saves: Sequence[Save], proof: Proof
) -> list[SavedAnswer] | None:
    """As ``record_answers``, for whom ``proof`` names and if it still holds, with the saves
    of others who wait at the same moment.

    ``None`` when nothing was recorded, and why is for ``record_answers`` to find out.
    """
    # Who waits gives back the pool's connection: whoever writes for all may need that one.
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    return _batches.ask(Sent(case_id, saves, proof.user, proof=proof))


def _record(batch: Sequence[Sent]) -> list[list[SavedAnswer] | None]:
    apart = _apart(batch)
    if not apart:
        return [None] * len(batch)
    try:
        written = write_together([sent for sent in batch if id(sent) in apart])
    except IntegrityError:
        # One of them arrived before, or is refused by a trigger. Each hears that on their own.
        return [None] * len(batch)
    except DatabaseError:
        log.exception("Saves were not recorded together; each is tried alone.")
        return [None] * len(batch)
    return [_result(sent, written) if id(sent) in apart else None for sent in batch]


def _result(sent: Sent, written: Written) -> list[SavedAnswer] | None:
    assert sent.proof is not None
    results = what_became_of(sent, written, sent.proof.name)
    if results is None:
        forget(sent.proof)
    return results


def _apart(batch: Sequence[Sent]) -> set[int]:
    """Those of which no two save the same answer, where one has to come after the other, or
    under the same id, where the outcome of one would be taken for the other's."""
    seen: set[object] = set()
    apart = set()
    for sent in batch:
        own = {(sent.case_id, save.question) for save in sent.saves} | {
            save.id for save in sent.saves
        }
        if len(own) == 2 * len(sent.saves) and not own & seen:
            seen |= own
            apart.add(id(sent))
    return apart


_batches: Batches[Sent, list[SavedAnswer]] = Batches(_record, MOST_TOGETHER)
