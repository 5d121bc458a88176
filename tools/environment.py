"""The Python environment in ``.venv``: made once, filled from the lock files, refilled only when they change."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from tools import ROOT, system
from tools.say import Counter, Failure, run_quietly, say, step

VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"run": ROOT / "requirements.lock", "develop": ROOT / "requirements-dev.lock"}


def _fingerprint(lock: Path) -> str:
    """What an environment made from this lock file by this Python is known by."""
    made_by = f"{sys.version_info.major}.{sys.version_info.minor}".encode()
    return hashlib.sha256(lock.read_bytes() + made_by).hexdigest()


def _stamp(purpose: str) -> Path:
    return VENV / f".installed-{purpose}"


def _is_installed(purpose: str) -> bool:
    stamp = _stamp(purpose)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == _fingerprint(LOCKS[purpose])


def _works() -> bool:
    """Whether ``.venv`` is whole and was made by the Python that runs us."""
    if not PYTHON.exists():
        return False
    question = f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])!r})"
    return subprocess.run([str(PYTHON), "-c", question], capture_output=True, check=False).returncode == 0


def _make() -> None:
    """Make ``.venv``, bringing Debian's python3-venv first where it is missing."""
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    for attempt in (1, 2):
        try:
            with step("Making the Python environment in .venv"):
                run_quietly([sys.executable, "-m", "venv", VENV])
            return
        except Failure as failure:
            shutil.rmtree(VENV, ignore_errors=True)
            if attempt == 2 or system.may_install() is None:
                raise Failure(
                    f"{failure}\n\nPython cannot make an environment here. "
                    "On Debian or Ubuntu type: sudo apt-get install python3-venv"
                ) from failure
        try:
            system.install(["python3-venv"])
        except Failure:
            system.install([package])


def _fill(lock: Path) -> None:
    total = sum(line[:1].isalnum() for line in lock.read_text().splitlines())
    counter = Counter(total, "packages")

    def count(line: str) -> None:
        if line.startswith(("Collecting", "Requirement already", "Ignoring")):
            counter.advance()

    with step(f"Installing {total} Python packages from {lock.name}"):
        run_quietly(
            [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-deps"]
            + ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
            each_line=count,
        )


def prepare(*, develop: bool = False) -> None:
    """Make sure ``.venv`` holds exactly what the lock file says (with the tools of a developer if ``develop``)."""
    purpose = "develop" if develop else "run"
    if _is_installed(purpose):
        return
    if not _works():
        _make()
    _fill(LOCKS[purpose])
    for each in ("run", "develop") if develop else ("run",):
        _stamp(each).write_text(_fingerprint(LOCKS[each]))


def manage(*arguments: str, env: dict[str, str] | None = None) -> int:
    """Run a command of Django in the environment, talking straight to the person. Returns its exit code."""
    command = [str(PYTHON), str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, check=False).returncode


def run_module(name: str, *arguments: str) -> int:
    """Run one of our own modules in the environment, talking straight to the person. Returns its exit code."""
    return subprocess.run([str(PYTHON), "-m", name, *arguments], cwd=ROOT, check=False).returncode


def become(*arguments: str) -> NoReturn:
    """Turn this process into a command of Django, so that signals reach it directly."""
    command = [str(PYTHON), str(ROOT / "manage.py"), *arguments]
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)
    os.chdir(ROOT)
    os.execv(command[0], command)


def write_locks() -> None:
    """Write the lock files anew from pyproject.toml: every version and hash, and no address of any kind."""
    from tools.locks import write

    prepare(develop=True)
    with step("Writing the lock files"):
        for path in write(PROGRAMS / "uv"):
            say(f"  {path.name}")
