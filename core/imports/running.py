"""Bringing a file in: read it safely, check every row, then write the good ones in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, models

from core import audit
from core.bulk import long_transaction
from core.errors import RuleBroken
from core.models import ImportRun, Partnership
from core.spreadsheets import Sheet, read_spreadsheet

from .checking import check_sheet
from .ledger import Ledger
from .registry import ImportKind
from .resource import CheckedResource
from .rows import CHANGED, NEW, CheckedFile

Told = Callable[[int], None]


class ChangedMeanwhile(RuleBroken):
    default_message = (
        "Something the file names was changed by someone else at the same moment. Nothing was done; try again."
    )


class AlreadyImported(RuleBroken):
    default_message = "This file was brought in already."


@dataclass(frozen=True)
class ImportOutcome:
    """What became of a file. ``run`` is None when nothing was written."""

    file: CheckedFile
    run: ImportRun | None


def check_file(
    *, partnership: Partnership, kind: ImportKind, path: Path, name: str = "", now: dt.datetime
) -> CheckedFile:
    """Everything that bringing the file in would do, without doing it (R153). Raises ``UnusableInput``."""
    sheet = read_spreadsheet(path, name=name)
    return check_rows_of(partnership=partnership, kind=kind, sheet=sheet, now=now)


def check_rows_of(*, partnership: Partnership, kind: ImportKind, sheet: Sheet, now: dt.datetime) -> CheckedFile:
    """``check_file`` for a file that was read already."""
    resource = kind.resource(partnership, now=now)
    file = check_sheet(resource, sheet)
    _compare(resource, file)
    return file


def _compare(resource: CheckedResource, file: CheckedFile) -> None:
    resource.compare(file.good_rows, [row for row in file.rows if row.problems])
    for row in file.rows:
        row.follow_original()
    file.notices += resource.notices


def import_file(
    *,
    partnership: Partnership,
    kind: ImportKind,
    path: Path,
    name: str = "",
    good_rows_only: bool = False,
    by: models.Model | None,
    now: dt.datetime,
    run: ImportRun | None = None,
    told: Told | None = None,
) -> ImportOutcome:
    """Bring a file in (R153): all rows, or with ``good_rows_only`` those without a problem; else nothing at all.

    One transaction with an audit event for each row written. ``run`` is an upload that waits to be brought in;
    ``told`` hears how many rows have been written. Raises ``UnusableInput``, ``ChangedMeanwhile``, ``AlreadyImported``.
    """
    resource = kind.resource(partnership, now=now, writing=True)
    file = check_sheet(resource, read_spreadsheet(path, name=name or path.name))
    run = run or ImportRun(partnership=partnership, kind=kind.name, file_name=name or path.name)
    run.good_rows_only, run.started_by_id = good_rows_only, by.pk if by is not None else 0
    try:
        with long_transaction():
            _refuse_second_time(run)
            _compare(resource, file)
            if file.problems and not good_rows_only:
                return ImportOutcome(file, None)
            return ImportOutcome(file, _write(resource, file, run, by=by, now=now, told=told))
    except IntegrityError as error:
        raise ChangedMeanwhile from error


def _refuse_second_time(run: ImportRun) -> None:
    """An upload is brought in once, however often someone asks."""
    if run.pk is not None:
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != ImportRun.State.CHECKED:
            raise AlreadyImported


def _write(
    resource: CheckedResource,
    file: CheckedFile,
    run: ImportRun,
    *,
    by: models.Model | None,
    now: dt.datetime,
    told: Told | None,
) -> ImportRun | None:
    """Write what is new or changed. A file that changes nothing leaves no trace, unless it was uploaded."""
    rows = [row for row in file.good_rows if row.state in {NEW, CHANGED}]
    if not rows and run.pk is None:
        return None
    note_counts(run, file)
    run.state, run.finished_at = ImportRun.State.IMPORTED, now
    run.save()
    ledger = Ledger(run, by=by, now=now, told=told)
    resource.write(rows, ledger)
    run.undo = ledger.as_undo()
    run.save(update_fields=["undo"])
    audit.record(
        "import.finished", run, partnership=run.partnership, by=by, now=now, reference=run.kind, after=file.counts()
    )
    return run


def note_counts(run: ImportRun, file: CheckedFile) -> None:
    """Keep with an upload how many rows are what, and every problem."""
    run.problems = [[problem.line, problem.column, problem.reason] for problem in file.problems]
    for state, count in file.counts().items():
        setattr(run, state, count)
