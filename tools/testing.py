"""The test suite in its parts: on SQLite, on PostgreSQL and Redis, at once and with faults, in a browser."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass, field
from xml.etree import ElementTree

from tools import ROOT, system
from tools.environment import PYTHON
from tools.say import say
from tools.services import Services, services

RESULTS = ROOT / "var" / "test-results"  # Playwright empties its own test-results
# Pieces of the suite that run one after the other, in the build and on a developer's machine alike.
IN_PARALLEL = ["-n", "2", "--dist", "loadfile"]
ALONE = ["-n", "0"]
APART = "browser or races or faults"


@dataclass(frozen=True)
class Part:
    """One run of pytest: which marks, on which engines."""

    name: str
    marks: str
    options: list[str]
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a part ended. ``sentence`` is for the last lines on the screen."""

    good: bool
    sentence: str


def nothing_may_be_missing() -> bool:
    """In the build (CI is set) every part runs and no test is skipped."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def _pytest(arguments: list[str], env: dict[str, str]) -> int:
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    command = [str(PYTHON), "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**inherited, **env}, check=False).returncode


def _counts(report: str) -> dict[str, int]:
    """Tests, failures, errors and skips from pytest's own report."""
    path = RESULTS / report
    if not path.exists():
        return {"tests": 0}
    suite = ElementTree.parse(path).getroot().find("testsuite")
    names = ("tests", "failures", "errors", "skipped")
    return {name: int(suite.get(name, 0)) for name in names} if suite is not None else {"tests": 0}


def _run(part: Part) -> Outcome:
    say(f"\n=== {part.name}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    report = f"{part.name.lower().replace(' ', '-').replace(',', '')}.xml"
    (RESULTS / report).unlink(missing_ok=True)
    env = {**part.env, **({"NOTHING_SKIPPED": "1"} if nothing_may_be_missing() else {})}
    began = time.monotonic()
    code = _pytest(["-q", "-m", part.marks, f"--junitxml={RESULTS / report}", *part.options], env)
    counts = _counts(report)
    failed = counts.get("failures", 0) + counts.get("errors", 0)
    skipped = counts.get("skipped", 0)
    passed = counts["tests"] - failed - skipped
    text = f"{part.name}: {passed} passed, {failed} failed, {skipped} skipped in {time.monotonic() - began:.0f} s"
    return Outcome(code == 0, text if counts["tests"] else f"{text} (no test was found: pytest ended with {code})")


def _missing(name: str, why: str) -> Outcome:
    """A part that cannot run: a failure in the build, a plain word elsewhere."""
    return Outcome(not nothing_may_be_missing(), f"{name}: NOT RUN, {why}")


def _on_postgres(found: Services) -> list[Outcome]:
    if not found.database_url:
        return [_missing("PostgreSQL, and many at once", "no PostgreSQL could be reached or started")]
    without_redis = "" if found.redis_url else " and not redis"
    outcomes = [
        _run(
            Part(
                "Suite on PostgreSQL and Redis",
                f"not ({APART} or once){without_redis}",
                IN_PARALLEL,
                found.environment(),
            )
        )
    ]
    if found.redis_url:
        return [*outcomes, _run(Part("Many at once, and faults", "races or faults", ALONE, found.environment()))]
    return [*outcomes, _missing("Redis and faults", "no Redis could be reached or started")]


def _in_browser(found: Services) -> Outcome:
    if system.provide(system.CHROMIUM):
        return _missing("Journeys in a browser", "no Chromium could be found or installed")
    return _run(Part("Journeys in a browser", "browser", ALONE, found.environment()))


def everything() -> int:
    """The whole suite. Ends with one line per part and one that sums up. Returns the exit code."""
    began = time.monotonic()
    outcomes = [_run(Part("Suite on SQLite", f"not ({APART} or postgres or redis)", IN_PARALLEL))]
    with services() as found:
        outcomes += _on_postgres(found)
        outcomes.append(_in_browser(found))
    say("")
    for outcome in outcomes:
        say(f"  {'ok  ' if outcome.good else 'FAIL'}  {outcome.sentence}")
    good = all(outcome.good for outcome in outcomes)
    complete = not any("NOT RUN" in outcome.sentence for outcome in outcomes)
    verdict = "All tests passed" if good and complete else "What could run passed" if good else "Tests FAILED"
    say(f"{verdict} in {(time.monotonic() - began) / 60:.1f} minutes.")
    return 0 if good else 1


def marked(mark: str, arguments: list[str]) -> int:
    """One group (``races`` or ``faults``) on PostgreSQL and Redis. Returns the exit code."""
    with services() as found:
        return _pytest(["-m", mark, *ALONE, *arguments], found.environment())


def some(arguments: list[str]) -> int:
    """Chosen tests on SQLite (or on DATABASE_URL where it is set). Returns the exit code of pytest."""
    given = os.environ.get("DATABASE_URL", "")
    return _pytest(arguments, {"DATABASE_URL": given} if given else {})
