from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    name = "competencies"
    verbose_name = "Competence frameworks"

    def ready(self) -> None:
        from . import partnership_file  # noqa: F401  (registers what files of this app hold)
