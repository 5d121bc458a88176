"""``python -m bench``: measures, prints the table, and with ``--document`` writes it into docs/performance.md."""

from __future__ import annotations

import argparse
import importlib
import re
import signal
import sys
import time

from bench.lines import Line, table
from bench.rows import MODULES, ROWS
from tools import ROOT
from tools.say import Failure, say
from tools.services import services

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def arguments_of(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 run.py bench", description="Measure speed and size beside a bare program."
    )
    parser.add_argument("--only", metavar="NAMES", default="", help=f"some of {', '.join(ROWS)}, separated by commas")
    parser.add_argument("--quick", action="store_true", help="small numbers: shows that measuring works, nothing else")
    parser.add_argument("--document", action="store_true", help="write the table into docs/performance.md")
    chosen = parser.parse_args(given)
    chosen.rows = [name for name in chosen.only.split(",") if name] or list(ROWS)
    if unknown := [name for name in chosen.rows if name not in ROWS]:
        parser.error(f"there is no row {unknown[0]!r}; there are {', '.join(ROWS)}")
    if chosen.document and (chosen.only or chosen.quick):
        parser.error("--document is for a full run")
    return chosen


def measure(names: list[str], *, quick: bool) -> list[Line]:
    """The lines of the rows named, measured one after the other."""
    from bench.stage import set_stage

    lines: list[Line] = []
    with services() as found:
        if not found.database_url:
            raise Failure("Measuring needs PostgreSQL, and none could be reached or started.")
        with set_stage(found.database_url, found.redis_url, quick=quick) as stage:
            for name in names:
                began = time.monotonic()
                say(f"{name}: {ROWS[name]} ...")
                measured = importlib.import_module(MODULES[name]).measure(stage)
                for line in measured:
                    say("  " + "; ".join(cell for cell in line.cells() if cell))
                say(f"  ({time.monotonic() - began:.0f} s)")
                lines += measured
    return lines


def document(lines: list[Line]) -> None:
    """Put the table in its place in docs/performance.md."""
    text = DOCUMENT.read_text()
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    DOCUMENT.write_text(between.sub(lambda _: f"{BEGIN}\n{table(lines)}\n{END}", text))


def main(given: list[str]) -> int:
    chosen = arguments_of(given)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers end and databases are dropped
    began = time.monotonic()
    lines = measure(chosen.rows, quick=chosen.quick)
    say(f"\n{table(lines)}\n")
    if chosen.document:
        document(lines)
    missed = [line.what for line in lines if line.reached is False]
    say(
        f"{len(missed)} of {sum(line.reached is not None for line in lines)} targets missed."
        if missed
        else "All targets reached."
    )
    say(f"Measured in {(time.monotonic() - began) / 60:.1f} minutes.")
    if chosen.quick:
        say("With --quick the figures say nothing about speed.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        sys.exit(f"\n{failure}")
