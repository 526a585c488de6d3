"""URLs of the pages that use every app."""

from django.urls import path

from config.site import components, device, forms, moving, ready, statements, views
from config.site.help import views as help_views
from config.site.history import views as history

app_name = "site"

urlpatterns = [
    path("", views.inspections, name="inspections"),
    path("inspections/<int:inspection_id>/", views.home, name="home"),
    path("inspections/<int:inspection_id>/move/<str:to>/", moving.move_inspection_on, name="move"),
    path("offline-cases/", device.offline_cases, name="offline-cases"),
    path("last-owner/", device.last_owner, name="last-owner"),
    path("offline/", device.offline, name="offline"),
    path("outbox/", device.outbox, name="outbox"),
    path("sent-forms/", forms.sent_forms, name="sent-forms"),
    path("not-sent/", forms.not_sent, name="not-sent"),
    path("not-sent/discard/", forms.discard, name="discard"),
    path("components/", components.components, name="components"),
    path(
        "inspections/<int:inspection_id>/history/",
        history.inspection_history,
        name="inspection-history",
    ),
    path("history/", history.history, name="history"),
    path("history/export/", history.export, name="export-history"),
    path("help/", help_views.help_page, name="help"),
    path("help/<slug:role>/", help_views.help_page, name="help-of"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("cookies/", statements.cookies, name="cookies"),
    path("ready/", ready.ready, name="ready"),
    path("service-worker.js", device.service_worker, name="service-worker"),
]
