"""The addresses of the site: the admin, and everything that the app shows."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("grades.urls")),
]

handler400 = "grades.views.errors.bad_request"
handler403 = "grades.views.errors.permission_denied"
handler404 = "grades.views.errors.page_not_found"
handler500 = "grades.views.errors.server_error"
