"""The two commands: what they print, where, and the code with which they end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Person
from core.models import Partnership
from tests.support.lists import ALDERMERE, STAFF, as_csv, person

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, list[str], list[str]]:
    """Exit code, lines on standard output and lines on standard error, as the shell sees them."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_data", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = int(str(end.code))
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return code, out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "staff.csv"
    path.write_text(as_csv(STAFF, [person(), person("jo@acc.example.org", groups="9")]))
    return path


def test_all_rows_in_ends_with_0(with_agency: Partnership, tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_text(as_csv(STAFF, [person()]))
    assert run("aldermere", "staff", str(path)) == (0, ["1 new, 0 changed, 0 unchanged, 0 refused"], [])
    assert run("aldermere", "staff", str(path)) == (0, ["0 new, 0 changed, 1 unchanged, 0 refused"], [])


def test_a_refused_row_is_named_on_standard_error_and_ends_with_1(with_agency: Partnership, file: Path) -> None:
    code, out, err = run("aldermere", "staff", str(file))
    assert (code, out[-1]) == (1, "1 new, 0 changed, 0 unchanged, 1 refused")
    assert err == ["line 3, column groups: there is no group “9”"]
    assert not Person.objects.exists()


def test_good_rows_only_brings_the_others_in(with_agency: Partnership, file: Path) -> None:
    code, out, err = run("aldermere", "staff", str(file), "--good-rows-only")
    assert (code, out[-1], len(err)) == (1, "1 new, 0 changed, 0 unchanged, 1 refused", 1)
    assert Person.objects.count() == 1


def test_a_dry_run_lists_rows_and_writes_nothing(with_agency: Partnership, file: Path) -> None:
    code, out, err = run("aldermere", "staff", str(file), "--dry-run", "--good-rows-only")
    assert (code, out, len(err)) == (1, ["line 2: new", "1 new, 0 changed, 0 unchanged, 1 refused"], 1)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("nowhere", "staff", "{file}"), "There is no partnership “nowhere”"),
        (
            ("aldermere", "cats", "{file}"),
            "“cats” is not a kind of list. Use one of: agencies, staff, courses, sessions, bookings.",
        ),
        (("aldermere", "staff", "{folder}/none.csv"), "There is no file none.csv."),
        (("aldermere", "staff", "{folder}"), "There is no file"),
        (("aldermere", "agencies", "{file}"), "The file has no column code"),
    ],
)
def test_what_cannot_be_used_ends_with_2(
    with_agency: Partnership, file: Path, arguments: tuple[str, ...], reason: str
) -> None:
    code, out, err = run(*[one.format(file=file, folder=file.parent) for one in arguments])
    assert (code, out) == (2, [])
    assert reason in err[0]


def test_loading_a_partnership_says_what_it_did(db: None) -> None:
    out = io.StringIO()
    call_command("load_partnership", str(ALDERMERE / "partnership.toml"), stdout=out)
    assert out.getvalue().splitlines()[-1] == "Aldermere and Wexdale Safeguarding Partnership: loaded."
    out = io.StringIO()
    call_command("load_partnership", str(ALDERMERE / "partnership.toml"), stdout=out)
    assert out.getvalue().splitlines() == ["Aldermere and Wexdale Safeguarding Partnership: nothing changed."]


def test_a_wrong_partnership_file_ends_with_2(db: None, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("slug = 5")
    with pytest.raises(CommandError) as raised:
        call_command("load_partnership", str(path))
    assert raised.value.returncode == 2
