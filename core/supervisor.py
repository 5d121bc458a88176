"""Runs the parts of the service side by side on one machine: web, worker and beat, each started again when it ends.

The web server (gunicorn) and the Celery worker are children; beat is a thread of this process, because a beat that is a
child of the worker outlives it and fills the queue. Everything due is rows in the database, so any part may be
killed at any time and nothing is lost.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from celery import current_app
from celery.beat import EmbeddedService

BACK_OFF_SECONDS = 2.0
YOUNG_SECONDS = 10.0
PATIENCE_SECONDS = 10.0
PR_SET_PDEATHSIG = 1


def die_with_parent() -> Callable[[], None] | None:
    """What a child does before it starts, so that it ends when its parent is killed (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)  # loaded here: between fork and exec only the call itself is safe

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask_kernel


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and, where the system has process groups, its own children with it."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


@dataclass
class Child:
    """A program that is kept running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    not_before: float = 0.0

    def start(self, now: float) -> None:
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=die_with_parent())
        self.started_at = now

    def keep_running(self, now: float, report: Callable[[str], None]) -> None:
        """Start it, or start it again when it has ended; one that dies young waits a little."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            report(f"{self.name} ended with {code}; starting it again")
            young = now - self.started_at < YOUNG_SECONDS
            self.not_before = now + (BACK_OFF_SECONDS if young else 0)
            self.process = None
        if now >= self.not_before:
            self.start(now)

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def insist(self, deadline: float) -> None:
        """Wait until ``deadline`` (monotonic seconds) and then kill what is left, its own children included."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill_group(self.process)
            self.process.wait()


def start_beat() -> threading.Thread:
    """Celery's clock as a thread of this process, which ends with it."""
    beat = EmbeddedService(current_app, thread=True, scheduler_cls="celery.beat:Scheduler")
    assert isinstance(beat, threading.Thread)
    beat.daemon = True
    beat.start()
    return beat


@dataclass
class Supervisor:
    """Keeps ``children`` and beat running until it is told to stop."""

    children: list[Child]
    report: Callable[[str], None]
    beat: threading.Thread | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Return only after SIGTERM or Ctrl-C, when nothing of it runs any more."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            while not self.stopping.is_set():
                self._keep_all_running(time.monotonic())
                self.stopping.wait(0.5)
        finally:
            self._stop_all()

    def _keep_all_running(self, now: float) -> None:
        for child in self.children:
            child.keep_running(now, self.report)
        if self.beat is None or not self.beat.is_alive():
            self.beat = start_beat()

    def _stop_all(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in self.children:
            child.insist(deadline)
