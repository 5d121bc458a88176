"""Bringing lists in on the screen: choose a kind, upload, see what would happen, import, take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import needs
from core.actors import actor_names
from core.errors import RuleBroken, UnusableInput
from core.exports import CSV_TYPE, ExportSheet, csv_bytes, download
from core.imports.forms import UploadForm
from core.imports.registry import ImportKind, import_kind, import_kinds
from core.imports.undo import undo_import, undo_until
from core.imports.uploads import bring_in, job_of, receive_upload, wrong_rows
from core.models import ImportRun
from core.paging import page_of

TONES = {"imported": "good", "undone": "warn", "checked": "info"}
PROBLEMS_SHOWN = 200


def _kind(name: str) -> ImportKind:
    try:
        return import_kind(name)
    except UnusableInput:
        raise Http404 from None


def _run(request: HttpRequest, pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(request.user, request.partnership), pk=pk)  # type: ignore[attr-defined]


@needs("imports.run")
def import_list(request: HttpRequest) -> HttpResponse:
    """The kinds of lists that can be brought in, and what was brought in before."""
    page = page_of(request, ImportRun.objects.visible_to(request.user, request.partnership))
    names = actor_names(run.started_by_id for run in page)
    titles = {kind.name: kind.title for kind in import_kinds()}
    rows = [(run, titles.get(run.kind, run.kind), TONES.get(run.state, ""), names[run.started_by_id]) for run in page]
    return render(request, "core/import_list.html", {"kinds": import_kinds(), "page": page, "rows": rows})


@needs("imports.run")
def import_upload(request: HttpRequest, kind: str) -> HttpResponse:
    """What the columns of a kind mean, its template, and the form that takes the file."""
    chosen = _kind(kind)
    is_post = request.method == "POST"
    form = UploadForm(request.POST if is_post else None, request.FILES if is_post else None)
    if is_post and form.is_valid():
        try:
            run = receive_upload(
                partnership=request.partnership,
                kind=chosen,
                upload=form.cleaned_data["file"],
                by=request.user,
                now=timezone.now(),
            )
            return redirect("core:import_check", pk=run.pk)
        except RuleBroken as error:
            form.add_error("file", str(error))
    columns = chosen.resource.fields.items()
    context = {"form": form, "kind": chosen, "columns": columns, "key": " and ".join(chosen.resource.key)}
    return render(request, "core/import_upload.html", context)


@needs("imports.run")
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty file with the headings of a kind."""
    chosen = _kind(kind)
    sheet = ExportSheet(chosen.title, list(chosen.resource.fields), [])
    return download(csv_bytes(sheet), name=f"{chosen.name}.csv", content_type=CSV_TYPE)


@needs("imports.run")
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """An upload: what bringing it in would do, how far it is, or what became of it."""
    run = _run(request, pk)
    job = job_of(run)
    kind = _kind(run.kind)
    context: dict[str, Any] = {"run": run, "kind": kind, "job": job, "busy": job is not None and not job.is_over}
    context["problems"] = run.problems[:PROBLEMS_SHOWN]
    context["tables"] = [
        (title, state, getattr(run, state), run.preview.get(state, []))
        for title, state in (("New", "new"), ("Changed", "changed"), ("Unchanged", "unchanged"))
    ]
    context["stats"] = _stats(run)
    until = undo_until(run)
    context["undo_until"] = until if until is not None and until > timezone.now() else None
    return render(request, "core/import_check.html", context)


def _stats(run: ImportRun) -> list[dict[str, Any]]:
    """How many rows are what, as figure tiles."""
    wrong = "Wrong" if run.state == ImportRun.State.CHECKED else "Left out"
    figures = [("New", run.new), ("Changed", run.changed), ("Unchanged", run.unchanged)]
    stats: list[dict[str, Any]] = [{"label": label, "value": f"{count:,}"} for label, count in figures]
    return [*stats, {"label": wrong, "value": f"{run.refused:,}", "tone": "warn" if run.refused else ""}]


@needs("imports.run")
@require_POST
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an upload in: all rows, or the good ones."""
    run = _run(request, pk)
    good_rows_only = request.POST.get("good_rows_only") == "yes"
    try:
        job = bring_in(run=run, good_rows_only=good_rows_only, by=request.user, now=timezone.now())
        if job is None:
            messages.success(request, f"{run.file_name} was brought in.")
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("core:import_check", pk=pk)


@needs("imports.run")
def import_wrong_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that were refused, with the reasons, to be put right and uploaded again."""
    run = _run(request, pk)
    try:
        return download(wrong_rows(run), name=f"{run.kind}-wrong-rows.csv", content_type=CSV_TYPE)
    except RuleBroken as error:
        messages.error(request, str(error))
        return redirect("core:import_check", pk=pk)


@needs("imports.run")
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back, after a page that says what that means."""
    run = _run(request, pk)
    if request.method == "POST":
        try:
            undo_import(run=run, by=request.user, now=timezone.now())
            messages.success(request, f"The import of {run.file_name} was taken back.")
        except RuleBroken as error:
            messages.error(request, str(error))
        return redirect("core:import_check", pk=pk)
    return render(request, "core/import_undo.html", {"run": run, "kind": _kind(run.kind)})
