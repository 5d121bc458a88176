"""The supervisor keeps its programs running, and leaves none behind."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.management.commands.serve import empty_queue_folders
from core.supervisor import BACK_OFF_SECONDS, Child, Supervisor
from tests.support.processes import wait_until

pytestmark = pytest.mark.once

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def running(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def test_a_program_that_was_killed_is_started_again() -> None:
    child, said = Child("web", SLEEPER), list[str]()
    child.keep_running(100.0, said.append)
    assert child.process is not None
    first = child.process
    first.kill()
    first.wait()
    child.keep_running(100.0 + 11, said.append)
    assert running(child)
    assert child.process is not first
    assert said == ["web ended with -9; starting it again"]
    child.process.kill()
    child.process.wait()


def test_a_program_that_dies_young_waits_before_it_is_started_again() -> None:
    child = Child("web", [sys.executable, "-c", "raise SystemExit(1)"])
    child.keep_running(100.0, lambda text: None)
    assert child.process is not None
    child.process.wait()
    child.keep_running(100.1, lambda text: None)
    assert child.process is None
    child.keep_running(100.1 + BACK_OFF_SECONDS - 0.05, lambda text: None)
    assert child.process is None
    child.keep_running(100.1 + BACK_OFF_SECONDS, lambda text: None)
    assert child.process is not None
    child.process.wait()


def test_what_does_not_stop_when_asked_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.supervisor.PATIENCE_SECONDS", 0.5)
    child = Child("worker", STUBBORN)
    supervisor = Supervisor([child], report=lambda text: None, beat=threading.current_thread())
    supervisor._keep_all_running(time.monotonic())
    time.sleep(0.5)
    began = time.monotonic()
    supervisor._stop_all()
    assert not running(child)
    assert time.monotonic() - began < 5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children of their parent's death")
def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from core.supervisor import Child\n"
        f"child = Child('web', {SLEEPER!r}); child.start(0.0)\n"
        "print(child.process.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert Path(f"/proc/{pid}").exists()
    parent.kill()
    parent.communicate()
    assert wait_until(lambda: not is_alive(pid), seconds=10)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_an_earlier_run_left_in_the_queue_is_thrown_away(tmp_path: Path, settings: object) -> None:
    queue, control = tmp_path / "queue", tmp_path / "control"
    queue.mkdir()
    (queue / "old.celery.msg").write_text("x")
    settings.CELERY_BROKER_URL = "filesystem://localhost//"  # type: ignore[attr-defined]
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {  # type: ignore[attr-defined]
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
    }
    empty_queue_folders()
    assert list(queue.iterdir()) == []
    assert control.is_dir()
