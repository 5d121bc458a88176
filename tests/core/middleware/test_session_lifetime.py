"""A sign-in ends after twelve hours, and sooner when nobody uses it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.middleware.session_lifetime import SEEN_AT, SIGNED_IN_AT, is_over

NOW = dt.datetime(2026, 3, 12, 17, 0, tzinfo=dt.UTC)
MINUTE, HOUR = 60, 3600


def session(signed_in_ago: float, seen_ago: float) -> dict[str, float]:
    return {SIGNED_IN_AT: NOW.timestamp() - signed_in_ago, SEEN_AT: NOW.timestamp() - seen_ago}


@pytest.mark.parametrize(
    ("signed_in_ago", "seen_ago", "privileged", "over"),
    [
        (12 * HOUR - 1, 0, False, False),
        (12 * HOUR, 0, False, True),
        (4 * HOUR, 3 * HOUR - 1, False, False),
        (4 * HOUR, 3 * HOUR, False, True),
        (4 * HOUR, 30 * MINUTE - 1, True, False),
        (4 * HOUR, 30 * MINUTE, True, True),
        (4 * HOUR, 30 * MINUTE, False, False),
    ],
)
def test_when_a_sign_in_is_over(signed_in_ago: float, seen_ago: float, privileged: bool, over: bool) -> None:
    assert is_over(session(signed_in_ago, seen_ago), now=NOW, privileged=privileged) is over


def test_a_session_without_clocks_is_over() -> None:
    assert is_over({}, now=NOW, privileged=False)


@pytest.fixture
def client(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("amira.hussain@wrenshire.example"), "accounts.backends.AccountBackend")
    return client


def set_back(client: Client, key: str, **ago: float) -> None:
    stored = client.session
    stored[key] = (timezone.now() - dt.timedelta(**ago)).timestamp()
    stored.save()


def test_whoever_comes_back_too_late_is_signed_out(client: Client) -> None:
    set_back(client, SEEN_AT, hours=3, minutes=1)
    client.get("/health/live/")
    assert "_auth_user_id" not in client.session


def test_whoever_keeps_using_it_stays_signed_in_and_is_noted_once_a_minute(client: Client) -> None:
    set_back(client, SEEN_AT, minutes=2)
    client.get("/health/live/")
    assert "_auth_user_id" in client.session
    noted = client.session[SEEN_AT]
    assert timezone.now().timestamp() - noted < 30
    client.get("/health/live/")
    assert client.session[SEEN_AT] == noted
