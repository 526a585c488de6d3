"""Addresses of an inspection's cases."""

from django.urls import path

from cases import views
from cases.models import Case

app_name = "cases"

INSPECTION = "inspections/<int:inspection_id>/"
CASE = f"{INSPECTION}cases/<int:case_id>/"

urlpatterns = [
    # First, as it is asked for most.
    path(f"{CASE}saves/", views.saves, name="saves"),
    path(f"{INSPECTION}cases/", views.cases, name="cases"),
    path(f"{INSPECTION}progress/", views.progress, name="progress"),
    path(f"{INSPECTION}contradictions/", views.contradictions, name="contradictions"),
    path(f"{INSPECTION}outbox-file/", views.outbox_file, name="outbox-file"),
    path("session/", views.session, name="session"),
    path(CASE, views.case, name="case"),
    path(f"{CASE}details/", views.details, name="details"),
    path(f"{CASE}allocate/", views.allocate, name="allocate"),
    path(f"{CASE}history/", views.history, name="history"),
    path(f"{CASE}comments/", views.comments, name="comments"),
    path(f"{CASE}submit/", views.move, {"to": Case.State.SUBMITTED}, name="submit"),
    path(f"{CASE}return/", views.move, {"to": Case.State.RETURNED}, name="return"),
    path(f"{CASE}sign_off/", views.move, {"to": Case.State.SIGNED_OFF}, name="sign_off"),
    path(f"{CASE}<str:standard>/", views.record, name="record"),
]
