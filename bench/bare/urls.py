from django.urls import path

from . import views

urlpatterns = [
    path("training/", views.catalogue),
    path("book/<int:session_id>/", views.book),
]
