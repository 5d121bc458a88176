from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "Evaluation and impact"

    def ready(self) -> None:
        from . import (  # noqa: F401
            emails,
            panels,
            partnership_file,
            receivers,
            sweeps,
        )
