"""run.py must work before anything is installed, and install nothing that is not locked."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tools import locks

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
FILES = [ROOT / "run.py", *sorted((ROOT / "tools").glob("*.py"))]


def imported_modules(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_run_needs_the_standard_library_only(path: Path) -> None:
    assert imported_modules(path) - sys.stdlib_module_names == imported_modules(path) & {"tools"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_of_run_are_short(path: Path) -> None:
    assert path.read_text().count("\n") <= 300


@pytest.mark.parametrize("name", locks.LOCKS)
def test_lock_files_hold_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "find-links" not in text
    assert "index" not in re.sub(r"^[a-z0-9-]+==.*$", "", text, flags=re.MULTILINE)
    packages = re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, flags=re.MULTILINE)
    assert packages
    assert text.count("--hash=sha256:") >= len(packages)


def test_lock_files_are_as_new_as_the_project() -> None:
    assert locks.problems() == []


def test_the_front_end_lock_does_not_say_where_packages_came_from() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') >= 3


def test_the_build_runs_check_and_test() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().splitlines()[-2:] == ["python3 run.py check", "python3 run.py test"]
