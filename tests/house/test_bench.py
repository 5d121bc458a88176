"""Measuring works: a quick run of a few rows ends with a table and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys

import psycopg2
import pytest
from django.conf import settings

from bench.lines import at_least_share, at_most, at_most_times, exactly, for_information, shown, table
from bench.rows import MODULES, ROWS


def databases() -> set[str]:
    """The databases for measuring that there are on the server."""
    at = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=at["HOST"], port=at["PORT"] or None, user=at["USER"], password=at["PASSWORD"] or None, dbname="postgres"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [r"%\_bench\_%"])
        found = {name for (name,) in cursor.fetchall()}
    connection.close()
    return found


@pytest.mark.postgres
def test_a_quick_run_measures_and_tidies_up() -> None:
    before = databases()
    command = [sys.executable, "-m", "bench", "--quick", "--only", "contention,export,size"]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "rounds right of 1 (full, the rest waiting in order) | 1 |  |  | 1 | yes |" in ended.stdout
    assert "| 12 people confirm at once" in ended.stdout
    assert "| 200 rows as CSV |" in ended.stdout
    assert "| Installed size without test tools |" in ended.stdout
    assert databases() <= before


@pytest.mark.once
def test_every_row_has_its_module() -> None:
    for name in ROWS:
        assert (settings.BASE_DIR / f"{MODULES[name].replace('.', '/')}.py").is_file()


@pytest.mark.once
def test_the_table_says_what_is_reached_and_what_is_not() -> None:
    lines = [
        at_most_times("Page", 21, 7, "ms", most=3),
        at_most_times("Page", 21.5, 7, "ms", most=3),
        at_least_share("Rate", 74, 300, "/s", least=0.25),
        at_most("SQL", 8, "", most=8),
        exactly("Rounds", 9, 10),
        for_information("Kept", 0.4, "ms"),
    ]
    assert [line.reached for line in lines] == [True, False, False, True, False, None]
    assert table(lines).splitlines()[2:4] == [
        "| Page | 21 ms | 7 ms | 3.00 | at most 3 × bare | yes |",
        "| Page | 21.5 ms | 7 ms | 3.07 | at most 3 × bare | **no** |",
    ]


@pytest.mark.once
@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(0.0412, "s", "0.041 s"), (0.31, "s", "0.31 s"), (7.13, "ms", "7.13 ms"), (61.94, "MB", "61.9 MB")]
    + [(8_512.3, "/s", "8,512 /s"), (25, "", "25")],
)
def test_figures_are_shown_with_three_that_count(value: float, unit: str, words: str) -> None:
    assert shown(value, unit) == words
