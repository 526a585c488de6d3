"""Addresses of the panel's meetings, hearings and decisions, within those of ``ratings``."""

from django.urls import path

from ratings.panel import views

urlpatterns = [
    path("panel/", views.meetings, name="meetings"),
    path("panel/arrange/", views.arrange, name="arrange"),
    path("panel/<int:meeting_id>/", views.meeting, name="meeting"),
    path("inspections/<int:inspection_id>/panel/", views.panel, name="panel"),
    path("inspections/<int:inspection_id>/panel/submit/", views.submit, name="submit"),
    path("inspections/<int:inspection_id>/panel/arrange/", views.arrange_for, name="arrange_for"),
    path("inspections/<int:inspection_id>/panel/give-back/", views.give_back, name="give_back"),
    path("inspections/<int:inspection_id>/panel/step-aside/", views.step_aside, name="step_aside"),
    path("inspections/<int:inspection_id>/panel/outcome/", views.outcome, name="outcome"),
    path(
        "inspections/<int:inspection_id>/ratings/discretion/<str:target>/",
        views.discretion,
        name="discretion",
    ),
    path(
        "inspections/<int:inspection_id>/ratings/discretion/<int:discretion_id>/withdraw/",
        views.withdraw,
        name="withdraw",
    ),
]
