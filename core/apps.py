from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from . import checks, emails, engine  # noqa: F401
        from .imports import uploads  # noqa: F401
        from .middleware import session_lifetime  # noqa: F401 its clocks start with the first sign-in
