"""What the records of each table are called where they are counted: certificates and exports."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import models
from pghistory.core import event_models

WORDS = {
    "cases_answersave": "saves of answers",
    "cases_casesource": "where cases come from",
    "cases_commentreply": "replies to comments",
    "cases_detailsave": "saves of details",
    "cases_interviewedcase": "cases of interviews",
    "cases_interviewslot": "interviews",
    "cases_leadchoice": "cases that the lead inspector chose",
    "cases_linkedcase": "cases in groups of linked cases",
    "cases_linkedcases": "groups of linked cases",
    "cases_putback": "cases put back in the sample",
    "cases_quotablemarkevent": "marks of notes as quotable",
    "cases_takenout": "cases taken out of the sample",
    "inspections_membership": "parts of people",
    "ratings_discretion": "decisions of the ratings panel",
    "ratings_evidence": "evidence",
    "ratings_evidenceuse": "uses of evidence",
    "ratings_findingsupport": "what findings rest on",
    "ratings_historylink": "links of the history’s chain",
    "ratings_inspectionexport": "exports",
    "ratings_replay": "published figures",
    "ratings_retentionperiod": "months of keeping",
    "ratings_steppedaside": "members who stepped aside",
}
"""Where Django’s own plural says something else."""


def kind(table: str) -> str:
    """“Answers”, or “Answers: entries of the history”; the name of a table that is no more."""
    model = _models().get(table)
    if model is None:
        return table
    tracked = getattr(model, "pgh_tracked_model", None)
    named = model if tracked is None or table in WORDS else tracked
    words = WORDS.get(named._meta.db_table, str(named._meta.verbose_name_plural))
    words = words[0].upper() + words[1:]
    return words if named is model else f"{words}: entries of the history"


@cache
def _models() -> dict[str, type[models.Model]]:
    found = [*apps.get_models(include_auto_created=True), *event_models()]
    return {model._meta.db_table: model for model in found}
