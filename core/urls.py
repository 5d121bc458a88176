from django.urls import path

from .views import gallery, health, history, home, imports, jobs, mail_log, pages, retention

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
    path("manage/imports/", imports.import_list, name="import_list"),
    path("manage/imports/new/<slug:kind>/", imports.import_upload, name="import_upload"),
    path("manage/imports/new/<slug:kind>/template.csv", imports.import_template, name="import_template"),
    path("manage/imports/<int:pk>/", imports.import_check, name="import_check"),
    path("manage/imports/<int:pk>/start/", imports.import_start, name="import_start"),
    path("manage/imports/<int:pk>/wrong-rows.csv", imports.import_wrong_rows, name="import_wrong_rows"),
    path("manage/imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("manage/retention/", retention.retention, name="retention"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("health/work/", health.work, name="health_work"),
]
