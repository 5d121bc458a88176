"""The background engine as real processes that are killed in mid-work, and what may be said of the mail afterwards."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

from django.conf import settings

from tests.support.smtp_sink import SmtpSink

LINK = re.compile(r"https?://\S+/survey/[\w-]{43}/")


@dataclass
class Engine:
    """Several ``manage.py run_due`` at once, killed with -9 and started again."""

    database_url: str
    sink: SmtpSink
    arguments: Sequence[str] = ()
    count: int = 2
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.database_url,
            "TEST_SMTP_PORT": str(self.sink.port),
        }

    def start(self) -> None:
        command = [sys.executable, "manage.py", "run_due", "--skip-checks", *self.arguments]
        self.processes = [
            subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment(), stdout=subprocess.DEVNULL)
            for _ in range(self.count)
        ]

    def kill(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.killed += len(self.processes)

    def kill_when(self, arrived: Sequence[int], then: Callable[[], object] = lambda: None) -> None:
        """Start the processes and kill them as soon as so many mails have arrived; once for each number."""
        for number in arrived:
            self.start()
            assert self.sink.wait_for(number, seconds=60), f"only {len(self.sink.messages)} of {number} arrived"
            self.kill()
            then()

    def finish(self) -> None:
        """Run the processes to their own end."""
        self.start()
        deadline = time.monotonic() + 120
        codes = [process.wait(timeout=max(1.0, deadline - time.monotonic())) for process in self.processes]
        assert codes == [0] * self.count


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def doubles_in(sink: SmtpSink) -> list[str]:
    """Who got two mails. They must be the very same mail, with the same Message-ID and link; nobody has three."""
    arrived = Counter(sink.recipients)
    doubled = [recipient for recipient, times in arrived.items() if times > 1]
    assert all(arrived[recipient] == 2 for recipient in doubled)
    for recipient in doubled:
        first, second = [message for message in sink.messages if message["To"] == recipient]
        assert first["Message-ID"] == second["Message-ID"]
        assert LINK.findall(text_of(first)) == LINK.findall(text_of(second))
    return doubled
