"""Where measuring takes place: two databases of our own, and on them the service and the bare program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from bench.client import Visitor
from bench.rows import ROWS
from tests.support.processes import Installation, free_port, wait_until
from tools import ROOT
from tools.say import Failure

DOMAIN = "bench.example.org"
NO_REDIS = "redis://127.0.0.1:9/0"  # nobody listens there; nothing but waking a worker needs Redis
BARE_WEB = ["--workers", "4", "--threads", "4", "--worker-class", "gthread", "--preload", "--no-control-socket"]


def host_of(row: str) -> str:
    """Each row has a partnership of its own, so that none finds what another left."""
    return f"{row}.{DOMAIN}"


def _execute(server: str, statement: str) -> None:
    connection = psycopg2.connect(f"{server.rsplit('/', 1)[0]}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """The address of a new database on the server, dropped afterwards with whoever still uses it."""
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.rsplit('/', 1)[0]}/{name}"
    finally:
        _execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def environment(*, database_url: str, redis_url: str, folder: Path, quick: bool) -> dict[str, str]:
    """The variables under which this process, and all that it starts, run the service."""
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "SECRET_KEY": "for-measuring-only-with-many-different-characters-0123456789",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url or NO_REDIS,
        "ALLOWED_HOSTS": ",".join(["127.0.0.1", *map(host_of, ROWS)]),
        "SITE_BASE_URL": f"https://{DOMAIN}",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "EMAIL_WITHOUT_TLS": "1",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        "BENCH_KEYS": f"bench-{os.getpid()}-",
        "BENCH_QUICK": "1" if quick else "",
    }


@dataclass
class Stage:
    """What rows measure on. Servers are started when first asked for and ended with the stage."""

    bare_url: str
    folder: Path
    redis_url: str
    quick: bool
    stack: ExitStack = field(default_factory=ExitStack)

    def pick(self, full: int, quick: int) -> int:
        """How many: ``full`` for figures that mean something, ``quick`` to see that measuring works."""
        return quick if self.quick else full

    @property
    def runs(self) -> int:
        return self.pick(3, 1)

    def installation(self, **more: str) -> Installation:
        """The service, not started yet, on this stage's database."""
        kept = {
            name: os.environ[name]
            for name in environment(database_url="", redis_url="", folder=self.folder, quick=self.quick)
        }
        made = Installation(kept["REDIS_URL"], 9, {**kept, "LOG_LEVEL": "INFO", "WEB_WORKERS": "4", **more})
        return self.stack.enter_context(made)

    @cached_property
    def web(self) -> Installation:
        """The service with gunicorn, 4 processes of 4 threads."""
        running = self.installation()
        running.start_web()
        if not wait_until(lambda: running.get("/health/live/", host=host_of("contention"))[0] == 200, seconds=60):
            raise Failure(f"The service did not start:\n{running.log.read_text()[-2000:]}")
        return running

    def visitor(self, row: str, session: str = "") -> Visitor:
        """Somebody in front of the service, at the partnership of a row."""
        return Visitor(self.web.port, host_of(row), session)

    @cached_property
    def bare(self) -> Visitor:
        """Somebody in front of the bare program, which runs in the same way."""
        assert self.bare_first  # its tables are there
        process, port = self.start_bare()
        visitor = Visitor(port)
        if not wait_until(lambda: answers(port), seconds=60):
            raise Failure("The bare program did not start.")
        self.stack.callback(end, process)
        return visitor

    @cached_property
    def bare_first(self) -> int:
        """The id of the first of bare's 1,000 dates that are there for booking."""
        return int(self.run_bare("prepare")["first"])

    def bare_environment(self, **more: str) -> dict[str, str]:
        own = {"BARE_DATABASE_URL": self.bare_url, "DJANGO_SETTINGS_MODULE": "bench.bare.settings"}
        return {**os.environ, **own, **more}

    def start_bare(self) -> tuple[subprocess.Popen[bytes], int]:
        """The bare program served as ours is, and its port."""
        port = free_port()
        command = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *BARE_WEB, "--log-level", "error"]
        process = subprocess.Popen(
            [sys.executable, *command, "bench.bare.wsgi:application"],
            cwd=ROOT,
            env=self.bare_environment(),
            start_new_session=True,
        )
        return process, port

    def run_bare(self, *arguments: str) -> dict[str, Any]:
        """What a command of ``bench.bare`` answers."""
        command = [sys.executable, "-m", "bench.bare", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.bare_environment(), check=True, capture_output=True, text=True
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


def answers(port: int) -> bool:
    """Whether bare's catalogue is there."""
    try:
        from bench.client import run

        return run(Visitor(port).get("/training/")).status == 200
    except OSError:
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process that we started to end, and insist after ten seconds."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def set_stage(server: str, redis_url: str, *, quick: bool) -> Iterator[Stage]:
    """Databases, folders and Django set up for the length of a ``with`` block."""
    name = f"{urlsplit(server).path.lstrip('/')}_bench_{os.getpid()}"
    with (
        tempfile.TemporaryDirectory(prefix="archway-bench-") as folder,
        database(server, name) as ours,
        database(server, f"{name}_bare") as bare,
    ):
        os.environ.update(environment(database_url=ours, redis_url=redis_url, folder=Path(folder), quick=quick))
        os.environ["LOG_LEVEL"] = "ERROR"  # of this process; the service writes its log as always
        _set_up(quick=quick)
        stage = Stage(bare, Path(folder), redis_url, quick)
        try:
            yield stage
        finally:
            stage.stack.close()
            _tear_down(redis_url)


def _set_up(*, quick: bool) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if not quick:
        call_command("collectstatic", verbosity=0, interactive=False)


def _tear_down(redis_url: str) -> None:
    """Close our connections, and take out of Redis what we put there."""
    from django.db import connections

    time.sleep(1.0 if redis_url else 0)  # the thread that wakes workers may still be at it
    connections.close_all()
    if redis_url:
        import redis

        client = redis.Redis.from_url(redis_url)
        for key in client.scan_iter(f"{os.environ['BENCH_KEYS']}*"):
            client.delete(key)
        client.close()
