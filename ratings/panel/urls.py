"""Addresses of the panel's meetings and hearings, within those of ``ratings``."""

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
]
