from django.urls import path

from .views import health, home

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("health/work/", health.work, name="health_work"),
]
