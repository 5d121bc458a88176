"""Charts drawn on the server as SVG with real text; beside each stand its figures (components/figure.html).

Colours are attributes, because a PDF does not know our stylesheet and the content security policy forbids style
attributes. Never draw a rate of fewer than 10 people: give None for that point and say the counts in the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

INK, MUTED, GRID, AXIS, SPAN = "#14201f", "#4a5a5b", "#dde6e5", "#7b8f8f", "#a9c4c2"
SERIES, LATER = "#0b5560", "#d2691e"
FEWEST_PEOPLE_FOR_A_RATE = 10


@dataclass(frozen=True)
class Point:
    """One figure of a line. ``value`` is None where there is none, or too few people stand behind it."""

    label: str
    value: float | None


@dataclass(frozen=True)
class Change:
    """One row of a before, after and later chart."""

    label: str
    before: float | None
    after: float | None
    later: float | None


def rate_or_none(part: int, whole: int) -> float | None:
    """``part`` of ``whole`` in per cent, or None where fewer than 10 people stand behind it."""
    return None if whole < FEWEST_PEOPLE_FOR_A_RATE else 100 * part / whole


def bar_share(value: float, largest: float) -> float:
    """Length of a bar in per cent of its track. Bars start at nought."""
    return round(100 * max(value, 0) / largest, 1) if largest > 0 else 0.0


def nice_top(largest: float) -> tuple[float, float]:
    """The end of an axis that starts at nought, and the round distance of its four or five lines."""
    if largest <= 0:
        return 1.0, 1.0
    rough = largest / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    return step * math.ceil(largest / step), step


def plain(number: float) -> str:
    """``8`` or ``7.9``: at most one figure after the point."""
    return f"{number:.1f}".removesuffix(".0")


def _el(name: str, words: str = "", **attributes: Any) -> SafeString:
    """One SVG element; numbers are rounded, ``text_anchor`` becomes ``text-anchor``, ``css`` becomes ``class``."""
    pairs = [
        ("class" if key == "css" else key.replace("_", "-"), plain(value) if isinstance(value, float) else value)
        for key, value in attributes.items()
    ]
    return format_html("<{}{}>{}</{}>", name, format_html_join("", ' {}="{}"', pairs), words, name)


def _text(x: float, y: float, words: str, anchor: str = "start", colour: str = MUTED, weight: int = 400) -> SafeString:
    css = "app-chart__strong" if weight == 700 else "app-chart__muted" if colour == MUTED else "app-chart__text"
    return _el("text", words, css=css, fill=colour, font_size=15, font_weight=weight, x=x, y=y, text_anchor=anchor)


def _line(css: str, colour: str, x1: float, y1: float, x2: float, y2: float, **more: Any) -> SafeString:
    return _el("line", css=f"app-chart__{css}", stroke=colour, x1=x1, y1=y1, x2=x2, y2=y2, **more)


def _svg(kind: str, size: tuple[int, int], title: str, sentence: str, parts: Iterable[SafeString]) -> SafeString:
    """The frame: an image whose title and sentence are its words on screen and in a tagged PDF."""
    return format_html(
        '<svg class="app-chart app-chart--{}" viewBox="0 0 {} {}" font-family="Public Sans, sans-serif" role="img">'
        "<title>{}</title><desc>{}</desc>{}</svg>",
        *(kind, *size, title, sentence, format_html_join("", "{}", ((part,) for part in parts))),
    )


def describe_line(points: Sequence[Point], *, unit: str = "", target: float | None = None) -> str:
    """The line in a sentence, for those who do not see it."""
    known = [(point.label, plain(point.value) + unit) for point in points if point.value is not None]
    if not known:
        return "There are no figures to draw."
    words = f"It was {known[0][1]} in {known[0][0]}"
    if len(known) > 1:
        words += f" and {known[-1][1]} in {known[-1][0]}"
    goal = f" The target is {plain(target)}{unit}." if target is not None else ""
    return f"Line chart. {words}.{goal} The table below has every figure."


def line_chart(
    points: Sequence[Point], *, title: str, unit: str = "", target: float | None = None, narrow: bool = False
) -> SafeString:
    """A line with its figures at the dots, the last one marked, and a dashed target; broken where one is missing.

    The narrow one, for phones, writes out only the first and the last figure.
    """
    width, height = (360, 260) if narrow else (760, 290)
    left, right, top, bottom = 44.0, width - 16.0, 26.0, height - 34.0
    end, step = nice_top(max([point.value or 0 for point in points] + [target or 0]))
    ys = [bottom - (bottom - top) * (point.value or 0) / end for point in points]
    xs = [left + (right - left) * (n / (len(points) - 1) if len(points) > 1 else 0.5) for n in range(len(points))]
    parts = _scale(left, right, top, bottom, end, step, unit)
    if target is not None:
        y = bottom - (bottom - top) * target / end
        parts.append(_line("target", LATER, left, y, right, y, stroke_width=2, stroke_dasharray="6 5"))
        parts.append(_text(left + 6, y + 19, f"Target {plain(target)}{unit}"))
    drawn = [n for n, point in enumerate(points) if point.value is not None]
    for n in drawn:
        if n + 1 in drawn:
            parts.append(_line("line", SERIES, xs[n], ys[n], xs[n + 1], ys[n + 1], stroke_width=3))
    for n in drawn:
        parts += _dot(points[n], xs[n], ys[n], unit, height - 8.0, n == 0, n == len(points) - 1, narrow)
    kind = "narrow" if narrow else "wide"
    return _svg(kind, (width, height), title, describe_line(points, unit=unit, target=target), parts)


def _scale(
    left: float, right: float, top: float, bottom: float, end: float, step: float, unit: str
) -> list[SafeString]:
    parts = []
    for n in range(round(end / step) + 1):
        y = bottom - (bottom - top) * n * step / end
        parts.append(_line("grid" if n else "axis", GRID if n else AXIS, left, y, right, y))
        parts.append(_text(left - 8, y + 5, f"{plain(n * step)}{unit}", "end"))
    return parts


def _dot(
    point: Point, x: float, y: float, unit: str, foot: float, first: bool, last: bool, narrow: bool
) -> list[SafeString]:
    css, colour = ("app-chart__dot app-chart__dot--now", LATER) if last else ("app-chart__dot", SERIES)
    dot = _el("circle", css=css, fill=colour, stroke="#fff", stroke_width=2, cx=x, cy=y, r=6)
    if narrow and not (first or last):
        return [dot]
    anchor = "middle" if first == last else "start" if first else "end"
    figure = _text(x, y - 13, f"{plain(point.value or 0)}{unit}", anchor, INK, 700)
    aside = 0 if anchor == "middle" else -8 if first else 8  # the outer names stand a little outside, clear of the next
    return [dot, figure, _text(x + aside, foot, point.label, anchor)]


def _mark(stage: str, x: float, y: float) -> SafeString:
    """Before is a ring, after a disc, later a diamond: told apart without colour."""
    css = f"app-chart__dot--{stage}"
    if stage == "later":
        turn = f"rotate(45 {plain(x)} {plain(y)})"
        return _el("rect", css=css, fill=LATER, x=x - 6, y=y - 6, width=12, height=12, transform=turn)
    if stage == "before":
        return _el("circle", css=css, fill="#fff", stroke=SERIES, stroke_width=3, cx=x, cy=y, r=6.5)
    return _el("circle", css=css, fill=SERIES, cx=x, cy=y, r=8)


def change_chart(
    rows: Sequence[Change], *, title: str, lowest: int = 0, highest: int = 10, narrow: bool = False
) -> SafeString:
    """Average scores before, straight after and later: one row for each course, a missing score is left out."""
    width, left, row_height = (360, 14.0, 62.0) if narrow else (760, 250.0, 44.0)
    right, bottom = width - 22.0, 8 + row_height * len(rows)

    def x_of(score: float) -> float:
        return left + (right - left) * (score - lowest) / (highest - lowest)

    parts = []
    for score in range(lowest, highest + 1, 2 if narrow else 1):
        parts.append(_line("grid", GRID, x_of(score), 8.0, x_of(score), bottom))
        parts.append(_text(x_of(score), bottom + 22, str(score), "middle"))
    for n, row in enumerate(rows):
        y = 8 + row_height * n + (46 if narrow else 22)
        parts.append(_text(0.0, y - 24 if narrow else y + 5, row.label, colour=INK))
        known = {"before": row.before, "after": row.after, "later": row.later}
        spots = {stage: x_of(score) for stage, score in known.items() if score is not None}
        if len(spots) > 1:
            ends = (min(spots.values()), y, max(spots.values()), y)
            parts.append(_line("span", SPAN, *ends, stroke_width=6, stroke_linecap="round"))
        parts += [_mark(stage, x, y) for stage, x in spots.items()]
    courses = "1 course" if len(rows) == 1 else f"{len(rows)} courses"
    sentence = f"Dot chart of average scores of {courses}. The table below has every figure."
    return _svg("narrow" if narrow else "wide", (width, round(bottom + 34)), title, sentence, parts)
