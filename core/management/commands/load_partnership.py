"""Create or update a partnership from its file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import RuleBroken
from core.partnership_file import load_partnership


class Command(BaseCommand):
    help = "Create or update a partnership from its file (partnerships/<name>.toml). Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a TOML file such as partnerships/aldermere.toml")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loading = load_partnership(path=Path(options["file"]), by=None, now=timezone.now())
        except RuleBroken as error:
            raise CommandError(str(error), returncode=2) from error
        for line in [*loading.notices, *loading.changes]:
            self.stdout.write(line)
        name = loading.partnership.name
        self.stdout.write(f"{name}: loaded." if loading.changes else f"{name}: nothing changed.")
