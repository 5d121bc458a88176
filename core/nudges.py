"""Asking a worker to look at once, without keeping anyone waiting.

The broker is spoken to by a thread of its own, so that a request answers at the same speed whether the broker is quick,
hung or gone; what is asked for again meanwhile goes out once. Nothing depends on a nudge: the next sweep does the work.
"""

from __future__ import annotations

import logging
import threading
import time

from celery import current_app

logger = logging.getLogger(__name__)
QUIET_SECONDS = 0.5


class _Nudger:
    """Publishes task names. One thread at a time, which ends when nothing more is wanted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: set[str] = set()
        self._running = False

    def want(self, task: str) -> None:
        with self._lock:
            self._wanted.add(task)
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._publish_all, name="nudge", daemon=True).start()

    def _publish_all(self) -> None:
        """Publish at once; what is wanted again within half a second goes out together after it."""
        while True:
            with self._lock:
                tasks, self._wanted = self._wanted, set()
                if not tasks:
                    self._running = False
                    return
            for task in tasks:
                publish(task)
            time.sleep(QUIET_SECONDS)


def publish(task: str) -> None:
    """Put one task on the broker, once. A broker that is down is noted and otherwise ignored."""
    try:
        current_app.send_task(task, expires=60, retry=False, ignore_result=True)
    except Exception as error:
        logger.warning("nudge not delivered", extra={"task": task, "kind": type(error).__name__})


_nudger = _Nudger()


def nudge(task: str = "core.tasks.send") -> None:
    """Ask a worker to send what is due, or to run another task, at once. Returns at once, whatever the broker does."""
    _nudger.want(task)
