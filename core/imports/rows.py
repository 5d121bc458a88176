"""The rows of a file while they are checked: what each holds, what is wrong with it, what it would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.periods import LONDON

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"


def shown(value: Any) -> str:
    """A value as a file would hold it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ";".join(shown(part) for part in value)
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(LONDON):%Y-%m-%d %H:%M}"
    return str(value)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: its line in the file (the headings are line 1), the column and a sentence."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"


@dataclass(slots=True)
class CheckedRow:
    """One row. ``values`` are by column; a column that the file lacks is missing, an empty cell is the column's
    ``empty``.

    ``state`` is settled by the kind's ``compare``; ``found`` is what the kind keeps for writing; ``changes`` are for
    people: what, before, after. ``original`` is the earlier row that says just the same.
    """

    line: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    state: str = NEW
    found: Any = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    original: CheckedRow | None = None

    def refuse(self, column: str, reason: str) -> None:
        self.problems.append(Problem(self.line, column, reason))

    def follow_original(self) -> None:
        """What says again what a refused row says is refused with it."""
        for problem in self.original.problems if self.original else []:
            self.refuse(problem.column, problem.reason)

    def compare_with(self, known: Mapping[str, Any]) -> None:
        """Settle whether the row changes what is ``known`` (values by column) of the thing that it names."""
        for name, value in self.values.items():
            if name in known and known[name] != value:
                self.changes.append((name, shown(known[name]), shown(value)))
        self.state = CHANGED if self.changes else UNCHANGED

    def changed_values(self) -> dict[str, list[str]]:
        """``{column: [before, after]}`` for the trail."""
        return {name: [before, after] for name, before, after in self.changes}

    @property
    def is_good(self) -> bool:
        return not self.problems

    @property
    def outcome(self) -> str:
        return REFUSED if self.problems else UNCHANGED if self.original else self.state


@dataclass
class CheckedFile:
    """A file after checking: every row once, and what is worth knowing about the file as a whole."""

    columns: list[str]
    rows: list[CheckedRow]
    notices: list[str] = field(default_factory=list)

    @property
    def good_rows(self) -> list[CheckedRow]:
        """The rows to be written: right, and each said once."""
        return [row for row in self.rows if not row.problems and row.original is None]

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rows for problem in row.problems]

    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged and refused; together all rows of the file."""
        counts = {NEW: 0, CHANGED: 0, UNCHANGED: 0, REFUSED: 0}
        for row in self.rows:
            counts[row.outcome] += 1
        return counts


def describe(counts: dict[str, int]) -> str:
    """``3 new, 1 changed, 20 unchanged, 0 refused``."""
    return ", ".join(f"{counts[state]} {state}" for state in (NEW, CHANGED, UNCHANGED, REFUSED))
