from django.urls import URLPattern, URLResolver

app_name = "trainers"
urlpatterns: list[URLPattern | URLResolver] = []
