from django.urls import path

from .views import downloads, quarterly, today

app_name = "reports"
urlpatterns = [
    path("manage/", today.today, name="today"),
    path("manage/ready/", today.dates, name="dates"),
    path("start/", today.landing, name="landing"),
    path("reports/", quarterly.index, name="index"),
    path("reports/quarterly/draft/", quarterly.quarterly_draft, name="quarterly_draft"),
    path("reports/quarterly/<str:year>/q<int:quarter>/", quarterly.quarterly, name="quarterly"),
    path("reports/quarterly/<str:year>/q<int:quarter>/write/", quarterly.quarterly_write, name="quarterly_write"),
    path("reports/quarterly/<str:year>/q<int:quarter>/publish/", quarterly.quarterly_publish, name="quarterly_publish"),
    path("reports/quarterly/<str:year>/q<int:quarter>.pdf", downloads.quarterly_pdf, name="quarterly_pdf"),
    path("reports/quarterly/<str:year>/q<int:quarter>.csv", downloads.quarterly_csv, name="quarterly_csv"),
    path("reports/quarterly/<str:year>/q<int:quarter>.xlsx", downloads.quarterly_xlsx, name="quarterly_xlsx"),
    path("reports/quarterly/<str:year>/q<int:quarter>.json", downloads.quarterly_json, name="quarterly_json"),
]
