"""Mails a second with two workers, beside two processes that open a connection for each mail."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from django.conf import settings
from django.utils import timezone

from bookings.domain.placing import place_booking
from core.heartbeats import WORKER
from core.mail import render_mail
from core.models import Heartbeat, OutboxMessage
from core.nudges import publish
from tests.support.processes import wait_until

from ..client import Unexpected
from ..lines import Line, at_least_share, for_information
from ..sink import Sink, mail_sink
from ..stage import Stage
from ..world import World

LEAST = 300 / 603  # mails a second, where bare makes 603
PATIENCE = 120.0


class Post:
    """Confirmations of a booking, as many as wanted, all due now."""

    def __init__(self, stage: Stage, sink: Sink) -> None:
        self.stage, self.sink, self.count = stage, sink, stage.pick(2000, 120)
        world = World(stage, "mails")
        booking = place_booking(session=world.sessions(1)[0], person=world.people(1)[0], by=None, now=world.now)
        self.sample = OutboxMessage.objects.get(about_id=booking.pk, kind="booked")
        self.rendered = render_mail(self.sample)
        OutboxMessage.objects.filter(pk=self.sample.pk).update(state=OutboxMessage.State.SENT)
        self.made = 0

    def fill(self) -> None:
        """Queue one mail for each of ``count`` people."""
        now, first = timezone.now(), self.made
        self.made += self.count
        rows = []
        for number in range(first, self.made):
            row = OutboxMessage(key=f"booked:bench:{number}", recipient=f"person{number}@mails.example.org", due_at=now)
            for name in ("partnership_id", "kind", "facts", "calendar", "about_type", "about_id", "useful_until"):
                setattr(row, name, getattr(self.sample, name))
            rows.append(row)
        OutboxMessage.objects.bulk_create(rows, batch_size=1000)

    def rate(self, began: float) -> float:
        """Mails a second from ``began`` to the last one's arrival; each must have arrived once."""
        arrived = self.sink.wait_for(self.count, seconds=PATIENCE)
        if not arrived or len(set(self.sink.recipients)) != self.count:
            raise Unexpected(f"{len(self.sink.recipients)} of {self.count} mails arrived")
        return self.count / (self.sink.last - began)

    def ours(self) -> float:
        self.fill()
        self.sink.clear()
        began = time.perf_counter()
        publish("core.tasks.send")
        return self.rate(began)

    def bare(self) -> float:
        """Two processes, ready and let go together."""
        rows = [
            {
                "recipient": f"person{n}@mails.example.org",
                "subject": self.rendered.subject,
                "text": self.rendered.text,
                "html": self.rendered.html,
            }
            for n in range(self.count)
        ]
        path, start = self.stage.folder / "mails.jsonl", self.stage.folder / f"start{time.monotonic_ns()}"
        path.write_text("\n".join(json.dumps(row) for row in rows))
        self.stage.run_bare("fill_outbox", str(path))
        self.sink.clear()
        env = self.stage.bare_environment(BARE_SMTP_PORT=str(self.sink.port))
        command = [sys.executable, "-m", "bench.bare", "send", str(start)]
        senders = [
            subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=subprocess.DEVNULL) for _ in range(2)
        ]
        ready = wait_until(lambda: len(list(start.parent.glob(f"{start.name}.*"))) == 2)
        began = time.perf_counter()
        Path(start).touch()
        try:
            return self.rate(began) if ready else 0.0
        finally:
            for sender in senders:
                sender.wait(timeout=PATIENCE)


def measure(stage: Stage) -> list[Line]:
    if not stage.redis_url:
        return []
    assert stage.bare_first  # bare's tables are there
    with mail_sink() as sink:
        post = Post(stage, sink)
        engine = stage.installation(EMAIL_URL=f"smtp://127.0.0.1:{sink.port}")
        engine.start_worker(processes=2)
        started = timezone.now()
        publish("core.tasks.sweep")
        if not wait_until(lambda: Heartbeat.objects.filter(name=WORKER, at__gte=started).exists(), seconds=60):
            raise Unexpected(f"the worker did not start:\n{engine.log.read_text()[-1000:]}")
        post.ours()  # so that both processes have worked before they are measured
        rates, bare, connections = [], [], []
        for _ in range(stage.runs):
            rates.append(post.ours())
            connections.append(post.count / sink.connections)
            bare.append(post.bare())
        engine.kill("worker")
    return [
        at_least_share(
            "Mails a second, 2 workers",
            median(rates),
            median(bare),
            "/s",
            least=LEAST,
            words="at least 300 where bare makes 603",
        ),
        for_information("Mails over one connection", median(connections), "", bare=1),
    ]
