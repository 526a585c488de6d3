"""URLs of services, announcements and teams."""

from django.urls import path

from inspections.announcing.views import announcements, checklist, services
from inspections.team import views as team

app_name = "inspections"

INSPECTION = "inspections/<int:inspection_id>"

urlpatterns = [
    path("services/", services.services, name="services"),
    path("services/add/", services.add, name="add-service"),
    path("services/<int:service_id>/", services.service, name="service"),
    path("services/<int:service_id>/change/", services.change, name="change-service"),
    path("services/<int:service_id>/remove/", services.remove, name="remove-service"),
    path("announcements/", announcements.announcements, name="announcements"),
    path("announcements/add/", announcements.announce, name="announce"),
    path(f"{INSPECTION}/announcement/", announcements.announcement, name="announcement"),
    path(
        f"{INSPECTION}/announcement/change/",
        announcements.change,
        name="change-announcement",
    ),
    path(f"{INSPECTION}/announcement/windows/", announcements.windows, name="windows"),
    path(f"{INSPECTION}/announcement/remove/", announcements.remove, name="remove-inspection"),
    path(f"{INSPECTION}/checklist/", checklist.checklist, name="checklist"),
    path(f"{INSPECTION}/checklist/ask/", checklist.ask, name="ask"),
    path(f"{INSPECTION}/checklist/<slug:kind>/", checklist.item, name="requested-item"),
    path(f"{INSPECTION}/team/", team.team, name="team"),
    path(f"{INSPECTION}/team/history/", team.history, name="team-history"),
    path(f"{INSPECTION}/team/invite/", team.invitation, name="invite"),
    path(
        f"{INSPECTION}/team/<int:user_id>/send-again/",
        team.send_again,
        name="send-again",
    ),
    path(
        f"{INSPECTION}/team/<int:user_id>/withdraw/",
        team.withdraw,
        name="withdraw-invitation",
    ),
]
