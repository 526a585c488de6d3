"""Addresses of an inspection's evidence, ratings and seals, and of the panel."""

from django.urls import path

from ratings.evidence import editing_views as editing
from ratings.evidence import views as evidence
from ratings.pages import views as pages
from ratings.pages.what_if import what_if
from ratings.panel.views import decisions, hearings, meetings, pack
from ratings.results import views as results
from ratings.results.export import views as exporting
from ratings.results.retention import views as retention

app_name = "ratings"

INSPECTION = "inspections/<int:inspection_id>"
EVIDENCE = f"{INSPECTION}/evidence"
KEY_QUESTION = f"{INSPECTION}/key-questions/<str:code>"
FINDING = f"{INSPECTION}/findings/<int:finding_id>"
RETENTION = f"{INSPECTION}/retention"
DISCRETION = f"{INSPECTION}/ratings/discretion"

urlpatterns = [
    path(f"{EVIDENCE}/", evidence.evidence, name="evidence"),
    path(f"{EVIDENCE}/add/<str:kind>/", editing.add_evidence, name="add_evidence"),
    path(f"{EVIDENCE}/history/", evidence.history, name="evidence_history"),
    path(f"{EVIDENCE}/history/<str:standard>/", evidence.history, name="standard_history"),
    path(f"{EVIDENCE}/<int:evidence_id>/", editing.evidence_item, name="evidence_item"),
    path(f"{EVIDENCE}/<int:evidence_id>/remove/", editing.remove_evidence, name="remove_evidence"),
    path(f"{KEY_QUESTION}/", evidence.key_question, name="key_question"),
    path(f"{KEY_QUESTION}/add/<str:kind>/", editing.add_finding, name="add_finding"),
    path(f"{KEY_QUESTION}/evidence/", editing.use_evidence, name="use_evidence"),
    path(
        f"{KEY_QUESTION}/evidence/<int:evidence_id>/stop/",
        editing.stop_using_evidence,
        name="stop_using_evidence",
    ),
    path(f"{FINDING}/", editing.change_finding, name="finding"),
    path(f"{FINDING}/remove/", editing.remove_finding, name="remove_finding"),
    path(f"{FINDING}/move/", editing.move_finding, name="move_finding"),
    path(f"{INSPECTION}/judgements/", evidence.judgements, name="judgements"),
    path(f"{INSPECTION}/judgements/<str:standard>/", evidence.judgement, name="judgement"),
    path(
        f"{INSPECTION}/judgements/<str:standard>/history/",
        evidence.judgement_history,
        name="judgement_history",
    ),
    path(f"{INSPECTION}/ratings/", pages.ratings, name="ratings"),
    path("ratings/events/", pages.events, name="events"),
    path(f"{INSPECTION}/ratings/what-if/", what_if, name="what-if"),
    path(f"{DISCRETION}/<str:target>/", decisions.discretion, name="discretion"),
    path(f"{DISCRETION}/<int:discretion_id>/withdraw/", decisions.withdraw, name="withdraw"),
    path("panel/", meetings.meetings, name="meetings"),
    path("panel/arrange/", meetings.arrange, name="arrange"),
    path("panel/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("panel/<int:meeting_id>/history/", meetings.history, name="meeting_history"),
    path("panel/<int:meeting_id>/change/", meetings.change, name="change_meeting"),
    path("panel/<int:meeting_id>/cancel/", meetings.cancel, name="cancel_meeting"),
    path(f"{INSPECTION}/panel/", hearings.panel, name="panel"),
    path(f"{INSPECTION}/panel/pack/", pack.pack, name="pack"),
    path(f"{INSPECTION}/panel/submit/", hearings.submit, name="submit"),
    path(f"{INSPECTION}/panel/arrange/", meetings.arrange_for, name="arrange_for"),
    path(f"{INSPECTION}/panel/give-back/", hearings.give_back, name="give_back"),
    path(f"{INSPECTION}/panel/step-aside/", hearings.step_aside, name="step_aside"),
    path(f"{INSPECTION}/panel/chair/", hearings.chair, name="chair"),
    path(f"{INSPECTION}/panel/release/", hearings.release, name="release"),
    path(f"{INSPECTION}/panel/attendance/", hearings.attendance, name="attendance"),
    path(f"{INSPECTION}/panel/outcome/", hearings.outcome, name="outcome"),
    path(f"{INSPECTION}/seal/", results.seal, name="seal"),
    path(f"{INSPECTION}/seal/reopen/", results.reopen, name="reopen"),
    path(f"{INSPECTION}/seal/<int:number>/file/", results.seal_file, name="seal_file"),
    path(f"{RETENTION}/", retention.retention, name="retention"),
    path(f"{RETENTION}/publication/", retention.publication, name="retention_publication"),
    path(f"{RETENTION}/months/", retention.months, name="retention_months"),
    path(f"{RETENTION}/certificate/", retention.certificate, name="retention_certificate"),
    path(
        f"{RETENTION}/certificate/file/",
        retention.certificate_as_file,
        name="retention_certificate_file",
    ),
    path(f"{INSPECTION}/export/", exporting.export, name="export"),
    path(f"{INSPECTION}/export/<int:export_id>/file/", exporting.export_file, name="export_file"),
]
