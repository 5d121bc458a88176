"""Large lists of staff: good ones of any size, and ten thousand bad rows of forty kinds."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from .lists import STAFF, as_csv, person

Spoil = Callable[[int], list[str] | str | bytes]
FIRST = ["Ifan", "Rhys", "Kwame", "Beth", "Leila", "Ngozi", "Tariq", "Łucja", "Siân", "Maeve"]
LAST = ["Sandhu", "Nolan", "Hesketh", "Okonjo", "Taylor", "O’Neill", "Adeyemi", "Nguyễn", "Bell", "Marsh"]


def write_staff_file(path: Path, *, rows: int, agencies: list[str], first: int = 0) -> Path:
    """A list of ``rows`` people who are all right."""
    rng = random.Random(first)
    people = []
    for number in range(first, first + rows):
        code = rng.choice(agencies)
        domain = f"{code.lower()}.example.org"
        people.append(
            person(
                f"person{number}@{domain}",
                first_name=rng.choice(FIRST),
                last_name=rng.choice(LAST),
                agency_code=code,
                groups=rng.choice(["", "1", "3", "3;5"]),
                manager_email=f"manager@{domain}",
                start_date=rng.choice(["", "2024-01-01", "15/03/2023"]),
            )
        )
    path.write_text(as_csv(STAFF, people))
    return path


def _spoilt(column: str, value: str) -> Spoil:
    return lambda number: person(**{"email": f"bad{number}@acc.example.org", column: value})


def _line(number: int) -> str:
    return ",".join(person(f"bad{number}@acc.example.org"))


# Each makes one row that is wrong in its own way; a text or bytes is a line as it stands.
BAD: list[Spoil] = [
    _spoilt("email", ""),
    lambda number: person(f"bad{number}"),
    lambda number: person(f"bad{number}@acc@example.org"),
    lambda number: person(f"bad {number}@acc.example.org"),
    lambda number: person(f"bad\x00{number}@acc.example.org"),
    lambda number: person("x" * 10_000 + f"{number}@acc.example.org"),
    lambda number: person(f"bad{number}@acc.example.org\u202e"),
    _spoilt("first_name", ""),
    _spoilt("first_name", "S\u0000am"),
    _spoilt("first_name", "Sam\nSam"),
    _spoilt("first_name", "\u202eSam"),
    _spoilt("first_name", "=cmd|' /C calc'!A0"),
    _spoilt("first_name", "@SUM(1+1)"),
    _spoilt("first_name", "S" * 10_000),
    _spoilt("last_name", "   "),
    _spoilt("last_name", "1234"),
    _spoilt("last_name", "L" * 101),
    _spoilt("last_name", "Lee\u2066"),
    _spoilt("agency_code", ""),
    _spoilt("agency_code", "NONE"),
    _spoilt("agency_code", "ELSEWHERE"),  # an agency of another partnership
    _spoilt("agency_code", "A" * 10_000),
    _spoilt("job_title", "J" * 151),
    _spoilt("job_title", "Head\tof"),
    _spoilt("groups", "99"),
    _spoilt("groups", "3;x"),
    _spoilt("manager_email", "not an address"),
    _spoilt("manager_name", "M\x1bM"),
    _spoilt("start_date", "31/02/2025"),
    _spoilt("start_date", "1/2/03"),
    _spoilt("start_date", "45678"),
    _spoilt("start_date", "NaN"),
    _spoilt("end_date", "2020-01-01"),
    _spoilt("end_date", "soon"),
    lambda number: person(f"bad{number}@acc.example.org")[:7],
    lambda number: [*person(f"bad{number}@acc.example.org"), "one", "too many"],
    lambda number: person(
        f"twice{number // 80}@acc.example.org", first_name=f"Sam {'abcdefghij'[number % 10]}{number}"
    ),
    lambda number: _line(number).replace("Sam", '"Sam'),
    lambda number: _line(number).replace("Lee", '"Lee"x'),
    lambda number: _line(number).replace("Sam", "Ren\xe9e").encode("cp1252"),
]


def write_bad_file(path: Path, *, bad: int = 10_000, good: int = 500) -> list[int]:
    """``bad`` rows of all kinds in turn with ``good`` ones between; returns the lines of the bad ones.

    Rows of the kind "twice" come in pairs with one address and different names.
    """
    every = bad // good
    lines, at = [], 2
    with path.open("wb") as file:
        file.write(f"{STAFF}\r\n".encode())
        for number in range(bad):
            written = _write(file, BAD[number % len(BAD)](number))
            lines.append(at)
            at += written
            if number % every == every - 1:
                at += _write(file, person(f"good{number}@acc.example.org", first_name="Łucja"))
    return lines


def _write(file: object, row: list[str] | str | bytes) -> int:
    """Write one row; how many lines of the file it takes."""
    if isinstance(row, list):
        row = as_csv(row, [])
    data = row if isinstance(row, bytes) else row.encode()
    if not data.endswith(b"\n"):
        data += b"\r\n"
    file.write(data)  # type: ignore[attr-defined]
    return data.count(b"\n")
