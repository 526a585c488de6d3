"""URLs of the whole service."""

from django.urls import include, path

from config.site.admin import site

urlpatterns = [
    path("", include("cases.urls")),
    path("", include("config.site.urls")),
    path("", include("inspections.urls")),
    path("admin/", site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("ratings.urls")),
]

handler400 = "config.pages.bad_request"
handler403 = "config.pages.forbidden"
handler500 = "config.pages.server_error"
