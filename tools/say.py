"""Progress in plain words, and the one way to run a program and explain its failure."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools import ROOT


class Failure(Exception):
    """Something went wrong that a person should read about; ``run.py`` prints it and stops."""


def say(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what begins, and how long it took when it has ended well."""
    say(f"{what} ...")
    began = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - began:.1f} s")


def run_quietly(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    each_line: Callable[[str], None] = lambda line: None,
    input_text: str | None = None,
) -> str:
    """Run a program and return what it printed. A failure shows its last lines."""
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **(env or {})},
        stdin=subprocess.PIPE if input_text is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if input_text is not None and process.stdin:
        process.stdin.write(input_text)
        process.stdin.close()
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        each_line(line)
    if process.wait() != 0:
        tail = "".join(lines[-25:]).rstrip()
        raise Failure(f"{tail}\n\nThis did not work: {' '.join(str(part) for part in command)}")
    return "".join(lines)


class Counter:
    """Shows how far a long step has come: in place on a terminal, now and then in a log."""

    def __init__(self, total: int, noun: str) -> None:
        self.total, self.noun, self.done = total, noun, 0

    def advance(self) -> None:
        self.done = min(self.done + 1, self.total)
        text = f"  {self.done} of {self.total} {self.noun}"
        if sys.stdout.isatty():
            print(f"\r{text}", end="" if self.done < self.total else "\n", flush=True)
        elif self.done % 20 == 0 or self.done == self.total:
            say(text)
