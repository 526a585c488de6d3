"""URLs of an inspection's ratings, of the panel and of seals."""

from django.urls import path

from ratings.evidence.urls import urlpatterns as findings
from ratings.pages import views
from ratings.pages.what_if import what_if
from ratings.panel import views as panel
from ratings.results import views as results

app_name = "ratings"
INSPECTION = "inspections/<int:inspection_id>"
urlpatterns = [
    path(f"{INSPECTION}/ratings/", views.ratings, name="ratings"),
    path(f"{INSPECTION}/ratings/events/", views.events, name="events"),
    path(f"{INSPECTION}/ratings/what-if/", what_if, name="what-if"),
    *findings,
    path("panel/", panel.meetings, name="meetings"),
    path("panel/arrange/", panel.arrange, name="arrange"),
    path("panel/<int:meeting_id>/", panel.meeting, name="meeting"),
    path(f"{INSPECTION}/panel/", panel.panel, name="panel"),
    path(f"{INSPECTION}/panel/submit/", panel.submit, name="submit"),
    path(f"{INSPECTION}/panel/arrange/", panel.arrange_for, name="arrange_for"),
    path(f"{INSPECTION}/panel/give-back/", panel.give_back, name="give_back"),
    path(f"{INSPECTION}/panel/step-aside/", panel.step_aside, name="step_aside"),
    path(f"{INSPECTION}/panel/outcome/", panel.outcome, name="outcome"),
    path(
        f"{INSPECTION}/ratings/discretion/<str:target>/",
        panel.discretion,
        name="discretion",
    ),
    path(
        f"{INSPECTION}/ratings/discretion/<int:discretion_id>/withdraw/",
        panel.withdraw,
        name="withdraw",
    ),
    path(f"{INSPECTION}/seal/", results.seal, name="seal"),
    path(f"{INSPECTION}/seal/reopen/", results.reopen, name="reopen"),
    path(f"{INSPECTION}/seal/<int:number>/file/", results.seal_file, name="seal_file"),
]
