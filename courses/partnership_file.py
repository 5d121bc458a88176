"""The ``priorities`` of a partnership file (R31)."""

from __future__ import annotations

from core.partnership_file import Loading, Table, register_section
from courses.models import Priority


def load_priorities(loading: Loading, table: Table) -> None:
    """Add the priorities that are not there yet. What the file no longer names stays with its courses."""
    known = set(Priority.objects.filter(partnership=loading.partnership).values_list("name", flat=True))
    wanted = table.texts("priorities")
    for name in wanted:
        if name not in known:
            loading.set_values(Priority(partnership=loading.partnership), {"name": name}, f"priority {name}")
    loading.notices += [
        f"The priority “{name}” is no longer in the file; it stays." for name in sorted(known - set(wanted))
    ]


register_section("priorities", load_priorities)
