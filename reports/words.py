"""Figures in words: the same sentences on screen, on paper and in mails."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.templatetags.archway import money, percent

FEWEST_PEOPLE = 10
UP, DOWN, SAME = "up", "down", "same"


def share(rate: float | None, part: int, whole: int, places: int = 1) -> str:
    """A rate for people to see: ``9.2%``; the counts where fewer than 10 stand behind it; "none" over nothing."""
    if not whole or rate is None:
        return "none"
    if whole < FEWEST_PEOPLE:
        return f"{part} of {whole}"
    return percent(Decimal(str(rate)) * 100, places)


def direction(now: float, before: float) -> str:
    return SAME if now == before else UP if now > before else DOWN


def change_in_people(now: int, before: int) -> str:
    """``38 more than last quarter``, ``3 fewer than last quarter``, ``no change``."""
    if now == before:
        return "no change"
    return f"{abs(now - before):,} {'more' if now > before else 'fewer'} than last quarter"


def change_in_money(now: float, before: float) -> str:
    if now == before:
        return "no change"
    size = money(abs(Decimal(str(now)) - Decimal(str(before))))
    return f"{size} {'more' if now > before else 'less'} than last quarter"


def points(now: float, before: float, places: int = 1) -> Decimal:
    """The change of a rate in percentage points, rounded half-up."""
    change = (Decimal(str(now)) - Decimal(str(before))) * 100
    return change.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def change_in_points(now: float | None, before: float | None, places: int = 1) -> str:
    """``0.8 points higher``, ``4 points lower``, ``no change``; nothing where there is nothing to compare."""
    if now is None or before is None:
        return ""
    change = points(now, before, places)
    if not change:
        return "no change"
    size = f"{abs(change):f}".rstrip("0").rstrip(".") if places else f"{abs(change):f}"
    return f"{size} {'point' if size == '1' else 'points'} {'higher' if change > 0 else 'lower'}"


def score(value: float | None) -> str:
    """``7.9``, or that too few people answered."""
    return "too few replies" if value is None else f"{value:.1f}"


def last_quarter(figures: dict[str, Any]) -> dict[str, Any] | None:
    """The history's line of the quarter before, if there was one."""
    history = figures["history"]
    return history[-2] if len(history) > 1 else None


def enough_people(entry: dict[str, Any], whole: str) -> bool:
    """Whether a rate over ``whole`` may be said as one."""
    return bool(entry[whole] >= FEWEST_PEOPLE)
