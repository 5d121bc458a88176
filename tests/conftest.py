"""What every test may use, and which tests need what.

Marks: ``postgres`` and ``races`` need a PostgreSQL database, ``redis`` a Redis server, ``faults`` both, ``browser`` a
Chromium. Away from the build a test whose engine is missing is skipped with the reason; with ``NOTHING_SKIPPED=1``
(set by ``python3 run.py test`` in the build) a skipped test fails the run.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache

NEEDS_POSTGRES = {"postgres", "races", "faults"}
NEEDS_REDIS = {"redis", "faults"}
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop in the test's own thread


def has_postgres() -> bool:
    """Whether the suite runs on PostgreSQL."""
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


def redis_address() -> str:
    """The address of the Redis server for tests, empty when none answers."""
    address = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=1):
            return address
    except OSError:
        return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what cannot run here, saying why."""
    missing = {
        "postgres": not has_postgres(),
        "redis": not redis_address(),
        "browser": shutil.which("chromium") is None,
    }
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if missing["postgres"] and marks & NEEDS_POSTGRES:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL or use python3 run.py test"))
        if missing["redis"] and marks & NEEDS_REDIS:
            item.add_marker(pytest.mark.skip(reason="needs Redis: start one or use python3 run.py test"))
        if missing["browser"] and "browser" in marks:
            item.add_marker(pytest.mark.skip(reason="needs Chromium: apt-get install chromium"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With NOTHING_SKIPPED=1 a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NOTHING_SKIPPED") == "1" and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("Tests were skipped, and here nothing may be skipped.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits and remembered holidays of one test never reach the next."""
    yield
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        cache.clear()


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis database that tests may fill and empty (number 15, or TEST_REDIS_URL)."""
    return redis_address()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The machine's own Chromium: Playwright downloads nothing."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": ["--disable-dev-shm-usage", "--no-sandbox"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A British browser. Tests that inject the accessibility checker set bypass_csp themselves."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}
