"""Logs hold ids, never names, addresses, paths or secrets."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.test import Client
from django.urls import reverse

from core.logs import JsonFormatter, masked


def line(name: str, message: str, *args: object, level: int = logging.INFO, **extra: object) -> dict[str, object]:
    """What is written for a record."""
    record = logging.makeLogRecord({"name": name, "msg": message, "args": args, "levelno": level, **extra})
    record.levelname = logging.getLevelName(level)
    return dict(json.loads(JsonFormatter().format(record)))


def test_our_own_lines_carry_their_ids() -> None:
    written = line("bookings.domain.placing", "booking made", booking=17, partnership=3)
    assert written["message"] == "booking made"
    assert (written["booking"], written["partnership"]) == (17, 3)


def test_the_time_is_utc() -> None:
    assert str(line("core", "x", created=0.0)["at"]) == "1970-01-01T00:00:00.000+00:00"


def test_of_other_packages_only_the_template_is_kept() -> None:
    written = line("django.request", "Not Found: %s", "/surveys/3kd93kd93kd/", status_code=404, level=logging.WARNING)
    assert written["message"] == "Not Found: %s"
    assert written["status"] == 404
    assert "surveys" not in json.dumps(written)


def test_what_starts_and_stops_is_said_in_full_but_errors_are_not() -> None:
    assert line("gunicorn.error", "Listening at: %s", "port 8000")["message"] == "Listening at: port 8000"
    assert line("gunicorn.error", "Error handling request %s", "/s/k3", level=logging.ERROR)["message"] == (
        "Error handling request %s"
    )


def test_an_exception_says_where_but_not_what() -> None:
    try:
        raise ValueError("Amira Hussain, amira@wrenshire.example")
    except ValueError:
        written = line(
            "django.request", "Internal Server Error: %s", "/x", exc_info=sys.exc_info(), level=logging.ERROR
        )
    assert written["error"] == "ValueError"
    assert "test_logs.py" in str(written["where"])
    assert "Amira" not in json.dumps(written)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("to amira.hussain+x@wrenshire.example now", "to [address] now"),
        ("token Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9v", "token [secret]"),
        ("booking 17 placed", "booking 17 placed"),
    ],
)
def test_the_net_below_the_rule(text: str, kept: str) -> None:
    assert masked(text) == kept


def test_a_line_break_cannot_forge_a_line() -> None:
    record = logging.makeLogRecord({"name": "core", "msg": "first\n{second}", "levelname": "INFO"})
    assert "\n" not in JsonFormatter().format(record)


@pytest.mark.django_db
def test_a_request_is_one_line_with_the_route_and_no_address(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("core.requests")
    logger.disabled = False
    with caplog.at_level(logging.INFO, logger="core.requests"):
        response = Client().get(reverse("core:health_live"), {"token": "k3"})
    (record,) = caplog.records
    assert (record.method, record.route, record.status) == ("GET", "core:health_live", 200)  # type: ignore[attr-defined]
    assert record.milliseconds >= 0  # type: ignore[attr-defined]
    assert "k3" not in JsonFormatter().format(record)
    assert len(response["X-Request-ID"]) == 12
