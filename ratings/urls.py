"""Addresses of an inspection's ratings and of the panel's decisions."""

from django.urls import path

from ratings import views
from ratings.evidence.urls import urlpatterns as findings
from ratings.pages.what_if import what_if
from ratings.panel.urls import urlpatterns as panel
from ratings.results.urls import urlpatterns as sealing

app_name = "ratings"
urlpatterns = [
    path("inspections/<int:inspection_id>/ratings/", views.ratings, name="ratings"),
    path("inspections/<int:inspection_id>/ratings/events/", views.events, name="events"),
    path("inspections/<int:inspection_id>/ratings/what-if/", what_if, name="what-if"),
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
    *findings,
    *panel,
    *sealing,
]
