from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Bookings and charges"

    def ready(self) -> None:
        from core.navigation import FOOTER, NavigationItem, register_navigation

        from . import (  # noqa: F401  (registers mails, answers to signals, sweeps, what must hold and what is kept)
            emails,
            invariants,
            kept,
            partnership_file,
            receivers,
            resources,
            sweeps,
        )

        register_navigation(
            NavigationItem("Find training", "bookings:catalogue", order=100, also=("/training/", "/book/")),
            NavigationItem("My training", "bookings:my_training", "bookings.see_own", 150, also=("/my/bookings/",)),
            NavigationItem("My delivery", "bookings:deliver", "trainers.deliver", 200),
            NavigationItem("Bookings", "bookings:manage_sessions", "bookings.manage", 350, also=("/manage/bookings/",)),
            NavigationItem("Charges", "bookings:manage_charges", "charges.manage", 600),
            NavigationItem("Check a certificate", "bookings:certificate_check", order=300, place=FOOTER),
        )
