"""Addresses of the whole service: signing in, then each app's own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("inspections.urls")),
    path("", include("cases.urls")),
    path("", include("ratings.urls")),
]
