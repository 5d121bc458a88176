"""Which kinds of lists can be brought in. Each app registers its own from ``AppConfig.ready``."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import UnusableInput

from .resource import CheckedResource


@dataclass(frozen=True)
class ImportKind:
    """A kind of list. ``one`` and ``many`` name its rows for people; ``order`` is the order in which files go in."""

    name: str
    title: str
    one: str
    many: str
    about: str
    resource: type[CheckedResource]
    order: int


_KINDS: dict[str, ImportKind] = {}


def register_import(kind: ImportKind) -> None:
    _KINDS[kind.name] = kind


def import_kinds() -> list[ImportKind]:
    """All kinds, in the order in which a partnership brings its files in."""
    return sorted(_KINDS.values(), key=lambda kind: kind.order)


def import_kind(name: str) -> ImportKind:
    """The kind called ``name``. Raises ``UnusableInput`` naming the kinds there are."""
    if name not in _KINDS:
        known = ", ".join(kind.name for kind in import_kinds())
        raise UnusableInput(f"“{name}” is not a kind of list. Use one of: {known}.")
    return _KINDS[name]
