"""Packages of the operating system: installed where we may, named where we may not."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.say import Failure, run_quietly, say, step

PANGO_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")


@dataclass(frozen=True)
class Need:
    """Something of the operating system, the Debian packages that bring it, and what is missed without it."""

    name: str
    packages: tuple[str, ...]
    missed: str

    def is_met(self) -> bool:
        return bool(CHECKS[self.name]())


def _has_pango() -> bool:
    if os.uname().sysname != "Linux":
        return True  # found by WeasyPrint itself where the system keeps libraries elsewhere
    for library in PANGO_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            return False
    return True


def postgres_programs() -> Path | None:
    """The folder with initdb and pg_ctl, None when PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


CHECKS = {
    "pdf": _has_pango,
    "postgres": lambda: postgres_programs() is not None,
    "redis": lambda: shutil.which("redis-server") is not None,
    "chromium": lambda: shutil.which("chromium") is not None,
}
PDF = Need("pdf", ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"), "certificates and reports as PDF")
POSTGRES = Need("postgres", ("postgresql",), "the tests on PostgreSQL")
REDIS = Need("redis", ("redis-server",), "the tests with Redis")
CHROMIUM = Need("chromium", ("chromium",), "the tests in a browser")


def may_install() -> list[str] | None:
    """The words that go before apt-get ([] as root), None where packages cannot be installed from here."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install(packages: list[str]) -> None:
    """Install Debian packages, saying which. Raises Failure when apt-get refuses."""
    before = may_install()
    if before is None:
        raise Failure(f"Please type: sudo apt-get install {' '.join(packages)}")
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    command = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends"]
    with step(f"Installing system packages: {' '.join(packages)}"):
        try:
            run_quietly([*command, *packages], env=env)
        except Failure:  # the lists of packages are missing or old
            run_quietly([*before, "apt-get", "update", "-q"], env=env)
            run_quietly([*command, *packages], env=env)


def provide(*needs: Need) -> list[Need]:
    """Install what is missing of ``needs`` where we may. Returns what is still missing, after saying so."""
    missing = [need for need in needs if not need.is_met()]
    if missing and may_install() is not None:
        try:
            install([package for need in missing for package in need.packages])
        except Failure as failure:
            say(f"{failure}\nThe system packages could not be installed; going on without them.")
    missing = [need for need in missing if not need.is_met()]
    for need in missing:
        say(f"Without {need.missed}. To have them, type: sudo apt-get install {' '.join(need.packages)}")
    return missing
