"""Addresses of inspections and their cases."""

from django.urls import path

from cases import views
from cases.views import saves
from cases.views.case import MOVE_PAGES
from cases.views.outbox_file import outbox_file

app_name = "cases"

urlpatterns = [
    # First, as it is asked for most.
    path(
        "inspections/<int:inspection_id>/cases/<int:case_id>/saves/",
        saves.saves,
        name="saves",
    ),
    path("inspections/<int:inspection_id>/cases/", views.cases, name="cases"),
    path("inspections/<int:inspection_id>/progress/", views.progress, name="progress"),
    path(
        "inspections/<int:inspection_id>/contradictions/",
        views.contradictions,
        name="contradictions",
    ),
    path("inspections/<int:inspection_id>/cases/<int:case_id>/", views.case, name="case"),
    path(
        "inspections/<int:inspection_id>/cases/<int:case_id>/details/",
        views.details,
        name="details",
    ),
    path(
        "inspections/<int:inspection_id>/cases/<int:case_id>/allocate/",
        views.allocate,
        name="allocate",
    ),
    path(
        "inspections/<int:inspection_id>/cases/<int:case_id>/history/",
        views.history,
        name="history",
    ),
    path(
        "inspections/<int:inspection_id>/cases/<int:case_id>/comments/",
        views.comments,
        name="comments",
    ),
    *(
        path(
            f"inspections/<int:inspection_id>/cases/<int:case_id>/{name}/",
            views.move,
            {"to": to},
            name=name,
        )
        for to, name in MOVE_PAGES.items()
    ),
    path("inspections/<int:inspection_id>/outbox-file/", outbox_file, name="outbox-file"),
    path("session/", saves.session, name="session"),
    path(
        "inspections/<int:inspection_id>/cases/<int:case_id>/<str:standard>/",
        views.record,
        name="record",
    ),
]
