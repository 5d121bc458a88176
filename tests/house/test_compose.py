"""The container set-up and the example of the environment name everything that production settings ask for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from .test_production import NEEDED

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("file", ["docker-compose.yml", ".env.example"])
def test_every_needed_variable_is_named(file: str, name: str) -> None:
    assert re.search(rf"^\s*{name}[:=]", (ROOT / file).read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("service", ["web", "worker", "beat", "migrate", "db", "redis", "mail"])
def test_the_parts_of_a_real_installation_are_there(service: str) -> None:
    assert re.search(rf"^  {service}:$", (ROOT / "docker-compose.yml").read_text(), flags=re.MULTILINE)


def test_no_secret_is_written_down() -> None:
    assert "SECRET_KEY: ${SECRET_KEY:?" in (ROOT / "docker-compose.yml").read_text()
    assert re.search(r"^SECRET_KEY=$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)


def test_every_variable_of_the_settings_is_in_the_example() -> None:
    read = set()
    for path in (ROOT / "config").rglob("*.py"):
        read |= set(re.findall(r'env(?:iron)?\.\w+\(\s*"([A-Z_]+)"', path.read_text()))
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    only_for_us = {"DEBUG", "DJANGO_SETTINGS_MODULE", "GUNICORN_LOG_LEVEL", "TRUST_FORWARDED_PROTO"}
    assert read - named - only_for_us == set()
