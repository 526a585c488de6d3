"""Addresses of an inspection's seals, within those of ``ratings``."""

from django.urls import path

from ratings.results import views

urlpatterns = [
    path("inspections/<int:inspection_id>/seal/", views.seal, name="seal"),
    path("inspections/<int:inspection_id>/seal/reopen/", views.reopen, name="reopen"),
    path(
        "inspections/<int:inspection_id>/seal/<int:number>/file/",
        views.seal_file,
        name="seal_file",
    ),
]
