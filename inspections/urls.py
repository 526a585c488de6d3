"""Addresses of an inspection's judgements; its home and its cases are in ``cases.urls``."""

from django.urls import path

from inspections import views

app_name = "inspections"

urlpatterns = [
    path(
        "inspections/<int:inspection_id>/judgements/",
        views.judgements,
        name="judgements",
    ),
    path(
        "inspections/<int:inspection_id>/judgements/<str:standard>/",
        views.judgement,
        name="judgement",
    ),
]
