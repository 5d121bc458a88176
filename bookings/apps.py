from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Bookings and charges"

    def ready(self) -> None:
        from . import (  # noqa: F401  (registers mails, answers to signals, sweeps)
            emails,
            partnership_file,
            receivers,
            sweeps,
        )
