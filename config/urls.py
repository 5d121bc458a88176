"""The addresses of the service. Each app owns its own list."""

from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("agencies.urls")),
    path("", include("courses.urls")),
    path("", include("trainers.urls")),
    path("", include("bookings.urls")),
    path("", include("evaluations.urls")),
    path("", include("reports.urls")),
    path("accounts/", include("allauth.urls")),
]

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.permission_denied"
handler404 = "core.views.errors.page_not_found"
handler500 = "core.views.errors.server_error"
