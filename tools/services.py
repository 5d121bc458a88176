"""PostgreSQL and Redis for the tests: those of the machine where they may be used, else our own for the moment.

With OWN_SERVICES=1 the tests start their own even where servers run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import ROOT, system
from tools.environment import PYTHON
from tools.say import Failure, run_quietly, say

PORTS = range(21000, 29000)  # below those that a load test's own connections take
TRY_POSTGRES = """
import sys, psycopg2
connection = psycopg2.connect(sys.argv[1], connect_timeout=3)
cursor = connection.cursor()
cursor.execute("select rolcreatedb or rolsuper from pg_roles where rolname = current_user")
sys.exit(0 if cursor.fetchone()[0] else 1)
"""


@dataclass(frozen=True)
class Services:
    """The addresses to test with; empty where there is none."""

    database_url: str = ""
    redis_url: str = ""

    def environment(self) -> dict[str, str]:
        pairs = {"DATABASE_URL": self.database_url, "TEST_REDIS_URL": self.redis_url}
        return {name: value for name, value in pairs.items() if value}


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise Failure("No free port was found for the tests.")


def _database_name() -> str:
    """A name of this checkout's own, so that two checkouts may test on one server."""
    return f"archway_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"


def _may_use(server: str) -> bool:
    """Whether databases can be made at this address."""
    command = [str(PYTHON), "-c", TRY_POSTGRES, server]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _wants_own() -> bool:
    return os.environ.get("OWN_SERVICES") == "1"


def _running_postgres() -> str:
    """The DATABASE_URL of a server that runs already and lets us make databases; empty when there is none."""
    if _wants_own():
        return ""
    if given := os.environ.get("DATABASE_URL", ""):
        return given if given.startswith("postgres") else ""
    for server in ("postgres://postgres@127.0.0.1:5432", "postgres://%2Fvar%2Frun%2Fpostgresql"):
        if _may_use(f"{server}/postgres"):
            return f"{server}/{_database_name()}"
    return ""


def _as_ordinary_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root, so root runs it as its own user, or as nobody."""
    if os.geteuid() != 0:
        return command
    try:
        import pwd

        pwd.getpwnam("postgres")
        user = "postgres"
    except KeyError:
        user = "nobody"
    return ["runuser", "-u", user, "--", *command]


@contextmanager
def _own_postgres() -> Iterator[str]:
    """A PostgreSQL server for the length of a test run, in a temporary folder, without durability."""
    programs = system.postgres_programs()
    if programs is None:
        yield ""
        return
    folder = Path(tempfile.mkdtemp(prefix="archway-postgres-"))
    folder.chmod(0o777)
    data, port = folder / "data", free_port()
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300"
    control = [str(programs / "pg_ctl"), "-D", str(data)]
    try:
        initdb = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"]
        run_quietly(_as_ordinary_user([*initdb, "--locale=C.UTF-8"]), folder=folder)
        log = str(folder / "log")
        # Started without a pipe: the server would keep it open and we would wait for its end.
        start = _as_ordinary_user([*control, "-o", settings, "-l", log, "-w", "-t", "60", "start"])
        if subprocess.run(
            start, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        ).returncode:
            raise Failure("A PostgreSQL server of our own could not be started.")
        yield f"postgres://postgres@127.0.0.1:{port}/{_database_name()}"
    finally:
        stop = _as_ordinary_user([*control, "-m", "immediate", "-w", "stop"])
        subprocess.run(stop, cwd=folder, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL address for tests; empty when none runs and none can be started."""
    if running := _running_postgres():
        say(f"PostgreSQL: using the server at {running.rsplit('/', 1)[0]}")
        yield running
        return
    system.provide(system.POSTGRES)
    with _own_postgres() as own:
        if own:
            say("PostgreSQL: none that we may use is running, so the tests start their own")
        yield own


def _answers(port: int) -> bool:
    """Whether a Redis server says PONG at this port of this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


@contextmanager
def redis() -> Iterator[str]:
    """A Redis address for tests (database 15 of a running server); empty when none can be had."""
    given = os.environ.get("REDIS_URL", "")
    if given and not _wants_own():
        yield given
        return
    if _answers(6379) and not _wants_own():
        say("Redis: using database 15 of the server at port 6379")
        yield "redis://127.0.0.1:6379/15"
        return
    system.provide(system.REDIS)
    program = shutil.which("redis-server")
    if program is None:
        yield ""
        return
    port = free_port()
    say("Redis: none is running, so the tests start their own")
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *options], cwd=tempfile.gettempdir(), stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not _answers(port) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/15"
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def services() -> Iterator[Services]:
    """Both, for the length of a ``with`` block."""
    with postgres() as database_url, redis() as redis_url:
        yield Services(database_url, redis_url)
