"""Bring a list of a partnership in from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import RuleBroken, UnusableInput
from core.imports.registry import import_kind, import_kinds
from core.imports.rows import CheckedFile, describe
from core.imports.running import check_file, import_file
from core.models import Partnership

ROWS_REFUSED, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Bring in a list: agencies, staff, courses, sessions or bookings, as CSV or XLSX. Ends with 0 when all rows "
        "went in, 1 when rows were refused, 2 when the file or an argument cannot be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("partnership", help="the partnership's short name in addresses, such as aldermere")
        parser.add_argument("kind", help=f"one of: {', '.join(kind.name for kind in import_kinds())}")
        parser.add_argument("file", help="a CSV or XLSX file")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--good-rows-only", action="store_true", help="leave wrong rows out and bring in the others"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = self._run(options)
        except (UnusableInput, RuleBroken) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        self._say_changes(file, dry_run=options["dry_run"])
        for problem in file.problems:
            self.stderr.write(str(problem), self.style.NOTICE)
        self.stdout.write(describe(file.counts()))
        if file.problems:
            raise SystemExit(ROWS_REFUSED)

    def _run(self, options: dict[str, Any]) -> CheckedFile:
        partnership = Partnership.objects.filter(slug=options["partnership"]).first()
        if partnership is None:
            slug = options["partnership"]
            raise UnusableInput(f"There is no partnership “{slug}”. Load its file with load_partnership first.")
        kind, path, now = import_kind(options["kind"]), Path(options["file"]), timezone.now()
        if options["dry_run"]:
            return check_file(partnership=partnership, kind=kind, path=path, now=now)
        return import_file(
            partnership=partnership, kind=kind, path=path, good_rows_only=options["good_rows_only"], by=None, now=now
        ).file

    def _say_changes(self, file: CheckedFile, *, dry_run: bool) -> None:
        for notice in file.notices:
            self.stdout.write(notice)
        if not dry_run:
            return
        for row in file.rows:
            changes = [f"{name}: {before or '(empty)'} → {after or '(empty)'}" for name, before, after in row.changes]
            if row.is_good:
                self.stdout.write(f"line {row.line}: {row.outcome}" + (f" ({'; '.join(changes)})" if changes else ""))
