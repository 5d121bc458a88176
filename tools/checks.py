"""What has to hold of the code without running it: lint, types, layers, settings, migrations, lock files, lengths."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools import ROOT, lengths, locks
from tools.environment import PROGRAMS, PYTHON
from tools.say import say

# Values that production settings ask for; nothing is connected to by the checks.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "a-key-for-the-check-only-that-is-long-and-0123456789-various-enough",
    "DATABASE_URL": "postgres://archway@127.0.0.1/archway",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "ALLOWED_HOSTS": "training.example.org",
    "SITE_BASE_URL": "https://training.example.org",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
}
TESTING = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


@dataclass(frozen=True)
class Program:
    """A check that is a program: it holds when the program ends with 0."""

    name: str
    command: list[str]
    env: dict[str, str]

    def problems(self) -> list[str]:
        ended = subprocess.run(
            self.command, cwd=ROOT, env={**os.environ, **self.env}, capture_output=True, text=True, check=False
        )
        return [] if ended.returncode == 0 else [(ended.stdout + ended.stderr).strip()]


@dataclass(frozen=True)
class Look:
    """A check of our own: it holds when it finds nothing to say."""

    name: str
    problems: Callable[[], list[str]]


def _django(name: str, *arguments: str, env: dict[str, str]) -> Program:
    return Program(name, [str(PYTHON), "-W", "error::RuntimeWarning", "manage.py", *arguments], env)


def _all() -> Iterator[Program | Look]:
    ruff = str(PROGRAMS / "ruff")
    yield Look("Lock files are fresh and name no address", locks.problems)
    yield Look("Files and functions are short", lengths.problems)
    yield Program("Lint (ruff)", [ruff, "check", "--quiet", "."], {})
    yield Program("Format (ruff)", [ruff, "format", "--check", "--quiet", "."], {})
    yield Program("Layers (import-linter)", [str(PROGRAMS / "lint-imports"), "--no-cache"], {})
    yield _django("No migration is missing", "makemigrations", "--check", "--dry-run", env=TESTING)
    yield _django("Production settings", "check", "--deploy", "--fail-level", "WARNING", env=PRODUCTION)
    yield Program("Types (mypy)", [str(PROGRAMS / "mypy")], {})


def check() -> int:
    """Run every check and say what does not hold. Returns the exit code."""
    failed = 0
    for one in _all():
        began = time.monotonic()
        problems = one.problems()
        failed += bool(problems)
        say(f"{'FAIL' if problems else 'ok  '}  {one.name} ({time.monotonic() - began:.1f} s)")
        for problem in problems:
            say(f"{problem}\n")
    say("All checks passed." if not failed else f"{failed} of the checks FAILED.")
    return 1 if failed else 0


def fix() -> int:
    """Put right what ruff can put right. Returns the exit code."""
    ruff = str(PROGRAMS / "ruff")
    code = subprocess.run([ruff, "check", "--fix", "."], cwd=ROOT, check=False).returncode
    return subprocess.run([ruff, "format", "."], cwd=ROOT, check=False).returncode or code
