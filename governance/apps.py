from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Sub-group"

    def ready(self) -> None:
        from . import partnership_file  # noqa: F401  (registers what files of this app hold)
