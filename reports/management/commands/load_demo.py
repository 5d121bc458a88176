"""``manage.py load_demo``: the demo partnership with a believable year."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.models import Partnership
from reports.demo.build import build_demo


class Command(BaseCommand):
    help = "Load the demo partnership with past, present and future sessions. Refused outside development."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_SIGN_INS:
            raise CommandError("The demo has printed passwords and is loaded in development only.")
        if Partnership.objects.filter(slug="aldermere").exists():
            raise CommandError("The partnership “aldermere” is already here. Use an empty database for the demo.")
        with transaction.atomic():
            build_demo(today=timezone.localdate(), tell=lambda text: self.stdout.write(f"  {text}"))
