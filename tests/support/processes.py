"""The processes of a real installation, started without containers against the test's own database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

HOST = "training.example.org"
WORKER_OPTIONS = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]


def free_port() -> int:
    """A port of this machine below those of outgoing connections."""
    for port in range(23000 + os.getpid() % 2000, 29000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("no free port")


def test_database_url() -> str:
    """The address of the database that the running test uses."""
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST'] or '127.0.0.1'}:{at['PORT'] or 5432}/{at['NAME']}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


def wait_until(holds: Callable[[], bool], *, seconds: float = 30) -> bool:
    """Whether ``holds()`` comes true before ``seconds`` are over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


@dataclass
class Installation:
    """Web, worker and beat under production settings. A context manager: nothing is left running or lying about."""

    redis_url: str
    smtp_port: int
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="archway-")))

    @property
    def log(self) -> Path:
        """Where the parts write what they have to say."""
        return self.folder / "log"

    def env(self) -> dict[str, str]:
        """The environment variables of a real installation (the example in .env.example)."""
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": "a-key-for-tests-only-with-many-different-characters-0123456789",
            "DATABASE_URL": test_database_url(),
            "REDIS_URL": self.redis_url,
            "ALLOWED_HOSTS": HOST,
            "SITE_BASE_URL": f"https://{HOST}",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "EMAIL_WITHOUT_TLS": "1",
            "SWEEP_SECONDS": "1",
            "BIND": f"127.0.0.1:{self.port}",
            "STATIC_ROOT": str(self.folder / "static"),
            "MEDIA_ROOT": str(self.folder / "media"),
            **self.environment,
        }

    def manage(self, *arguments: str) -> str:
        """Run a command of Django in the installation and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.env(), check=True, capture_output=True, text=True
        ).stdout

    def start(self, name: str, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one part as an installation would; its output goes to ``log``."""
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=settings.BASE_DIR,
                env=self.env(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.processes[name]

    def start_web(self, *, workers: int = 2) -> None:
        self.environment.setdefault("WEB_WORKERS", str(workers))
        self.start("web", "gunicorn", "--config", "python:config.gunicorn_conf", "config.wsgi:application")

    def start_worker(self, *, processes: int = 1) -> None:
        options = ["--concurrency", str(processes), *WORKER_OPTIONS]
        self.start("worker", "celery", "--app", "config", "worker", *options)

    def start_beat(self) -> None:
        self.start("beat", "celery", "--app", "config", "beat", "--scheduler", "celery.beat:Scheduler")

    def kill(self, name: str) -> None:
        """End a part and everything it started, at once and without warning (kill -9)."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def get(self, path: str, *, host: str = HOST) -> tuple[int, str]:
        """Status and body of a page, as the proxy in front would ask for it; 0 when nobody answers."""
        headers = {"Host": host, "X-Forwarded-Proto": "https"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
