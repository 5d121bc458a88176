"""A mail server for tests: keeps every message it accepts, and misbehaves on request."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

# Given a recipient, the reply to RCPT TO: "" accepts, anything else is sent as it is ("450 try again").
Judge = Callable[[str], str]


@dataclass
class SmtpSink:
    """What arrived, in order. ``delay`` seconds pass before each message is accepted."""

    port: int = 0
    delay: float = 0.0
    judge: Judge = lambda recipient: ""
    drop_after_data: bool = False
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    sessions: int = 0

    def wait_for(self, count: int, *, seconds: float = 30) -> bool:
        """Whether ``count`` messages have arrived before ``seconds`` are over."""
        deadline = time.monotonic() + seconds
        while len(self.messages) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return len(self.messages) >= count


class _Session(socketserver.StreamRequestHandler):
    sink: SmtpSink
    to: list[str]

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.to = []
        self.sink.sessions += 1
        self.say("220 sink")
        for raw in iter(self.rfile.readline, b""):
            line = raw.decode(errors="replace").strip()
            word = line[:4].upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            if word == "DATA" and not self.take_message():
                return
            if word == "RCPT":
                self.take_recipient(line.split(":", 1)[1].strip().strip("<>"))
            elif word == "EHLO":
                self.say("250-sink")
                self.say("250 8BITMIME")
            elif word != "DATA":
                self.say("250 ok")

    def take_recipient(self, address: str) -> None:
        reply = self.sink.judge(address)
        if not reply:
            self.to.append(address)
        self.say(reply or "250 ok")

    def take_message(self) -> bool:
        """Read and keep a message; False when the connection is to be dropped without an answer."""
        self.say("354 go on")
        lines = []
        for raw in iter(self.rfile.readline, b".\r\n"):
            if not raw:
                return False
            lines.append(raw[1:] if raw.startswith(b"..") else raw)
        time.sleep(self.sink.delay)
        self.sink.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.sink.recipients += self.to
        self.to = []
        if self.sink.drop_after_data:
            return False
        self.say("250 kept")
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def smtp_sink(**options: object) -> Iterator[SmtpSink]:
    """A running sink on a free port of this machine; ``options`` are the fields of SmtpSink."""
    sink = SmtpSink(**options)  # type: ignore[arg-type]
    handler = type("Session", (_Session,), {"sink": sink})
    with _Server(("127.0.0.1", sink.port), handler) as server:
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield sink
        finally:
            server.shutdown()
