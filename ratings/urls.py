"""Addresses of an inspection's ratings."""

from django.urls import path

from ratings.evidence.urls import urlpatterns as findings
from ratings.pages import views
from ratings.pages.what_if import what_if
from ratings.panel.urls import urlpatterns as panel
from ratings.results.urls import urlpatterns as sealing

app_name = "ratings"
urlpatterns = [
    path("inspections/<int:inspection_id>/ratings/", views.ratings, name="ratings"),
    path("inspections/<int:inspection_id>/ratings/events/", views.events, name="events"),
    path("inspections/<int:inspection_id>/ratings/what-if/", what_if, name="what-if"),
    *findings,
    *panel,
    *sealing,
]
