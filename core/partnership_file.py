"""Partnership files: what differs between partnerships, as data. ``core`` reads its own values; each app registers a
loader for the sections that it owns.

Loading is repeatable and all or nothing. A wrong value is named by its path in the file with what is allowed there. A
key that nobody knows is kept in ``Partnership.extra`` with a notice, so that nothing of a file is lost.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from . import audit
from .errors import UnusableInput
from .imports.widgets import is_address
from .models import HostName, Nation, Partnership, Strand

MOST_BYTES = 1024 * 1024
Value = TypeVar("Value")


class Table:
    """A table of the file. Each read takes a key; what is left at the end nobody knows."""

    def __init__(self, values: Any, path: str = "") -> None:
        if not isinstance(values, Mapping):
            raise UnusableInput(f"{path} must be a table of keys and values.")
        self.path = path
        self.is_empty = not values
        self._left = dict(values)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def at(self, key: str) -> str:
        """The path of ``key`` as messages name it."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, value: Any, allowed: str) -> UnusableInput:
        """The error for a value that may not stand at ``key``."""
        return UnusableInput(f"{self.at(key)}: “{str(value)[:60]}” is not allowed here. It must be {allowed}.")

    def _take(self, key: str, default: Value | None) -> Any:
        if key not in self._left and default is None:
            raise UnusableInput(f"{self.at(key)} is missing.")
        return self._left.pop(key, default)

    def text(self, key: str, default: str | None = None, *, most: int = 200, pattern: str = "", like: str = "") -> str:
        value = self._take(key, default)
        if not isinstance(value, str) or len(value) > most or (default is None and not value.strip()):
            raise self.wrong(key, value, f"text of at most {most} characters")
        value = value.strip()
        if pattern and value and not re.fullmatch(pattern, value):
            raise self.wrong(key, value, like)
        return value

    def email(self, key: str, default: str = "") -> str:
        value = self.text(key, default, most=254).lower()
        if value and not is_address(value):
            raise self.wrong(key, value, "an email address")
        return value

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 1000) -> int:
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, value, f"a whole number from {least} to {most}")
        return value

    def money(self, key: str) -> Decimal:
        """An amount in pounds with at most two decimal places."""
        value = self._take(key, None)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        amount = Decimal(str(value)) if is_number else Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount <= 99_999 or amount != round(amount, 2):
            raise self.wrong(key, value, "an amount of pounds such as 50 or 42.50")
        return round(amount, 2)

    def yes(self, key: str, default: bool) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false")
        return value

    def day(self, key: str, default: dt.date | None = None) -> dt.date:
        value = self._take(key, default)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.wrong(key, value, "a date such as 2025-04-01, without quotation marks")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        value, words = self._take(key, default), list(allowed)
        if value not in words:
            raise self.wrong(key, value, f"one of: {', '.join(words)}")
        return str(value)

    def texts(self, key: str, *, allowed: Iterable[str] = (), most: int = 200) -> list[str]:
        """A list of texts, each once; empty when the key is absent."""
        value, words = self._take(key, []), list(allowed)
        if not isinstance(value, list) or not all(
            isinstance(one, str) and 0 < len(one.strip()) <= most for one in value
        ):
            raise self.wrong(key, value, f"a list of texts of at most {most} characters")
        for one in value:
            if words and one not in words:
                raise self.wrong(key, one, f"made of: {', '.join(words)}")
        return list(dict.fromkeys(one.strip() for one in value))

    def wholes(self, key: str, default: list[int], *, most: int = 1000) -> list[int]:
        value = self._take(key, default)
        if not isinstance(value, list) or not all(type(one) is int and 0 <= one <= most for one in value):
            raise self.wrong(key, value, f"a list of whole numbers up to {most}")
        return list(value)

    def table(self, key: str) -> Table:
        """A table below this one; an empty one when the key is absent."""
        return Table(self._left.pop(key, {}), self.at(key))

    def tables(self, key: str) -> list[Table]:
        """A list of tables, numbered from 1 in messages."""
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, value, "a list of tables")
        return [Table(one, f"{self.at(key)}[{number}]") for number, one in enumerate(value, start=1)]

    def raw(self, key: str) -> Any:
        """The value at ``key`` as it is; None when the key is absent."""
        return self._left.pop(key, None)

    def __iter__(self) -> Iterator[str]:
        """The keys that have not been taken."""
        return iter(list(self._left))

    def left_over(self) -> dict[str, Any]:
        """What nobody took, by its path in the file."""
        return {self.at(key): _as_json(value) for key, value in self._left.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    return value if isinstance(value, str | int | float | bool) else str(value)


@dataclass
class Loading:
    """One run over a file: what changed, what is worth saying, and what nobody knows."""

    partnership: Partnership
    now: dt.datetime
    by: models.Model | None = None
    changes: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def set_values(self, row: models.Model, values: Mapping[str, Any], name: str) -> None:
        """Give a row its values and save it when one differs; ``name`` is how the change is told."""
        differing = [key for key, value in values.items() if getattr(row, key) != value]
        if row.pk is None or differing:
            self.changes.append(f"{name}: {'added' if row.pk is None else 'changed ' + ', '.join(differing)}")
            for key, value in values.items():
                setattr(row, key, value)
            row.save()

    def set_dated(self, model: type[models.Model], table: Table, values: Mapping[str, Any], name: str) -> None:
        """Give the partnership's ``model`` row of the section's ``effective_from`` its values. A section that is
        absent gives the defaults when there is no row yet, and changes nothing else.
        """
        rows = model._default_manager.filter(partnership=self.partnership)
        if table.is_empty and rows.exists():
            return
        begins = table.day("effective_from", dt.date(2000, 1, 1))
        row = rows.filter(effective_from=begins).first() or model(partnership=self.partnership, effective_from=begins)
        self.set_values(row, values, name)
        self.done_with(table)

    def done_with(self, table: Table) -> None:
        """Keep what nobody took from ``table`` and say so."""
        for path, value in table.left_over().items():
            self.extra[path] = value
            self.notices.append(f"{path} is not known; it was kept but has no effect.")


Loader = Callable[[Loading, Table], None]
_SECTIONS: dict[str, Loader] = {}


def register_section(key: str, loader: Loader) -> None:
    """``loader(loading, table)`` takes ``key`` from the file's top ``table``, checks it and writes it.

    It is called for every file, also where the section is absent, so that defaults come to be.
    """
    _SECTIONS[key] = loader


def load_partnership(*, path: Path, by: models.Model | None, now: dt.datetime) -> Loading:
    """Create or update a partnership from its file, all or nothing (R02-R04). Raises ``UnusableInput``."""
    table = Table(_read(path))
    with transaction.atomic():
        loading = _load_core(table, by=by, now=now)
        for loader in _SECTIONS.values():
            loader(loading, table)
        loading.done_with(table)
        loading.set_values(loading.partnership, {"extra": loading.extra}, "keys kept without effect")
        if loading.changes:
            audit.record(
                "partnership.loaded",
                loading.partnership,
                partnership=loading.partnership,
                by=by,
                now=now,
                reference=loading.partnership.slug,
                after={"changes": loading.changes},
            )
    return loading


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise UnusableInput(f"There is no file {path}.")
    if path.stat().st_size > MOST_BYTES:
        raise UnusableInput("The file is larger than 1 MB, which no partnership file is.")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UnusableInput("The file is not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise UnusableInput(f"The file is not TOML: {error}.") from None


def _load_core(table: Table, *, by: models.Model | None, now: dt.datetime) -> Loading:
    slug = table.text("slug", most=50, pattern=r"[a-z0-9]+(-[a-z0-9]+)*", like="small letters, figures and hyphens")
    partnership = Partnership.objects.select_for_update().filter(slug=slug).first() or Partnership(slug=slug)
    loading = Loading(partnership, now, by)
    values = {
        "name": table.text("name"),
        "short_name": table.text("short_name", "", most=40),
        "strands": table.texts("strands", allowed=Strand.values),
        "nation": table.choice("nation", Nation.values, Nation.ENGLAND),
        "year_start_month": table.whole("year_start_month", 4, least=1, most=12),
        "data_controller": table.text("data_controller", ""),
        "contact_email": table.email("contact_email"),
        "contact_phone": table.text("contact_phone", "", most=40),
    }
    loading.set_values(partnership, values, slug)
    _load_hosts(loading, table)
    return loading


def _load_hosts(loading: Loading, table: Table) -> None:
    wanted = [host.lower().rstrip(".") for host in table.texts("host_names", most=253)]
    for host in wanted:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host):
            raise table.wrong("host_names", host, "host names such as training.example.org")
        if HostName.objects.filter(host=host).exclude(partnership=loading.partnership).exists():
            raise UnusableInput(f"host_names: {host} belongs to another partnership already.")
    known = list(loading.partnership.host_names.values_list("host", flat=True))
    if known != wanted:
        loading.partnership.host_names.all().delete()
        HostName.objects.bulk_create(HostName(partnership=loading.partnership, host=host) for host in wanted)
        loading.changes.append(f"host names: {', '.join(wanted) or 'none'}")
