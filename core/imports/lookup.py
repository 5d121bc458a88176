"""Finding what rows name: by code without regard to case, and only inside the partnership."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from django.db import models

from .rows import CheckedRow

Value = TypeVar("Value")
BATCH = 2000


def by_code(rows: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """``{code in small letters: value}``."""
    return {code.casefold(): value for code, value in rows}


def codes_by_key(stored: Iterable[str], rows: Iterable[CheckedRow], key: str) -> dict[str, str]:
    """How each code is written that is known or stands in the file, by the code in small letters."""
    return {row.values[key].casefold(): row.values[key] for row in rows} | {code.casefold(): code for code in stored}


def rows_among(rows: models.QuerySet[Any], name: str, ids: Iterable[int]) -> Iterator[Any]:
    """The rows whose ``name`` is among many ids, asked for in batches: quick whatever the database guesses."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), BATCH):
        yield from rows.filter(**{f"{name}__in": wanted[start : start + BATCH]})


def refuse_unknown(
    rows: list[CheckedRow],
    column: str,
    named: Callable[[CheckedRow], Iterable[str]],
    known: Iterable[str],
    what: str,
    key: str,
) -> None:
    """Refuse rows that name something neither known nor brought in by a good row of the same file (``key`` is its
    column).

    A row that falls takes with it those that name it, so this goes on until nothing changes.
    """
    stored = set(known)
    while True:
        here = stored | {row.values[key].casefold() for row in rows if row.is_good}
        fallen = False
        for row in rows:
            unknown = [code for code in named(row) if code.casefold() not in here] if row.is_good else []
            for code in unknown:
                row.refuse(column, f"there is no {what} “{code}”")
                fallen = True
        if not fallen:
            return


def refuse_circles(
    rows: list[CheckedRow], column: str, edges: Mapping[str, Iterable[str]], reason: str, key: str
) -> None:
    """Refuse rows whose code leads back to itself along ``edges`` (codes in small letters)."""
    for row in rows:
        start = row.values[key].casefold()
        seen: set[str] = set()
        ahead = list(edges.get(start, ()))
        while ahead:
            code = ahead.pop()
            if code not in seen:
                seen.add(code)
                ahead.extend(edges.get(code, ()))
        if start in seen:
            row.refuse(column, reason)
