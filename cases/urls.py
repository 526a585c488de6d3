"""URLs of an inspection's cases."""

from django.urls import path

from cases.models import Case
from cases.views import case, cases, record, saves

app_name = "cases"

INSPECTION = "inspections/<int:inspection_id>/"
CASE = f"{INSPECTION}cases/<int:case_id>/"

urlpatterns = [
    # First, because it is requested most.
    path(f"{CASE}saves/", saves.saves, name="saves"),
    path(f"{INSPECTION}cases/", cases.cases, name="cases"),
    path(f"{INSPECTION}progress/", cases.progress, name="progress"),
    path(f"{INSPECTION}contradictions/", cases.contradictions, name="contradictions"),
    path(f"{INSPECTION}outbox-file/", cases.outbox_file, name="outbox-file"),
    path("session/", saves.session, name="session"),
    path(CASE, case.case, name="case"),
    path(f"{CASE}details/", case.details, name="details"),
    path(f"{CASE}allocate/", case.allocate, name="allocate"),
    path(f"{CASE}history/", case.history, name="history"),
    path(f"{CASE}comments/", case.comments, name="comments"),
    path(f"{CASE}submit/", case.move, {"to": Case.State.SUBMITTED}, name="submit"),
    path(f"{CASE}return/", case.move, {"to": Case.State.RETURNED}, name="return"),
    path(f"{CASE}sign_off/", case.move, {"to": Case.State.SIGNED_OFF}, name="sign_off"),
    path(f"{CASE}<str:standard>/", record.record, name="record"),
]
