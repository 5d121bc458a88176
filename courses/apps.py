from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Courses and sessions"

    def ready(self) -> None:
        from . import partnership_file, resources  # noqa: F401  (registers what files of this app hold)
