"""The lock files: written with uv, holding every version and hash and no address; and the test that they are fresh."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

from tools import ROOT
from tools.say import run_quietly

# Lock file -> the lists of pyproject.toml it holds ("" is what the service itself needs).
LOCKS: dict[str, tuple[str, ...]] = {
    "requirements.lock": ("",),
    "requirements-dev.lock": ("", "dev"),
    "requirements-assets.lock": ("assets",),
}
OLDEST_PYTHON = "3.11"
FORBIDDEN = re.compile(r"://|^\s*--(?!hash)|(?:^|\s)-[fi]\s", re.MULTILINE)


def _wanted(lists: tuple[str, ...]) -> list[str]:
    """The requirements that a lock file answers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {"": project["dependencies"], **project["optional-dependencies"]}
    return [requirement for name in lists for requirement in named[name]]


def _first_line(lists: tuple[str, ...]) -> str:
    name = hashlib.sha256("\n".join(_wanted(lists)).encode()).hexdigest()[:16]
    return f"# Written by `python3 run.py lock` from pyproject.toml ({name}); do not edit by hand."


def write(uv: Path) -> list[Path]:
    """Write every lock file anew. Versions stay as they are wherever pyproject.toml still allows them."""
    written = []
    for name, lists in LOCKS.items():
        path = ROOT / name
        constraint = ["--constraint", str(ROOT / "requirements.lock")] if name != "requirements.lock" else []
        run_quietly(
            [str(uv), "pip", "compile", "-", "--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
            + [
                "--no-header",
                "--no-annotate",
                "--quiet",
                "--no-python-downloads",
                "--output-file",
                str(path),
                *constraint,
            ],
            input_text="\n".join(_wanted(lists)),
        )
        path.write_text(f"{_first_line(lists)}\n{path.read_text()}")
        written.append(path)
    return written


def problems() -> list[str]:
    """What is wrong with the lock files, in sentences; empty when all is well."""
    found = []
    for name, lists in LOCKS.items():
        text = (ROOT / name).read_text()
        if not text.startswith(_first_line(lists)):
            found.append(f"{name} is older than pyproject.toml: run python3 run.py lock")
        if match := FORBIDDEN.search(text):
            found.append(f"{name} names an address or an option ({match.group().strip()!r})")
    if '"resolved"' in (ROOT / "package-lock.json").read_text():
        found.append("package-lock.json says where packages came from: run npm install with the .npmrc of this folder")
    return found
