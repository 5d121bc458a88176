"""``manage.py serve``: the whole service on one machine, web and background engine together."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core.supervisor import Child, Supervisor
from core.tasks import nudge

WORKER_OPTIONS = (
    "--pool",
    "threads",
    "--concurrency",
    "2",  # so that long work does not hold up mail
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
)


def web_command(host: str, port: int) -> list[str]:
    """How the web server is started; Windows has no gunicorn and gets Django's own server."""
    if os.name == "nt":
        return [sys.executable, "manage.py", "runserver", "--noreload", "--insecure", f"{host}:{port}"]
    options = ["--config", "python:config.gunicorn_conf", "--bind", f"{host}:{port}"]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        *options,
        settings.WSGI_APPLICATION.replace(".application", ":application"),
    ]


def worker_command() -> list[str]:
    """How the Celery worker is started. Root may run it: it takes JSON only, never pickled objects."""
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges"]
    return [*python, "-m", "celery", "--quiet", "--app", "config", "worker", "--loglevel", "WARNING", *WORKER_OPTIONS]


def empty_queue_folders() -> None:
    """Without Redis the broker is a folder. Nothing lives only there, so what an earlier run left is thrown away."""
    if not settings.CELERY_BROKER_URL.startswith("filesystem:"):
        return
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for folder in {options["data_folder_in"], options["control_folder"]}:
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True, exist_ok=True)


def answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if host in ("0.0.0.0", "") else host, port)) == 0


class Command(BaseCommand):
    requires_system_checks = ()  # seconds at every start; python3 run.py check runs them
    help = "Start the web server and the background engine together, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen at (8000)")
        parser.add_argument("--prepare", action="store_true", help="make the database ready first, as prepare does")

    def handle(self, *args: Any, host: str, port: int, prepare: bool, **options: Any) -> None:
        if answers(host, port):
            raise CommandError(f"Port {port} is taken, perhaps by Archway itself. Another one: --port {port + 1}")
        if prepare:
            call_command("prepare")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
        os.environ.setdefault("WEB_WORKERS", "1")
        os.environ.setdefault("WEB_THREADS", "8")
        os.environ.setdefault("GUNICORN_LOG_LEVEL", "WARNING")
        empty_queue_folders()
        children = [Child("web", web_command(host, port)), Child("worker", worker_command())]
        threading.Thread(target=self._announce, args=(host, port), daemon=True).start()
        Supervisor(children, report=lambda text: self.stderr.write(text)).run()
        self.stdout.write("Archway has stopped.")

    def _announce(self, host: str, port: int) -> None:
        """Print the address once the web server answers, and have what fell due meanwhile done at once."""
        deadline = time.monotonic() + 60
        while not answers(host, port) and time.monotonic() < deadline:
            time.sleep(0.1)
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "") else host
        self.stdout.write(f"\nArchway is at http://{shown}:{port}/ with its background engine. Ctrl-C stops both.")
        self.stdout.flush()
        nudge("core.tasks.sweep")
