"""Writing in bulk while keeping what is needed to take it back, and an audit event for each row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models

from core.audit import record_rows
from core.bulk import insert_rows
from core.models import AuditEvent, ImportRun

BATCH = 2000
Row = TypeVar("Row", bound=models.Model)
Item = TypeVar("Item")
Event = tuple[int, str, dict[str, Any], dict[str, Any]]
Told = Callable[[int], None]


def as_before(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The plain values of ``fields`` before they change, for ``Ledger.change``."""
    return {field.name: plain_value(row, field) for field in fields_named(type(row), fields)}


def plain_value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    """A field's value as JSON holds it; ``restored_value`` turns it back."""
    value = getattr(row, field.attname)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(field, models.DecimalField) and value is not None:
        return f"{value:.{field.decimal_places}f}"
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return field.value_to_string(row)


def fields_named(model: type[models.Model], names: Iterable[str]) -> list[models.Field[Any, Any]]:
    return [model._meta.get_field(name) for name in names]  # type: ignore[misc]


class Ledger:
    """All writing of one import goes through here.

    ``steps`` become ``ImportRun.undo``: what was created (ids), changed (each field before and after) and deleted
    (the whole row). ``told(count)`` hears how many rows have been written.
    """

    def __init__(self, run: ImportRun, *, by: models.Model | None, now: dt.datetime, told: Told | None = None) -> None:
        self.run, self.partnership, self.by, self.now = run, run.partnership, by, now
        self.by_id = by.pk if by is not None else 0
        self.steps: list[dict[str, Any]] = []
        self._told = told or (lambda count: None)
        self._written = 0

    def create(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Insert new rows; afterwards they have their ids."""
        if rows:
            model = type(rows[0])
            for batch in _batches(rows):
                model._default_manager.bulk_create(batch)
            self._step(model, created=[row.pk for row in rows])
        return rows

    def insert(self, model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[int]:
        """``create`` for very many rows, given as tuples of the values of ``names``; returns their ids."""
        ids = insert_rows(model, names, rows)
        if ids:
            self._step(model, created=ids)
        return ids

    def change(self, rows: Sequence[Row], before: dict[int, dict[str, Any]], fields: Sequence[str]) -> None:
        """Upsert rows that exist. ``before`` has the plain values of ``fields`` by row as they were."""
        if not rows:
            return
        model = type(rows[0])
        for batch in _batches(rows):
            model._default_manager.bulk_create(
                batch, update_conflicts=True, unique_fields=["pk"], update_fields=list(fields)
            )
        wanted = fields_named(model, fields)
        changed = {}
        for row in rows:
            was = before[row.pk]
            now = {field.name: plain_value(row, field) for field in wanted}
            changed[str(row.pk)] = {name: [was[name], value] for name, value in now.items() if was[name] != value}
        self._step(model, changed=changed)

    def delete(self, rows: Sequence[models.Model]) -> None:
        """Delete rows, keeping them whole for taking the import back."""
        if not rows:
            return
        model = type(rows[0])
        fields = model._meta.concrete_fields
        self._step(model, deleted=[{field.name: plain_value(row, field) for field in fields} for row in rows])
        for batch in _batches(rows):
            model._default_manager.filter(pk__in=[row.pk for row in batch]).delete()

    def link(
        self,
        through: type[models.Model],
        left: str,
        right: str,
        wanted: Mapping[int, set[int]],
        known: Mapping[int, Iterable[int]],
    ) -> None:
        """Make the rows of a many-to-many table those ``wanted``; ``left`` and ``right`` are its two id attributes."""
        new: list[tuple[int, int]] = []
        gone: set[tuple[int, int]] = set()
        for left_id, right_ids in wanted.items():
            has = set(known.get(left_id, ()))
            new += [(left_id, right_id) for right_id in sorted(right_ids - has)]
            gone |= {(left_id, right_id) for right_id in has - right_ids}
        self.insert(through, [left.removesuffix("_id"), right.removesuffix("_id")], new)
        ends = sorted({left_id for left_id, _ in gone})
        for batch in _batches(ends):
            rows = through._default_manager.filter(**{f"{left}__in": batch})
            self.delete([row for row in rows if (getattr(row, left), getattr(row, right)) in gone])

    def record(self, action: str, rows: Iterable[models.Model], *, reference: str = "") -> None:
        """An audit event for each new row. ``reference`` is the path to what names it for people."""
        self.record_changes(action, [(row, {}) for row in rows], reference=reference)

    def record_changes(
        self, action: str, changes: Sequence[tuple[models.Model, dict[str, list[Any]]]], *, reference: str = ""
    ) -> None:
        """An audit event for each changed row with the values that changed: ``{name: [before, after]}``."""
        name = attrgetter(reference) if reference else lambda row: ""
        events = [
            (
                row.pk,
                str(name(row)),
                {column: pair[0] for column, pair in changed.items()},
                {"import": self.run.pk, **{column: pair[1] for column, pair in changed.items()}},
            )
            for row, changed in changes
        ]
        if changes:
            self._record_rows(action, type(changes[0][0]), events)

    def record_ids(self, action: str, model: type[models.Model], ids: Iterable[int]) -> None:
        """``record`` for rows that came in through ``insert``."""
        self._record_rows(action, model, [(pk, "", {}, {"import": self.run.pk}) for pk in ids])

    def _record_rows(self, action: str, model: type[models.Model], events: list[Event]) -> None:
        for batch in _batches(events):
            record_rows(action, model, batch, partnership=self.partnership, by=self.by, now=self.now)
            self._written += len(batch)
            self._told(self._written)

    def as_undo(self) -> dict[str, Any]:
        """What ``ImportRun.undo`` keeps: the steps, and the last event of the trail when they were done."""
        last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
        return {"steps": self.steps, "last_event": last or 0}

    def _step(self, model: type[models.Model], **what: Any) -> None:
        self.steps.append({"model": model._meta.label_lower, **what})


def _batches(rows: Sequence[Item]) -> Iterable[Sequence[Item]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
