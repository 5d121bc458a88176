"""Inserting very many rows. Django's own ``bulk_create`` spends most of its time on model objects that nobody needs;
this takes plain tuples and is about five times as fast. Use it where a person waits for tens of thousands of rows.

Nothing is checked here but what the database checks, no signal is sent, and the caller writes the audit events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

# SQLite allows 32,766 values in a statement.
MOST_VALUES = 30_000
MOST_ROWS = 1000
LONGEST = "10min"
Prepare = Callable[[Any], Any]
# Values of these fields go to the database as they are.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey, models.BooleanField)


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """Insert ``rows``, whose values are those of the fields ``names`` (a foreign key's is the id), and return their
    ids.

    Fields that are not named get their default, the same for all rows.
    """
    fields = [model._meta.get_field(name) for name in names]
    others = [one for one in model._meta.concrete_fields if one not in fields and not one.primary_key]
    fixed = tuple(one.get_db_prep_save(one.get_default(), connection) for one in others)
    prepare = [(at, _prepare(field)) for at, field in enumerate(fields) if not isinstance(field, PLAIN)]
    start, one_row = _statement(model, [*fields, *others])
    ids: list[int] = []
    returning = f" RETURNING {_quoted(str(model._meta.pk.column))}"
    with connection.cursor() as cursor:
        for batch in _batches(rows, len(fields) + len(others)):
            values: list[Any] = []
            for row in batch:
                values += _prepared(row, prepare) if prepare else row
                values += fixed
            cursor.execute(start + ", ".join([one_row] * len(batch)) + returning, values)
            ids += [pk for (pk,) in cursor.fetchall()]
    return ids


@contextmanager
def long_transaction() -> Iterator[None]:
    """One transaction that may take minutes: PostgreSQL's limits for a page's statements do not hold in it."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
                cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{LONGEST}'")
        yield


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _statement(model: type[models.Model], fields: Sequence[Any]) -> tuple[str, str]:
    columns = ", ".join(_quoted(field.column) for field in fields)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ", f"({', '.join(['%s'] * len(fields))})"


def _batches(rows: Sequence[tuple[Any, ...]], width: int) -> Iterator[Sequence[tuple[Any, ...]]]:
    size = min(MOST_ROWS, MOST_VALUES // width)
    for at in range(0, len(rows), size):
        yield rows[at : at + size]


def _prepare(field: Any) -> Prepare:
    """A field's values as the database takes them, each different one worked out once."""
    known: dict[Any, Any] = {}

    def prepare(value: Any) -> Any:
        key = repr(value)
        if key not in known:
            if len(known) > 10_000:
                known.clear()
            known[key] = field.get_db_prep_save(value, connection)
        return known[key]

    return prepare


def _prepared(row: tuple[Any, ...], prepare: Sequence[tuple[int, Prepare]]) -> list[Any]:
    values = list(row)
    for at, function in prepare:
        values[at] = function(values[at])
    return values
