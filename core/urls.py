from django.urls import path

from .views import gallery, health, history, home, jobs, mail_log, pages, retention

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("manage/jobs/", jobs.jobs, name="jobs"),
    path("manage/jobs/<int:pk>/", jobs.job, name="job"),
    path("manage/jobs/<int:pk>/stop/", jobs.job_stop, name="job_stop"),
    path("manage/messages/", mail_log.mail_log, name="mail_log"),
    path("manage/messages/<int:pk>/again/", mail_log.mail_again, name="mail_again"),
    path("manage/messages/<int:pk>/sent/", mail_log.mail_sent, name="mail_sent"),
    path("manage/history/", history.history, name="history"),
    path("manage/retention/", retention.retention, name="retention"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("health/work/", health.work, name="health_work"),
]
