from django.urls import path

from .views import gallery, health, home, pages

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("health/work/", health.work, name="health_work"),
]
