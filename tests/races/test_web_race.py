"""The same crowd through the real form: gunicorn's four processes, and 500 requests that arrive together."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from agencies.models import Person
from bookings.enums import BookingStatus
from bookings.models import Booking
from core.middleware.session_lifetime import SEEN_AT, SIGNED_IN_AT
from core.models import Partnership
from courses.models import CourseSession
from tests.factories import ACCOUNT_BACKEND, SessionFactory, in_days
from tests.support.processes import free_port, test_database_url, wait_until

pytestmark = pytest.mark.races
RUNS, PLACES, LONGEST_WAIT = 20, 25, 60
CSRF = "c" * 32


@pytest.fixture
def port(partnership: Partnership, tmp_path: Path) -> Iterator[int]:
    """gunicorn as it serves a partnership, on the test's database."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": test_database_url(),
        "BIND": f"127.0.0.1:{port}",
        "GUNICORN_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn_conf", "config.wsgi:application"]
    with (tmp_path / "log").open("wb") as log:
        web = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    try:
        assert wait_until(lambda: asyncio.run(_answers(port)), seconds=60), (tmp_path / "log").read_text()
        yield port
    finally:
        web.terminate()
        web.wait(timeout=30)


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def sign_in_all(people: list[Person], sessions: list[CourseSession]) -> list[str]:
    """The cookies of everyone, signed in and with every form filled in up to its last step."""
    users = User.objects.bulk_create(User(email=person.email, password="!") for person in people)
    for person, user in zip(people, users, strict=True):
        person.user = user
    Person.objects.bulk_update(people, ["user"])
    answers = {f"booking-{session.pk}": {"access": [], "other": ""} for session in sessions}
    store, now = SessionStore(), timezone.now()
    kept = [
        Session(
            session_key=f"crowd{number:026d}",
            session_data=store.encode(
                {
                    "_auth_user_id": str(user.pk),
                    "_auth_user_backend": ACCOUNT_BACKEND,
                    "_auth_user_hash": user.get_session_auth_hash(),
                    SIGNED_IN_AT: now.timestamp(),
                    SEEN_AT: now.timestamp(),
                    **answers,
                }
            ),
            expire_date=now + dt.timedelta(hours=1),
        )
        for number, user in enumerate(users)
    ]
    Session.objects.bulk_create(kept)
    return [f"{settings.SESSION_COOKIE_NAME}={one.session_key}; csrftoken={CSRF}" for one in kept]


def confirm(session: CourseSession, cookie: str, port: int) -> bytes:
    """The request of someone who presses "Confirm booking"."""
    form = {"csrfmiddlewaretoken": CSRF, "submission_id": str(uuid.uuid4()), "place_seen": "True"}
    body = urlencode(form).encode()
    head = [
        f"POST /book/{session.ref}/check/ HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: {cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def press_together(requests: list[bytes], port: int) -> list[tuple[int, str, float]]:
    """As ``send_together``; whoever is told that the date is busy presses again, as the page asks, up to five times."""
    answers = asyncio.run(send_together(requests, port))
    for _ in range(5):
        busy = [number for number, (status, _, _) in enumerate(answers) if status == 200]
        again = asyncio.run(send_together([requests[number] for number in busy], port))
        for number, answer in zip(busy, again, strict=True):
            answers[number] = answer
    return answers


async def send_together(requests: list[bytes], port: int) -> list[tuple[int, str, float]]:
    """Status, address led to and seconds of each: every connection is open before the first request leaves."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in requests]
    start = time.monotonic()

    async def send(request: bytes, connection: Any) -> tuple[int, str, float]:
        reader, writer = connection
        writer.write(request)
        answer = (await asyncio.wait_for(reader.read(), LONGEST_WAIT)).decode(errors="replace")
        writer.close()
        lines = answer.split("\r\n\r\n")[0].split("\r\n")
        led = next((line.partition(": ")[2] for line in lines if line.lower().startswith("location:")), "")
        return int(lines[0].split()[1]), led, time.monotonic() - start

    return await asyncio.gather(*(send(*pair) for pair in zip(requests, opened, strict=True)))


@pytest.mark.rule("R43")
def test_500_people_press_the_button_together_20_times(
    partnership: Partnership, crowd: list[Person], port: int
) -> None:
    sessions = [
        SessionFactory(partnership=partnership, capacity=PLACES, starts_at=in_days(60 + number))
        for number in range(RUNS)
    ]
    cookies = sign_in_all(crowd, sessions)
    waits: list[float] = []
    for session in sessions:
        answers = press_together([confirm(session, cookie, port) for cookie in cookies], port)
        assert {status for status, _, _ in answers} == {302}
        assert all("/done/" in led for _, led, _ in answers)
        bookings = Booking.objects.filter(session=session)
        booked = bookings.filter(status=BookingStatus.BOOKED).values_list("place_number", flat=True)
        assert sorted(booked) == list(range(1, PLACES + 1))
        assert bookings.waiting().count() == len(crowd) - PLACES
        waits += [seconds for _, _, seconds in answers]
    print(f"95% were answered within {sorted(waits)[int(len(waits) * 0.95)]:.1f} s, the last after {max(waits):.1f} s")


@pytest.mark.rule("R43")
def test_pressing_the_button_50_times_at_once_books_once(
    partnership: Partnership, crowd: list[Person], port: int
) -> None:
    session = SessionFactory(partnership=partnership, capacity=PLACES, starts_at=in_days(60))
    [cookie] = sign_in_all(crowd[:1], [session])
    answers = press_together([confirm(session, cookie, port) for _ in range(50)], port)
    booking = Booking.objects.get(session=session)
    assert {status for status, _, _ in answers} == {302}
    assert all(booking.reference in led for _, led, _ in answers)
