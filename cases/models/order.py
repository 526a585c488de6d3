"""The order of cases: by their references, as people count."""

from __future__ import annotations

from django.db.models import Func, TextField

LONGEST = 40
"""Of a reference, and so of a number in one."""


class ReferenceOrder(Func):
    """Where a reference stands in a list: C-2 before C-10, and C-11 before C-100.

    Each number in it is filled up with zeros to the longest length. Capital and small letters are
    together, and every server sorts alike, as for names (``inspections.names``).
    """

    template = (
        "lower(regexp_replace(regexp_replace(%(expressions)s, "
        f"'([0-9]+)', '{'0' * LONGEST}\\1', 'g'), '0*([0-9]{{{LONGEST}}})', '\\1', 'g'))"
        ' COLLATE "C"'
    )
    arity = 1
    output_field = TextField()
