"""The ``frameworks`` of a partnership file (R14-R19)."""

from __future__ import annotations

from competencies.models import CompetencyFramework, Group
from competencies.models.framework import ProvidedBy
from core.errors import UnusableInput
from core.partnership_file import Loading, Table, register_section

CODE = r"[A-Za-z0-9_-]+"
LIKE = "letters, figures, hyphens and underscores"


def load_frameworks(loading: Loading, table: Table) -> None:
    """Add or change frameworks and their groups in the file's order. What the file no longer names stays."""
    codes = []
    for section in table.tables("frameworks"):
        code = section.text("code", most=50, pattern=CODE, like=LIKE)
        if code in codes:
            raise UnusableInput(f"{section.at('code')}: the framework “{code}” stands twice in the file.")
        codes.append(code)
        framework = CompetencyFramework.objects.of(loading.partnership).filter(code=code).first()
        framework = framework or CompetencyFramework(partnership=loading.partnership, code=code)
        values = {"name": section.text("name"), "tier_word": section.text("tier_word", "Group", most=20)}
        loading.set_values(framework, values, f"framework {code}")
        _load_groups(loading, section, framework)
        loading.done_with(section)
    gone = CompetencyFramework.objects.of(loading.partnership).exclude(code__in=codes)
    loading.notices += [f"The framework “{one.code}” is no longer in the file; it stays." for one in gone]


def _load_groups(loading: Loading, section: Table, framework: CompetencyFramework) -> None:
    known = {group.code: group for group in framework.groups.all()}
    codes = []
    for order, entry in enumerate(section.tables("groups"), start=1):
        code = entry.text("code", most=20, pattern=CODE, like=LIKE)
        if code in codes:
            raise UnusableInput(f"{entry.at('code')}: the group “{code}” stands twice in the framework.")
        codes.append(code)
        values = {
            "name": entry.text("name"),
            "order": order,
            "provided_by": entry.choice("provided_by", ProvidedBy.values, ProvidedBy.MULTI_AGENCY),
            "refresh_months": entry.whole("refresh_months", 0, most=600) or None,
        }
        loading.set_values(known.get(code) or Group(framework=framework, code=code), values, f"group {code}")
        loading.done_with(entry)
    gone = [code for code in known if code not in codes]
    loading.notices += [
        f"The group “{code}” of “{framework.code}” is no longer in the file; it stays." for code in gone
    ]


register_section("frameworks", load_frameworks)
