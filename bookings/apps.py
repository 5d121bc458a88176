from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Bookings and charges"

    def ready(self) -> None:
        from . import emails  # noqa: F401  (registers the mails)
