"""The lines of the table: our figure, bare's, and whether the target is reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measured thing. ``reached`` is None for a figure that has no target of its own."""

    what: str
    ours: float
    unit: str
    bare: float | None = None
    target: str = ""
    reached: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.bare if self.bare else None

    def cells(self) -> list[str]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        bare = "" if self.bare is None else shown(self.bare, self.unit)
        verdict = {True: "yes", False: "**no**", None: ""}[self.reached]
        return [self.what, shown(self.ours, self.unit), bare, ratio, self.target, verdict]


def shown(value: float, unit: str) -> str:
    """Three figures that count, with the unit."""
    size = abs(value)
    digits = 0 if size == int(size) or size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3
    number = f"{value:,.{digits}f}"
    return f"{number} {unit}".strip()


def at_most_times(what: str, ours: float, bare: float, unit: str, *, most: float) -> Line:
    """Reached when ours is at most ``most`` times bare's."""
    return Line(what, ours, unit, bare, f"at most {most:g} × bare", ours <= most * bare)


def at_least_share(what: str, ours: float, bare: float, unit: str, *, least: float, words: str = "") -> Line:
    """Reached when ours is at least the share ``least`` of bare's."""
    return Line(what, ours, unit, bare, words or f"at least {least:g} of bare", ours >= least * bare)


def at_most(what: str, ours: float, unit: str, *, most: float, bare: float | None = None) -> Line:
    """Reached when ours is at most ``most``, whatever bare's is."""
    return Line(what, ours, unit, bare, f"at most {shown(most, unit)}", ours <= most)


def exactly(what: str, ours: float, wanted: float, unit: str = "") -> Line:
    return Line(what, ours, unit, None, f"{shown(wanted, unit)}", ours == wanted)


def for_information(what: str, ours: float, unit: str, *, bare: float | None = None) -> Line:
    """A figure worth knowing that has no target."""
    return Line(what, ours, unit, bare)


HEADINGS = ["What", "Archway", "bare", "ratio", "Target", "Reached"]


def table(lines: list[Line]) -> str:
    """The lines as a table for a person and for docs/performance.md."""
    rows = [HEADINGS, ["---"] * len(HEADINGS), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
