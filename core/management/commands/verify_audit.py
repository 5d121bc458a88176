"""``manage.py verify_audit``: whether the trail is as it was written."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.seals import verify_chain


class Command(BaseCommand):
    help = "Check the chain of seals over the trail and name the first broken place. Ends with 1 when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", default="", help="a head noted earlier, which must still be part of the chain")

    def handle(self, *args: Any, head: str, **options: Any) -> None:
        report = verify_chain(noted_head=head)
        if report.broken:
            raise CommandError(report.broken, returncode=1)
        self.stdout.write(f"{report.sealed} events are as they were sealed; {report.unsealed} wait to be sealed.")
        self.stdout.write(f"Head of the chain: {report.head}")
