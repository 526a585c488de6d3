"""What an inspection holds besides its set-up."""

from __future__ import annotations

from django.db.models import DO_NOTHING
from django.db.models.fields.reverse_related import ForeignObjectRel

from inspections.models import Inspection


def holdings(inspection: Inspection) -> list[str]:
    """What was recorded in it, each as a number with a word; nothing for one just announced.

    Every table that points to inspections counts, whichever app it belongs to, but for those of
    the set-up: team, windows and checklist.
    """
    found = []
    for relation in Inspection._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.on_delete is DO_NOTHING:
            # A field of its own, or the history of something.
            continue
        model = relation.related_model
        options = model._meta
        if options.app_label == Inspection._meta.app_label:
            continue
        number = model._base_manager.filter(**{relation.field.name: inspection.pk}).count()
        if number:
            name = options.verbose_name if number == 1 else options.verbose_name_plural
            found.append(f"{number} {name}")
    return found
