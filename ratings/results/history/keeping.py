"""Links the histories of inspections every few minutes, in a thread of each process that serves."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from inspections.models import Inspection
from ratings.results.history.links import link_history

EVERY = timedelta(minutes=5)

log = logging.getLogger(__name__)


def link_open_histories() -> None:
    """Of every inspection that is under way, or was sealed within a day."""
    just_sealed = Q(sealed_results__sealed_at__gte=timezone.now() - timedelta(days=1))
    open_ones = Inspection.objects.filter(~Q(state=Inspection.State.SEALED) | just_sealed)
    for number in open_ones.order_by("pk").values_list("pk", flat=True).distinct():
        link_history(number)


def keep_linking() -> None:
    threading.Thread(target=_run, name="history", daemon=True).start()


def _run() -> None:
    waiting = threading.Event()
    while not waiting.wait(EVERY.total_seconds()):
        try:
            link_open_histories()
        except Exception:
            # The database may be away for a while; the next time finds all that is left.
            log.exception("The histories of inspections could not be linked.")
        finally:
            connection.close()
