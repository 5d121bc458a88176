"""A mail server that counts and keeps nothing, so that it takes little of the machine."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Sink:
    """Who mails came for, when the last arrived (``time.perf_counter``), and over how many connections."""

    port: int = 0
    recipients: list[str] = field(default_factory=list)
    last: float = 0.0
    connections: int = 0

    def clear(self) -> None:
        self.recipients, self.connections = [], 0

    def wait_for(self, count: int, *, seconds: float) -> bool:
        """Whether ``count`` mails arrive before ``seconds`` are over."""
        deadline = time.monotonic() + seconds
        while len(self.recipients) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return len(self.recipients) >= count

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from greeting to good-bye."""
        self.connections += 1
        writer.write(b"220 sink\r\n")
        recipient = ""
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = recipient or line.decode().partition("<")[2].partition(">")[0]
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.recipients.append(recipient)
                self.last, recipient = time.perf_counter(), ""
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                break
        writer.close()

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0, limit=2**22, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stop.wait()


@contextmanager
def mail_sink() -> Iterator[Sink]:
    """A sink on a free port of this machine, in a thread of this process."""
    sink, ready, loop, stop = Sink(), threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(sink.serve(ready, stop),), daemon=True)
    thread.start()
    ready.wait(timeout=10)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)
