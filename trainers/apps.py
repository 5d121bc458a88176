from django.apps import AppConfig


class TrainersConfig(AppConfig):
    name = "trainers"
    verbose_name = "Training pool"

    def ready(self) -> None:
        from . import partnership_file  # noqa: F401  (registers what files of this app hold)
