"""A client that costs little, since it shares the machine with what it measures: one connection for each request."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar
from urllib.parse import urlencode

PATIENCE = 60.0
TOKEN = "b" * 32
HIDDEN = re.compile(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"')
Result = TypeVar("Result")


class Unexpected(Exception):
    """The service answered something else than the measurement asks for."""


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes
    seconds: float

    @property
    def location(self) -> str:
        """The path that a redirect leads to; empty without one."""
        found = re.search(r"^location:\s*(?:https?://[^/]+)?(\S+)", self.head, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""


async def send(port: int, request: bytes) -> Answer:
    """One request over a connection of its own."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        raw = await asyncio.wait_for(reader.read(-1), PATIENCE)
    finally:
        writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    return Answer(int(head[9:12] or 0), head.decode("latin-1"), body, time.perf_counter() - began)


@dataclass(frozen=True)
class Visitor:
    """Somebody in front of a web server: the host they ask for, and their sign-in where they have one."""

    port: int
    host: str = "127.0.0.1"
    session: str = ""

    def _head(self, method: str, path: str) -> str:
        cookies = f"__Host-csrftoken={TOKEN}" + (f"; __Host-sessionid={self.session}" if self.session else "")
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nX-Forwarded-Proto: https\r\n"
            f"Origin: https://{self.host}\r\nCookie: {cookies}\r\nConnection: close\r\n"
        )

    def page(self, path: str) -> bytes:
        return f"{self._head('GET', path)}\r\n".encode()

    def form(self, path: str, fields: dict[str, str]) -> bytes:
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields})
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return f"{self._head('POST', path)}{kind}\r\n{body}".encode()

    async def get(self, path: str, *, wanted: int = 200) -> Answer:
        return _as_wanted(await send(self.port, self.page(path)), wanted, path)

    async def post(self, path: str, fields: dict[str, str], *, wanted: int = 302) -> Answer:
        return _as_wanted(await send(self.port, self.form(path, fields)), wanted, path)


def _as_wanted(answer: Answer, wanted: int, path: str) -> Answer:
    if answer.status != wanted:
        raise Unexpected(f"{path} answered {answer.status} instead of {wanted}: {in_words(answer.body)}")
    return answer


def in_words(page: bytes) -> str:
    """What a page says, shortened."""
    return re.sub(r"<[^>]+>|\s+", " ", page.decode(errors="replace"))[:500]


def hidden_fields(page: bytes) -> dict[str, str]:
    """The hidden fields of a form, the token against forgery left out."""
    return dict(HIDDEN.findall(page.decode()))


def run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def at_once(work: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """All of it let go at the same moment."""

    async def all_of_it() -> list[Result]:
        return list(await asyncio.gather(*work))

    return asyncio.run(all_of_it())


def by_clients(clients: int, work: Sequence[Coroutine[Any, Any, Result]]) -> list[Result]:
    """``work`` done by so many clients, each taking its next piece when the last one is done; results in no order."""

    async def client(pieces: list[Coroutine[Any, Any, Result]]) -> list[Result]:
        done = []
        while pieces:
            done.append(await pieces.pop())
        return done

    async def all_of_it() -> list[Result]:
        pieces = list(reversed(work))
        shares = await asyncio.gather(*(client(pieces) for _ in range(clients)))
        return [one for share in shares for one in share]

    return asyncio.run(all_of_it())


def typical_time(visitor: Visitor, path: str, *, times: int) -> float:
    """The median time of a page in seconds, asked for one after the other by one visitor, after some that do not
    count.
    """

    async def ask() -> list[float]:
        for _ in range(16):
            await visitor.get(path)
        return [(await visitor.get(path)).seconds for _ in range(times)]

    return median(run(ask()))
