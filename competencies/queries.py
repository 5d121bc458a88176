"""Named reads of frameworks and groups."""

from __future__ import annotations

from competencies.models import Group
from core.models import Partnership


def groups_by_code(partnership: Partnership) -> dict[str, int]:
    """Ids of the partnership's groups by the code a file uses, in small letters (R153).

    The groups of the first framework by their code alone, all of them also as ``framework:code``.
    """
    known: dict[str, int] = {}
    first = None
    rows = Group.objects.filter(framework__partnership=partnership).order_by("framework_id", "order")
    for pk, code, framework_id, framework in rows.values_list("pk", "code", "framework_id", "framework__code"):
        first = first or framework_id
        known[f"{framework}:{code}".casefold()] = pk
        if framework_id == first:
            known[code.casefold()] = pk
    return known
