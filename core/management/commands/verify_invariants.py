"""``manage.py verify_invariants``: what must hold at all times, checked in the whole database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.invariants import registered_invariants


class Command(BaseCommand):
    help = "Check what must hold whatever failed when. Prints every violation and ends with 1 when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for invariant in registered_invariants():
            violations = invariant.check()
            count += len(violations)
            self.stdout.write(f"{'FAIL' if violations else 'ok  '}  {invariant.name}")
            for violation in violations:
                self.stdout.write(f"      {violation}")
        if count:
            raise CommandError(f"{count} violation{'' if count == 1 else 's'}", returncode=1)
        self.stdout.write("0 violations")
