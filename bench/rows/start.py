"""From the start of the process to the first page: the web server alone, and the whole service on one machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from django.conf import settings

from tests.support.processes import free_port

from ..client import Visitor, run
from ..lines import Line, at_most
from ..stage import Stage, end, host_of
from ..world import World, tidy

PATIENCE = 60.0
PAGE = "/training/"
MOST = 2.0


def until_first_page(visitor: Visitor, start: Callable[[], None]) -> float:
    """Seconds from ``start`` until the catalogue answers 200."""
    began = time.perf_counter()
    start()
    while time.perf_counter() - began < PATIENCE:
        try:
            run(visitor.get(PAGE))
            return time.perf_counter() - began
        except OSError:
            time.sleep(0.01)
    raise TimeoutError(f"nobody answered within {PATIENCE:.0f} s")


def of_web(stage: Stage) -> float:
    """gunicorn with four processes, as a partnership runs it."""
    made = stage.installation()
    try:
        return until_first_page(Visitor(made.port, host_of("start")), made.start_web)
    finally:
        end(made.processes["web"])


def of_serve(stage: Stage) -> float:
    """``manage.py serve``: web server, worker and clock, as on one's own machine."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    env = {**os.environ, "WEB_WORKERS": "1", "WEB_THREADS": "8"}
    started: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        quiet = subprocess.DEVNULL
        started.append(
            subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=env, stdout=quiet, stderr=quiet, start_new_session=True
            )
        )

    try:
        return until_first_page(Visitor(port, host_of("start")), start)
    finally:
        end(started[0])


def of_bare(stage: Stage) -> float:
    started: list[subprocess.Popen[bytes]] = []
    began = time.perf_counter()
    process, port = stage.start_bare()
    started.append(process)
    spent = time.perf_counter() - began
    try:
        return spent + until_first_page(Visitor(port), lambda: None)
    finally:
        end(process)


def measure(stage: Stage) -> list[Line]:
    world = World(stage, "start")
    world.sessions(50)
    tidy()
    assert stage.bare_first  # bare's tables are there
    runs = stage.pick(5, 1)
    for act in (of_web, of_bare) if not stage.quick else ():
        act(stage)
    web, serve, bare = [], [], []
    for _ in range(runs):
        web.append(of_web(stage))
        bare.append(of_bare(stage))
        serve.append(of_serve(stage))
    return [
        at_most("Cold start: gunicorn to its first catalogue", median(web), "s", most=MOST, bare=median(bare)),
        at_most("Cold start: manage.py serve, with the engine, to its first catalogue", median(serve), "s", most=MOST),
    ]
