"""The project speaks of the product alone and reads nothing outside itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
OUTSIDE = re.compile(r"\.\./shared|/work/(?:main|shared|\.library)|/tmp/bash|/root/")


def tracked_files() -> list[Path]:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_points_outside_the_project() -> None:
    mine = Path(__file__).resolve()
    for path in tracked_files():
        if (
            path.suffix in {".py", ".md", ".html", ".toml", ".yml", ".txt", ".sh", ".json", ".css", ".js"}
            and path != mine
        ):
            found = OUTSIDE.search(path.read_text(errors="replace"))
            assert not found, f"{path.relative_to(ROOT)} names {found[0] if found else ''}"


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
