"""The addresses of the site: the admin with all that belongs to signing in, and everything that the app shows."""

from allauth.account.views import logout
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from grades.urls import staff_urlpatterns
from peel_site.signin.views import of_admin

urlpatterns = [
    path(settings.ACCOUNT_PATH, include("peel_site.signin.urls")),
    path(settings.ACCOUNT_PATH, include((staff_urlpatterns, "staff"))),
    # The admin's own pages for the same, which it goes on linking to.
    path(f"{settings.ADMIN_PATH}login/", of_admin),
    path(f"{settings.ADMIN_PATH}logout/", logout),
    path(
        f"{settings.ADMIN_PATH}password_change/",
        RedirectView.as_view(pattern_name="account_change_password", permanent=False),
    ),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("api/v1/", include("grades.api.urls")),
    path("", include("grades.urls")),
]

handler400 = "grades.views.errors.bad_request"
handler403 = "grades.views.errors.permission_denied"
handler404 = "grades.views.errors.page_not_found"
handler429 = "peel_site.signin.locking.rate_limited"
handler500 = "grades.views.errors.server_error"
