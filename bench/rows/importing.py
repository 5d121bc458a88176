"""50,000 staff beside a plain bulk upsert, and a file in which nearly every row is wrong."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from django.conf import settings

from agencies.models import Person

from ..lines import Line, at_least_share, at_most, exactly
from ..stage import Stage
from ..world import World, tidy

COLUMNS = "email,first_name,last_name,agency_code,job_title,groups,manager_name,manager_email,start_date,end_date"
# What can be wrong with a row, by column; every twentieth row or so has each.
WRONG = [
    {"email": ""},
    {"email": "no address"},
    {"email": "two@at@example.org"},
    {"email": "sam.lee@exa mple.org"},
    {"first_name": ""},
    {"last_name": ""},
    {"first_name": "Sam\x07"},
    {"last_name": "\u202eeeL"},
    {"first_name": "x" * 10_000},
    {"agency_code": ""},
    {"agency_code": "NOBODY"},
    {"groups": "3;99"},
    {"groups": "nobody:3"},
    {"manager_email": "somebody"},
    {"start_date": "31/02/2024"},
    {"start_date": "2024-02-30"},
    {"start_date": "NaN"},
    {"start_date": "next week"},
    {"start_date": "2024-09-01", "end_date": "2024-08-31"},
    {"end_date": "2024-13-01"},
]


def good_row(number: int, prefix: str) -> dict[str, str]:
    return {
        "email": f"{prefix}{number}@import.example.org",
        "first_name": "Sam",
        "last_name": f"Lee{number}",
        "agency_code": f"AG{number % 60:02}",
        "job_title": "Social worker",
        "groups": ("1", "2;3", "4")[number % 3],
        "manager_name": "Jo Marsh",
        "manager_email": f"jo.marsh{number % 300}@import.example.org",
        "start_date": f"20{10 + number % 14}-09-01",
        "end_date": "",
    }


def write_file(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS.split(","))
        writer.writeheader()
        writer.writerows(rows)
    return path


def mixed_rows(good: int, bad: int) -> tuple[list[dict[str, str]], list[int]]:
    """``good`` right rows spread among ``bad`` wrong ones, and the lines of the wrong ones in the file."""
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    step = (good + bad) // good
    for number in range(good + bad):
        row = good_row(number, "mixed")
        if number % step or number // step >= good:
            row |= WRONG[len(lines) % len(WRONG)]
            lines.append(number + 2)
        rows.append(row)
    return rows, lines


def tree_memory(process: psutil.Process) -> int:
    """Bytes that a process and its children hold now, what they share counted for each."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def watched(*arguments: str) -> tuple[dict[str, Any], float]:
    """What ``bench.bring_in`` answers, and the most memory in MB that it and its children held at one time."""
    command = [sys.executable, "-m", "bench.bring_in", *arguments]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE)
    watch, most = psutil.Process(process.pid), 0
    while process.poll() is None:
        try:
            most = max(most, tree_memory(watch))
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    printed, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return json.loads(printed), most / 1e6


def measure(stage: Stage) -> list[Line]:
    world = World(stage, "import")
    tidy()
    assert stage.bare_first  # bare's tables are there
    count = stage.pick(50_000, 200)
    taken, bare, memory = [], [], []
    for run in range(stage.runs):
        path = write_file(stage.folder / "staff.csv", [good_row(n, f"run{run}-") for n in range(count)])
        answer, most = watched("import", str(path))
        assert answer["counts"]["new"] == count, answer["counts"]
        taken.append(answer["seconds"])
        memory.append(most)
        bare.append(stage.run_bare("upsert", str(path))["seconds"])
        tidy()
    lines = [
        at_least_share(
            f"Staff rows a second, a file of {count:,}", count / median(taken), count / median(bare), "/s", least=0.25
        ),
        at_most(f"{count:,} staff rows: time", median(taken), "s", most=60, bare=median(bare)),
        at_most(f"{count:,} staff rows: most memory", max(memory), "MB", most=400),
    ]
    return lines + wrong_rows(stage, world)


def wrong_rows(stage: Stage, world: World) -> list[Line]:
    """A file of wrong rows: checked, refused as a whole, and its good rows taken; then all of it again."""
    good, bad = stage.pick(500, 5), stage.pick(10_000, 100)
    rows, lines = mixed_rows(good, bad)
    path = str(write_file(stage.folder / "mixed.csv", rows))
    people = Person.objects.of(world.partnership)
    before = people.count()
    whole, _ = watched("import", path)
    as_a_whole = people.count() - before
    taken, memory = watched("import", path, "good")
    entered = people.count() - before
    watched("import", path, "good")
    named = whole["refused"] == lines and taken["refused"] == lines
    words = f"{bad:,} wrong rows with {good} good ones between"
    return [
        at_most(f"{words}: time", taken["seconds"], "s", most=60),
        at_most(f"{words}: most memory", memory, "MB", most=400),
        exactly(f"{words}: wrong lines named, and no other", len(lines) if named else 0, bad),
        exactly("Rows of it that come in as a whole", as_a_whole, 0),
        exactly("Rows of it that come in with good rows only", entered, good),
        exactly("The same file once more: rows that come in", people.count() - before - entered, 0),
    ]
