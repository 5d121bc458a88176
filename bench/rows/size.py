"""What an installation takes on disk, without the tools of tests."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tools import ROOT

from ..lines import Line, at_most, for_information
from ..stage import Stage

# What the bare program needs: Django, its driver, its server, and what draws its certificates.
OF_BARE = ["django", "psycopg2-binary", "gunicorn", "weasyprint"]


def locked() -> set[str]:
    """The packages of requirements.lock."""
    return set(re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))


def needed_by(names: Iterable[str]) -> set[str]:
    """Packages with all that they ask for, as far as it is installed; extras only where named."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        try:
            asked = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        if name.lower() in found:
            continue
        found.add(name.lower())
        for line in asked:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return found


def on_disk(path: Path) -> int:
    try:
        return path.stat().st_blocks * 512
    except OSError:
        return 0


def size_of(names: Iterable[str]) -> float:
    """MB of the files that pip put there for these packages, compiled ones included."""
    total = 0
    for name in names:
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:  # only for other systems
            continue
        total += sum(on_disk(Path(str(file.locate()))) for file in files)
    return total / 1e6


def own_size() -> float:
    """MB of our own files with the built front end, without tests and measuring."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    own = [ROOT / name for name in listed if not name.startswith(("tests/", "bench/", "docs/"))]
    built = [path for path in (ROOT / "static" / "build").rglob("*") if path.is_file()]
    return sum(map(on_disk, {*own, *built})) / 1e6


def measure(stage: Stage) -> list[Line]:
    packages, own, bare = size_of(locked()), own_size(), size_of(needed_by(OF_BARE))
    return [
        at_most("Installed size without test tools", packages + own, "MB", most=300, bare=bare),
        for_information("Of that our own files", own, "MB"),
    ]
