"""URLs of findings, evidence and judgements, included by ``ratings.urls``."""

from django.urls import path

from ratings.evidence import editing_views, views

EVIDENCE = "inspections/<int:inspection_id>/evidence"
KEY_QUESTION = "inspections/<int:inspection_id>/key-questions/<str:code>"
FINDING = "inspections/<int:inspection_id>/findings/<int:finding_id>"
JUDGEMENTS = "inspections/<int:inspection_id>/judgements"

urlpatterns = [
    path(f"{EVIDENCE}/", views.evidence, name="evidence"),
    path(f"{EVIDENCE}/add/<str:kind>/", editing_views.add_evidence, name="add_evidence"),
    path(f"{EVIDENCE}/<int:evidence_id>/", editing_views.evidence_item, name="evidence_item"),
    path(
        f"{EVIDENCE}/<int:evidence_id>/remove/",
        editing_views.remove_evidence,
        name="remove_evidence",
    ),
    path(f"{KEY_QUESTION}/", views.key_question, name="key_question"),
    path(f"{KEY_QUESTION}/add/<str:kind>/", editing_views.add_finding, name="add_finding"),
    path(f"{KEY_QUESTION}/evidence/", editing_views.use_evidence, name="use_evidence"),
    path(
        f"{KEY_QUESTION}/evidence/<int:evidence_id>/stop/",
        editing_views.stop_using_evidence,
        name="stop_using_evidence",
    ),
    path(f"{FINDING}/", editing_views.change_finding, name="finding"),
    path(f"{FINDING}/remove/", editing_views.remove_finding, name="remove_finding"),
    path(f"{FINDING}/move/", editing_views.move_finding, name="move_finding"),
    path(f"{JUDGEMENTS}/", views.judgements, name="judgements"),
    path(f"{JUDGEMENTS}/<str:standard>/", views.judgement, name="judgement"),
]
