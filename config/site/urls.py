"""URLs of the pages that use every app."""

from django.urls import path

from config.site import components, device, views

app_name = "site"

urlpatterns = [
    path("", views.inspections, name="inspections"),
    path("inspections/<int:inspection_id>/", views.home, name="home"),
    path("inspections/<int:inspection_id>/move/<str:to>/", views.move_inspection_on, name="move"),
    path("offline-cases/", device.offline_cases, name="offline-cases"),
    path("offline/", device.offline, name="offline"),
    path("outbox/", device.outbox, name="outbox"),
    path("components/", components.components, name="components"),
    path("service-worker.js", device.service_worker, name="service-worker"),
]
