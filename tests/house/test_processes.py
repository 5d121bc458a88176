"""The processes of a real installation without containers: gunicorn, a Celery worker and beat, PostgreSQL and Redis."""

from __future__ import annotations

import json
import re
import socket

import pytest
from django.utils import timezone

from accounts.adapter import ACCOUNT_MAIL
from core.models import OutboxMessage
from core.outbox import new_message
from tests.factories import PartnershipFactory
from tests.support.processes import HOST, Installation, wait_until
from tests.support.smtp_sink import SmtpSink, smtp_sink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def put_into_outbox(recipient: str) -> OutboxMessage:
    """A mail that is due, written as by another process: nobody is nudged."""
    message = new_message(
        kind=ACCOUNT_MAIL.name,
        partnership=None,
        about=PartnershipFactory(),
        recipient=recipient,
        due_at=timezone.now(),
        facts={"subject": "Your sign-in code", "body": "The code is 123456."},
    )
    message.save()
    return message


def problems(installation: Installation) -> list[str]:
    _, body = installation.get("/health/work/")
    return list(json.loads(body)["problems"]) if body else ["nobody answers"]


def test_a_due_mail_leaves_and_health_turns_red_when_the_worker_or_beat_is_killed(redis_url: str) -> None:
    with smtp_sink() as sink, Installation(redis_url, sink.port, {"HEALTH_SECONDS": "6"}) as running:
        running.manage("createcachetable")
        running.start_web()
        assert wait_until(lambda: running.get("/health/live/")[0] == 200), running.log.read_text()
        assert running.get("/health/ready/")[0] == 200
        assert running.get("/health/work/")[0] == 503
        assert len(problems(running)) == 2

        message = put_into_outbox("amira.hussain@wrenshire.example")
        running.start_worker()
        running.start_beat()
        assert sink.wait_for(1, seconds=40), running.log.read_text()
        assert sink.recipients == ["amira.hussain@wrenshire.example"]
        assert sink.messages[0]["Subject"] == "Your sign-in code"
        assert wait_until(lambda: OutboxMessage.objects.get(pk=message.pk).state == OutboxMessage.State.SENT)
        assert wait_until(lambda: running.get("/health/work/")[0] == 200), problems(running)

        running.kill("worker")
        assert wait_until(lambda: running.get("/health/work/")[0] == 503, seconds=20)
        assert any("worker" in problem for problem in problems(running))
        assert running.get("/health/live/")[0] == 200

        running.start_worker()
        assert wait_until(lambda: running.get("/health/work/")[0] == 200, seconds=30), running.log.read_text()
        running.kill("beat")
        assert wait_until(lambda: any("beat" in problem for problem in problems(running)), seconds=20)
        assert_no_personal_data(running, sink)


def assert_no_personal_data(running: Installation, sink: SmtpSink) -> None:
    """The logs of all three parts are lines of JSON and say nothing about the person that was written to."""
    text = running.log.read_text()
    assert "amira" not in text
    assert "123456" not in text
    requests = [json.loads(line) for line in text.splitlines() if '"logger": "core.requests"' in line]
    assert {line["route"] for line in requests} >= {"core:health_live", "core:health_work"}
    assert all("at" in line and line["at"].endswith("+00:00") for line in requests)


def test_the_proxy_is_believed_and_other_hosts_are_refused(redis_url: str) -> None:
    with smtp_sink() as sink, Installation(redis_url, sink.port) as running:
        running.manage("createcachetable")
        running.manage("collectstatic", "--noinput")
        running.start_web(workers=1)
        assert wait_until(lambda: running.get("/health/live/")[0] == 200), running.log.read_text()
        status, page = running.get("/accounts/login/")
        assert status == 200, running.log.read_text()
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            assert re.search(r"\.[0-9a-f]{12}\.", address), f"{address} has no hashed name"
            assert running.get(address)[0] == 200
        assert running.get("/accounts/login/", host="elsewhere.example.org")[0] == 400
        assert plain_location(running.port) == f"https://{HOST}/accounts/login/"


def plain_location(port: int) -> str:
    """Where a visitor without TLS is sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b"")).decode()
    return next(line.split(": ", 1)[1] for line in answer.splitlines() if line.lower().startswith("location"))
