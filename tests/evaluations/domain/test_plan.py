"""The days of the evaluation plan."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import Partnership
from core.periods import add_months
from core.working_days import is_working_day
from evaluations.domain.plan import impact_closes_on, impact_due_on, plan_for, plans_of
from evaluations.models import EvaluationPlan
from tests.evaluations.builders import held_session
from tests.factories import PartnershipFactory

NATIONS = ["England", "Wales", "Scotland", "Northern Ireland"]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.rule("R69")
@pytest.mark.parametrize(
    ("last_day", "due_on", "closes_on", "why"),
    [
        ("2026-03-12", "2026-06-12", "2026-09-12", "plain"),
        ("2025-11-30", "2026-03-02", "2026-05-30", "28 February is a Saturday"),
        ("2025-08-31", "2025-12-01", "2026-02-28", "30 November is a Sunday; six months on is the end of February"),
        ("2023-11-29", "2024-02-29", "2024-05-29", "29 February exists"),
        ("2023-11-30", "2024-02-29", "2024-05-30", "and is the end of its month"),
        ("2024-02-29", "2024-05-29", "2024-08-29", "from 29 February"),
        (
            "2025-12-29",
            "2026-03-30",
            "2026-06-29",
            "due on the first working day of summer time: the clocks changed on 29 March",
        ),
        ("2026-07-25", "2026-10-26", "2027-01-25", "due after the night the clocks went back"),
        ("2025-09-25", "2025-12-29", "2026-03-25", "Christmas, Boxing Day and a weekend"),
        ("2026-01-03", "2026-04-07", "2026-07-03", "Good Friday to Easter Monday"),
        ("2025-10-01", "2026-01-02", "2026-04-01", "New Year's Day"),
        ("2026-02-04", "2026-05-05", "2026-08-04", "the bank holiday in early May"),
    ],
)
def test_impact_is_asked_after_three_months_on_a_working_day_and_closes_after_six(
    last_day: str, due_on: str, closes_on: str, why: str
) -> None:
    plan = EvaluationPlan()
    assert impact_due_on(last_day=day(last_day), plan=plan, nation="England") == day(due_on), why
    assert impact_closes_on(last_day=day(last_day), plan=plan) == day(closes_on), why


def test_bank_holidays_are_those_of_the_nation() -> None:
    ended, plan = day("2025-10-02"), EvaluationPlan()
    assert impact_due_on(last_day=ended, plan=plan, nation="England") == day("2026-01-02")
    assert impact_due_on(last_day=ended, plan=plan, nation="Scotland") == day("2026-01-05")


@settings(max_examples=10_000, deadline=None)
@given(
    last_day=st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31)),
    invite=st.integers(1, 12),
    open_for=st.integers(1, 12),
    nation=st.sampled_from(NATIONS),
)
def test_the_due_day_lies_in_the_window_and_on_a_sending_day(
    last_day: dt.date, invite: int, open_for: int, nation: str
) -> None:
    plan = EvaluationPlan(impact_invite_months=invite, impact_close_months=invite + open_for)
    due_on = impact_due_on(last_day=last_day, plan=plan, nation=nation)
    assert add_months(last_day, invite) <= due_on < impact_closes_on(last_day=last_day, plan=plan)
    assert is_working_day(due_on, nation=nation)
    assert not any(
        is_working_day(add_months(last_day, invite) + dt.timedelta(days=n), nation=nation)
        for n in range((due_on - add_months(last_day, invite)).days)
    )


@pytest.fixture
def partnership(db: None) -> Partnership:
    return PartnershipFactory()


def test_without_a_plan_the_defaults_hold(partnership: Partnership) -> None:
    plan = plans_of(partnership).on(day("2026-03-12"))
    assert (plan.impact_invite_months, plan.impact_close_months) == (3, 6)
    assert (plan.initial_reminder_days, plan.impact_reminder_days) == ([1, 7, 14], [14, 28])
    assert plan.initial_gates_certificate
    assert plan.follows_up("CP301")


@pytest.mark.parametrize(
    ("ended", "months"), [("2025-03-31", 3), ("2025-04-01", 4), ("2026-03-31", 4), ("2026-04-01", 2)]
)
def test_the_plan_in_force_on_the_last_day_of_the_session_counts(
    partnership: Partnership, ended: str, months: int
) -> None:
    for begins, invite in (("2026-04-01", 2), ("2025-04-01", 4)):
        EvaluationPlan.objects.create(partnership=partnership, effective_from=day(begins), impact_invite_months=invite)
    assert plan_for(held_session(ended, partnership=partnership)).impact_invite_months == months


def test_selected_courses_only() -> None:
    plan = EvaluationPlan(impact_courses=["CP301"])
    assert plan.follows_up("CP301")
    assert not plan.follows_up("CP302")
