"""The ``evaluation`` section of a partnership file (R67-R73)."""

from __future__ import annotations

from core.partnership_file import Loading, Table, register_section
from evaluations.models import EvaluationPlan
from evaluations.models.plan import ALL_COURSES


def load_evaluation_plan(loading: Loading, table: Table) -> None:
    """Set the partnership's evaluation plan; without the section the defaults."""
    section = table.table("evaluation")
    invite = section.whole("impact_invite_months", 3, least=1, most=36)
    close = section.whole("impact_close_months", 6, least=1, most=60)
    if close <= invite:
        raise section.wrong("impact_close_months", close, f"more than impact_invite_months, which is {invite}")
    values = {
        "initial_gates_certificate": section.yes("initial_gates_certificate", True),
        "initial_reminder_days": section.wholes("initial_reminder_days", [1, 7, 14], most=365),
        "impact_invite_months": invite,
        "impact_close_months": close,
        "impact_reminder_days": section.wholes("impact_reminder_days", [14, 28], most=365),
        "impact_courses": _courses_of(section),
        "dip_sample_percent": section.whole("dip_sample_percent", 10, most=100),
        "dip_sample_minimum": section.whole("dip_sample_minimum", 5),
    }
    loading.set_dated(EvaluationPlan, section, values, "evaluation plan")


def _courses_of(section: Table) -> str | list[str]:
    value = section.raw("impact_courses")
    if value is None or value == ALL_COURSES:
        return ALL_COURSES
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise section.wrong("impact_courses", value, f"“{ALL_COURSES}” or a list of course codes")
    return value


register_section("evaluation", load_evaluation_plan)
