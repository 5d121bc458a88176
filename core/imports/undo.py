"""Taking an import back within a day, unless something that came later stands on it (R153)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models

from core import audit
from core.bulk import long_transaction
from core.errors import RuleBroken
from core.models import AuditEvent, ImportRun

from .ledger import BATCH, Event, as_before

UNDO_HOURS = 24
MOST_NAMED = 5
# Model, id, and what stands against taking it back.
Hindrance = tuple[str, int, str]


class CannotUndo(RuleBroken):
    default_message = "This import can no longer be taken back."


def undo_until(run: ImportRun) -> dt.datetime | None:
    """Until when an import may be taken back; None when there is nothing to take back."""
    if run.state != ImportRun.State.IMPORTED or run.finished_at is None or not run.undo.get("steps"):
        return None
    return run.finished_at + dt.timedelta(hours=UNDO_HOURS)


def undo_import(*, run: ImportRun, by: models.Model | None, now: dt.datetime) -> ImportRun:
    """Take an import back: rows that it brought go, rows that it changed or removed are as they were before (R153).

    All or nothing, with an audit event for each row. Raises ``CannotUndo`` after 24 hours, or naming what was changed
    since or stands on what it brought.
    """
    with long_transaction():
        run = ImportRun.objects.select_for_update().select_related("partnership").get(pk=run.pk)
        until = undo_until(run)
        if until is None:
            raise CannotUndo("There is nothing to take back.")
        if now > until:
            raise CannotUndo(f"An import can be taken back for {UNDO_HOURS} hours. That time is over.")
        steps = run.undo["steps"]
        refuse_if_changed_since(run, steps)
        for step in reversed(steps):
            _take_back(run, step, by=by, now=now)
        run.state, run.undo = ImportRun.State.UNDONE, {}
        run.save(update_fields=["state", "undo"])
        audit.record("import.undone", run, partnership=run.partnership, by=by, now=now, reference=run.kind)
    return run


def _model(step: dict[str, Any]) -> type[models.Model]:
    return apps.get_model(step["model"])


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


# --- What stands against it -------------------------------------------------------------------------------------------
def refuse_if_changed_since(run: ImportRun, steps: list[dict[str, Any]]) -> None:
    """Raise ``CannotUndo`` naming what was changed after the import, or came to depend on what it brought."""
    created: dict[str, set[int]] = {}
    touched: dict[str, set[int]] = {}
    for step in steps:
        created.setdefault(step["model"], set()).update(step.get("created", ()))
        touched.setdefault(step["model"], set()).update([*step.get("created", ()), *map(int, step.get("changed", {}))])
    found = list(dict.fromkeys([*_changed_since(run, steps), *_standing_on(created, touched)]))
    if found:
        named = "; ".join(_in_words(*one) for one in found[:MOST_NAMED])
        more = f"; and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise CannotUndo(f"Nothing was taken back, because of what was done since: {named}{more}.")


def _changed_since(run: ImportRun, steps: list[dict[str, Any]]) -> Iterator[Hindrance]:
    """Rows that the import touched and that have an event of their own after it, or not the values it gave them."""
    later = AuditEvent.objects.filter(pk__gt=run.undo["last_event"], partnership=run.partnership)
    for step in steps:
        model, ids = _model(step), [*step.get("created", ()), *map(int, step.get("changed", {}))]
        events = later.filter(object_type=step["model"])
        for batch in _batches(ids):
            for pk in events.filter(object_id__in=batch).values_list("object_id", flat=True):
                yield step["model"], pk, "was changed"
        for row in _rows(model, step.get("changed", {})):
            given = step["changed"][str(row.pk)]
            if any(value != given[name][1] for name, value in as_before(row, given).items()):
                yield step["model"], row.pk, "was changed"


def _rows(model: type[models.Model], ids: Iterable[str]) -> Iterator[models.Model]:
    for batch in _batches([int(pk) for pk in ids]):
        yield from model._default_manager.filter(pk__in=batch)


def _standing_on(created: dict[str, set[int]], touched: dict[str, set[int]]) -> Iterator[Hindrance]:
    """Rows that the import did not touch and that point at rows which it brought."""
    for label, ids in created.items():
        relations = apps.get_model(label)._meta.get_fields(include_hidden=True)
        for relation in relations:
            if not isinstance(relation, models.ManyToOneRel):
                continue
            model = relation.related_model
            own = touched.get(model._meta.label_lower, set())
            for batch in _batches(sorted(ids)):
                pointing = model._default_manager.filter(**{f"{relation.field.name}__in": batch})
                for pk, target in pointing.values_list("pk", relation.field.attname):
                    if pk not in own:
                        yield label, target, f"has {model._meta.verbose_name_plural}"


def _in_words(label: str, pk: int, what: str) -> str:
    model = apps.get_model(label)
    row = model._default_manager.filter(pk=pk).first()
    return f"{model._meta.verbose_name} {row if row is not None else pk} {what}"


# --- Taking back ------------------------------------------------------------------------------------------------------
def _take_back(run: ImportRun, step: dict[str, Any], *, by: models.Model | None, now: dt.datetime) -> None:
    model = _model(step)
    if created := step.get("created"):
        for batch in _batches(created):
            model._default_manager.filter(pk__in=batch).delete()
        _record(run, model, created, by=by, now=now)
    if changed := {pk: values for pk, values in step.get("changed", {}).items() if values}:
        rows = list(_rows(model, changed))
        names = sorted({name for values in changed.values() for name in values})
        for row in rows:
            for name, (before, _) in changed[str(row.pk)].items():
                _restore(row, name, before)
        for batch in _batches(rows):
            model._default_manager.bulk_create(batch, update_conflicts=True, unique_fields=["pk"], update_fields=names)
        _record(run, model, [row.pk for row in rows], by=by, now=now)
    if deleted := step.get("deleted"):
        rows = [_rebuilt(model, values) for values in deleted]
        model._default_manager.bulk_create(rows)
        _record(run, model, [row.pk for row in rows], by=by, now=now)


def _restore(row: models.Model, name: str, value: Any) -> None:
    field = row._meta.get_field(name)
    setattr(row, field.attname, field.to_python(value))  # type: ignore[union-attr]


def _rebuilt(model: type[models.Model], values: dict[str, Any]) -> models.Model:
    row = model()
    for name, value in values.items():
        _restore(row, name, value)
    return row


def _record(
    run: ImportRun, model: type[models.Model], ids: Sequence[int], *, by: models.Model | None, now: dt.datetime
) -> None:
    action = f"{model._meta.model_name}.import_undone"
    for batch in _batches(ids):
        events: list[Event] = [(pk, "", {}, {"import": run.pk}) for pk in batch]
        audit.record_rows(action, model, events, partnership=run.partnership, by=by, now=now)
