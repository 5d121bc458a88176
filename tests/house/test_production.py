"""Production settings: strict, complete, and clear about what is missing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tools.checks import PRODUCTION

pytestmark = pytest.mark.once

NEEDED = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SITE_BASE_URL", "EMAIL_URL"]


def run(*command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A program in an environment of ``env`` and nothing else of the service's."""
    ours = {*PRODUCTION, "DJANGO_ALLOW_ASYNC_UNSAFE"}
    full = {**{name: value for name, value in os.environ.items() if name not in ours}, **env}
    command = (sys.executable, *command)
    return subprocess.run(command, cwd=settings.BASE_DIR, env=full, capture_output=True, text=True, check=False)


def values(expression: str, **env: str) -> str:
    """What ``expression`` is under production settings."""
    code = f"import django; from django.conf import settings; django.setup(); print({expression})"
    ended = run("-c", code, env={**PRODUCTION, **env})
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_everything_missing_is_said_at_once() -> None:
    ended = run("manage.py", "check", env={"DJANGO_SETTINGS_MODULE": "config.settings.production"})
    assert ended.returncode == 3
    for name in NEEDED:
        assert f"{name} is not set: " in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 50 characters."),
        ("DATABASE_URL", "sqlite:///x.sqlite3", "DATABASE_URL must name a PostgreSQL database"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must hold exact names"),
        ("ALLOWED_HOSTS", "a.example.org,.example.org", "ALLOWED_HOSTS must hold exact names"),
        ("SITE_BASE_URL", "http://training.example.org", "SITE_BASE_URL must begin with https://."),
        ("EMAIL_URL", "smtp://mail.example.org:25", "EMAIL_URL must begin with smtp+tls://"),
    ],
)
def test_unsafe_values_stop_the_start(name: str, value: str, sentence: str) -> None:
    ended = run("manage.py", "check", env={**PRODUCTION, name: value})
    assert ended.returncode == 3
    assert sentence in ended.stderr
    assert value not in ended.stderr.replace(sentence, "") or value == "*"


def test_the_web_server_does_not_start_again_and_again_without_its_settings() -> None:
    env = {"DJANGO_SETTINGS_MODULE": "config.settings.production", "BIND": "127.0.0.1:22999"}
    ended = run("-m", "gunicorn", "--config", "python:config.gunicorn_conf", "config.wsgi:application", env=env)
    assert ended.returncode == 3
    assert ended.stderr.count("SECRET_KEY is not set") == 1


def test_the_deployment_check_has_nothing_to_say() -> None:
    ended = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=PRODUCTION)
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout


def test_values_that_the_design_names() -> None:
    expected = {
        "DEBUG": "False",
        "SECURE_SSL_REDIRECT": "True",
        "SECURE_HSTS_SECONDS": "63072000",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": "True",
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": "True",
        "CSRF_COOKIE_HTTPONLY": "True",
        "SESSION_COOKIE_DOMAIN": "None",
        "SESSION_COOKIE_AGE": "43200",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": "True",
        "EMAIL_USE_TLS": "True",
        "EMAIL_TIMEOUT": "20",
        "DEMO_SIGN_INS": "False",
        "PASSWORD_RESET_TIMEOUT": "3600",
        "USE_X_FORWARDED_HOST": "False",
        "CSRF_TRUSTED_ORIGINS": "['https://training.example.org']",
        "UNSAFE_TEST_SWITCHES": "frozenset()",
    }
    listed = "[str(getattr(settings, name)) for name in " + repr(list(expected)) + "]"
    assert values(listed) == str(list(expected.values()))


def test_rate_limits_live_in_the_database_so_that_signing_in_needs_no_redis() -> None:
    assert values("settings.CACHES['default']['BACKEND']").endswith("DatabaseCache")


def test_static_files_have_hashed_names() -> None:
    assert values("settings.STORAGES['staticfiles']['BACKEND']").endswith("CompressedManifestStaticFilesStorage")


def test_connections_give_up_in_time() -> None:
    options = values("settings.DATABASES['default']['OPTIONS']['options']")
    assert "statement_timeout=15000" in options
    assert "lock_timeout=5000" in options
    assert "idle_in_transaction_session_timeout=30000" in options
    assert "statement_timeout=0" in values(
        "settings.DATABASES['default']['OPTIONS']['options']", DATABASE_STATEMENT_TIMEOUT="0"
    )
