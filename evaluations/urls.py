from django.urls import URLPattern, URLResolver, path

from .views import impact, initial

app_name = "evaluations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("my/evaluations/<str:reference>/", initial.initial, name="initial"),
    path("evaluate/", initial.evaluate_answer, name="evaluate_answer"),
    path("evaluate/<str:token>/", initial.evaluate, name="evaluate"),
    path("my/surveys/<str:reference>/", impact.my_survey, name="my_survey"),
    path("survey/", impact.survey_answer, name="survey_answer"),
    path("survey/<str:token>/", impact.survey, name="survey"),
]
