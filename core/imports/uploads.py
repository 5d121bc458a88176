"""Files uploaded on the screen: checked at once or as long work, brought in, and forgotten after a day (R153)."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files import File
from django.db import models

from core.errors import RuleBroken, UnusableInput
from core.exports import ExportSheet, Value, csv_bytes
from core.jobs import register_job, start_job
from core.models import ImportRun, Job, Partnership
from core.retention import RetentionRule, register_retention
from core.spreadsheets import Sheet, read_spreadsheet
from core.sweeps import register_sweep

from .registry import ImportKind, import_kind
from .rows import CHANGED, NEW, UNCHANGED, CheckedFile, CheckedRow, shown
from .running import AlreadyImported, check_rows_of, import_file, note_counts

# More rows than this are checked and brought in as long work.
MOST_AT_ONCE = 2000
ROWS_SHOWN = 50
KEPT_HOURS = 24
State = ImportRun.State


class UploadGone(RuleBroken):
    default_message = "The uploaded file was deleted: we keep uploads for 24 hours. Upload it again."


@contextmanager
def local_copy(run: ImportRun) -> Iterator[Path]:
    """The uploaded file on this machine's disk, wherever it is kept. Raises ``UploadGone``."""
    if not run.file:
        raise UploadGone
    with tempfile.NamedTemporaryFile(prefix="import-") as copy:
        with run.file.open("rb") as stored:
            shutil.copyfileobj(stored, copy)
        copy.flush()
        yield Path(copy.name)


def read_upload(run: ImportRun) -> Sheet:
    """The rows of an uploaded file, read safely. Raises ``UnusableInput``, ``UploadGone``."""
    with local_copy(run) as path:
        return read_spreadsheet(path, name=run.file_name)


def receive_upload(
    *, partnership: Partnership, kind: ImportKind, upload: File[bytes], by: models.Model, now: dt.datetime
) -> ImportRun:
    """Keep an uploaded file and check it, at once or as long work. Raises ``UnusableInput``; then nothing is kept."""
    run = ImportRun(partnership=partnership, kind=kind.name, started_by_id=by.pk)
    run.file_name = Path(str(upload.name)).name[-200:]
    run.file.save(run.file_name, upload)
    try:
        sheet = read_upload(run)
        if len(sheet.rows) > MOST_AT_ONCE:
            _start(run, "check", f"Checking {run.file_name}", by=by)
        else:
            check_upload(run=run, sheet=sheet, now=now)
    except UnusableInput:
        run.file.delete(save=False)
        run.delete()
        raise
    return run


def _start(run: ImportRun, act: str, title: str, *, by: models.Model, **arguments: Any) -> Job:
    return start_job(
        kind=f"import_{act}",
        title=title,
        partnership=run.partnership,
        by=by,
        arguments={"run": run.pk, **arguments},
    )


def job_of(run: ImportRun) -> Job | None:
    """The latest long work for an upload."""
    mine = Job.objects.filter(partnership=run.partnership, kind__startswith="import_", arguments__run=run.pk)
    return mine.order_by("-pk").first()


def check_upload(*, run: ImportRun, sheet: Sheet, now: dt.datetime) -> None:
    """Check an upload and keep what was found for the page that shows it."""
    file = check_rows_of(partnership=run.partnership, kind=import_kind(run.kind), sheet=sheet, now=now)
    note_counts(run, file)
    run.preview = _preview(import_kind(run.kind), file)
    run.state = State.CHECKED
    run.save()


def _preview(kind: ImportKind, file: CheckedFile) -> dict[str, Any]:
    """The first rows of each outcome by line, what names them, and what changes."""
    listed: dict[str, list[Any]] = {NEW: [], CHANGED: [], UNCHANGED: []}
    for row in file.rows:
        if row.is_good and len(listed[row.outcome]) < ROWS_SHOWN:
            listed[row.outcome].append([row.line, _named(kind, row), row.changes])
    return {"notices": file.notices, **listed}


def _named(kind: ImportKind, row: CheckedRow) -> str:
    return ", ".join(shown(row.values[name]) for name in kind.resource.key)


def bring_in(*, run: ImportRun, good_rows_only: bool, by: models.Model, now: dt.datetime) -> Job | None:
    """Bring a checked upload in, at once or as long work, which is returned (R153). Raises what ``import_upload``
    raises.
    """
    if run.state != State.CHECKED:
        raise AlreadyImported
    job = job_of(run)
    if job is not None and not job.is_over:
        return job
    if run.good + run.refused <= MOST_AT_ONCE:
        import_upload(run=run, good_rows_only=good_rows_only, by=by, now=now)
        return None
    return _start(run, "write", f"Importing {run.file_name}", by=by, good_rows_only=good_rows_only)


def import_upload(
    *,
    run: ImportRun,
    good_rows_only: bool,
    by: models.Model | None,
    now: dt.datetime,
    told: Callable[[int], None] | None = None,
) -> None:
    """Bring a checked upload in. A row that became wrong meanwhile keeps everything out, unless only good rows are
    wanted.

    Raises ``AlreadyImported``, ``UploadGone``, ``UnusableInput``, ``ChangedMeanwhile``, ``RuleBroken``.
    """
    with local_copy(run) as path:
        outcome = import_file(
            partnership=run.partnership,
            kind=import_kind(run.kind),
            path=path,
            name=run.file_name,
            good_rows_only=good_rows_only,
            by=by,
            now=now,
            run=run,
            told=told,
        )
    if outcome.run is None:
        raise RuleBroken("Some rows are wrong now, so nothing was brought in. Upload the file again to see which.")


def wrong_rows(run: ImportRun) -> bytes:
    """The rows that were refused, as a CSV file with the reasons in front. Raises ``UploadGone``."""
    reasons: dict[int, list[str]] = {}
    for line, column, reason in run.problems:
        reasons.setdefault(line, []).append(f"{column}: {reason}")
    sheet = read_upload(run)
    rows: list[list[Value]] = [
        [row.line, "; ".join(reasons[row.line]), *row.cells] for row in sheet.rows if row.line in reasons
    ]
    return csv_bytes(ExportSheet("Wrong rows", ["line", "what is wrong", *sheet.headings], rows))


def forget_uploads(now: dt.datetime) -> int:
    """Delete uploads a day after they came, and what was kept of their contents; returns how many (reliability 3)."""
    old = ImportRun.objects.filter(created_at__lt=now - dt.timedelta(hours=KEPT_HOURS))
    count = 0
    for run in old.exclude(file="").exclude(file=None):
        run.file.delete(save=False)
        count += 1
        if run.state in {State.UPLOADED, State.CHECKED}:
            run.delete()
        else:
            ImportRun.objects.filter(pk=run.pk).update(file="", preview={}, problems=[])
    forgotten = ImportRun.objects.filter(finished_at__lt=now - dt.timedelta(hours=KEPT_HOURS)).exclude(undo={})
    return count + forgotten.update(undo={}, problems=[], preview={})


# --- Long work --------------------------------------------------------------------------------------------------------
def _run_of(job: Job) -> ImportRun:
    return ImportRun.objects.select_related("partnership").get(pk=job.arguments["run"], partnership=job.partnership)


def _check_job(job: Job, progress: Any) -> dict[str, Any]:
    """Check an upload of many rows; checking again gives the same."""
    run = _run_of(job)
    sheet = read_upload(run)
    progress(total=len(sheet.rows), message="Checking every row")
    if run.state in {State.UPLOADED, State.CHECKED}:
        check_upload(run=run, sheet=sheet, now=progress.now)
    message = f"{run.good:,} rows are right, {run.refused:,} are wrong. Nothing has been brought in yet."
    return {"message": message, "path": f"/manage/imports/{run.pk}/"}


def _write_job(job: Job, progress: Any) -> dict[str, Any]:
    """Bring an upload of many rows in. One that is in already, by an attempt that died afterwards, is left as it is."""
    run = _run_of(job)
    progress(total=run.new + run.changed, message="Bringing the rows in")
    by = get_user_model()._default_manager.filter(pk=job.started_by_id).first()
    try:
        import_upload(
            run=run,
            good_rows_only=job.arguments["good_rows_only"],
            by=by,
            now=progress.now,
            told=lambda count: progress(done=count),
        )
    except AlreadyImported:
        run.refresh_from_db()
        if run.state != State.IMPORTED:
            raise
    run.refresh_from_db()
    message = f"{run.new:,} new, {run.changed:,} changed, {run.unchanged:,} unchanged, {run.refused:,} left out."
    return {"message": message, "path": f"/manage/imports/{run.pk}/"}


register_job("import_check", _check_job)
register_job("import_write", _write_job)
register_sweep("imports", "{n} uploads deleted", forget_uploads)
register_retention(RetentionRule("Uploaded lists and what they held", "24 hours", "Deleted; only the counts stay"))
