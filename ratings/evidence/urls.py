"""Addresses of findings and evidence, within those of ``ratings``."""

from django.urls import path

from ratings.evidence.views import findings, judgements, overview, pieces

urlpatterns = [
    path(
        "inspections/<int:inspection_id>/judgements/",
        judgements.judgements,
        name="judgements",
    ),
    path(
        "inspections/<int:inspection_id>/judgements/<str:standard>/",
        judgements.judgement,
        name="judgement",
    ),
    path("inspections/<int:inspection_id>/evidence/", overview.evidence, name="evidence"),
    path(
        "inspections/<int:inspection_id>/evidence/add/<str:kind>/",
        pieces.add,
        name="add_evidence",
    ),
    path("inspections/<int:inspection_id>/evidence/<int:evidence_id>/", pieces.piece, name="piece"),
    path(
        "inspections/<int:inspection_id>/evidence/<int:evidence_id>/remove/",
        pieces.remove,
        name="remove_piece",
    ),
    path(
        "inspections/<int:inspection_id>/key-questions/<str:code>/",
        overview.key_question,
        name="key_question",
    ),
    path(
        "inspections/<int:inspection_id>/key-questions/<str:code>/evidence/",
        overview.use,
        name="use_evidence",
    ),
    path(
        "inspections/<int:inspection_id>/key-questions/<str:code>/evidence/<int:evidence_id>/stop/",
        overview.stop,
        name="stop_using_evidence",
    ),
    path(
        "inspections/<int:inspection_id>/key-questions/<str:code>/add/<str:kind>/",
        findings.add,
        name="add_finding",
    ),
    path(
        "inspections/<int:inspection_id>/findings/<int:finding_id>/",
        findings.change,
        name="finding",
    ),
    path(
        "inspections/<int:inspection_id>/findings/<int:finding_id>/remove/",
        findings.remove,
        name="remove_finding",
    ),
    path(
        "inspections/<int:inspection_id>/findings/<int:finding_id>/move/",
        findings.move,
        name="move_finding",
    ),
]
