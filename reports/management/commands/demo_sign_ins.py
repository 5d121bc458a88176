"""``manage.py demo_sign_ins``: print the demo's sign-ins."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reports.demo.sign_ins import sign_in_lines


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Print a sign-in for each role of the demo. Prints nothing outside development."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO_SIGN_INS:
            for line in sign_in_lines(settings.SITE_BASE_URL):
                self.stdout.write(line)
