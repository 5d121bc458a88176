"""``manage.py prepare``: the database made ready to serve, with the demonstration on an empty one."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from core.models import Partnership


class Command(BaseCommand):
    requires_system_checks = ()  # seconds at every start; python3 run.py check runs them
    help = "Bring the database up to date and, in development, load the demonstration when it is empty."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        commands = get_commands()
        if settings.DEMO_SIGN_INS and "load_demo" in commands and not Partnership.objects.exists():
            self._load_demonstration()
        if settings.DEMO_SIGN_INS and "demo_sign_ins" in commands:
            call_command("demo_sign_ins")

    def _load_demonstration(self) -> None:
        began = time.monotonic()
        self.stdout.write("Loading the demonstration partnership with a year of training ...")
        self.stdout.flush()
        call_command("load_demo")
        self.stdout.write(f"  done in {time.monotonic() - began:.1f} s")
