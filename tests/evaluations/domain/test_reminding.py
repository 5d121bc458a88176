"""Which reminder goes on which day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.working_days import is_working_day
from evaluations.domain.reminding import ReminderStep, next_reminder_step, reminder_day

INVITED = dt.date(2026, 3, 12)  # a Thursday


def step(today: str, *, done: int = 0, days: tuple[int, ...] = (1, 7, 14)) -> ReminderStep:
    return next_reminder_step(
        invited_on=INVITED, days=days, done=done, today=dt.date.fromisoformat(today), nation="England"
    )


@pytest.mark.parametrize(
    ("today", "done", "expected"),
    [
        ("2026-03-12", 0, ReminderStep((), None, dt.date(2026, 3, 13))),
        ("2026-03-13", 0, ReminderStep((), 1, dt.date(2026, 3, 19))),
        ("2026-03-16", 0, ReminderStep((), 1, dt.date(2026, 3, 19))),  # three days late still goes
        ("2026-03-17", 0, ReminderStep((1,), None, dt.date(2026, 3, 19))),  # four days late does not
        ("2026-03-19", 0, ReminderStep((1,), 2, dt.date(2026, 3, 26))),  # of two at once only the latest
        ("2026-03-19", 1, ReminderStep((), 2, dt.date(2026, 3, 26))),
        ("2026-03-26", 2, ReminderStep((), 3, None)),  # the third is the last
        ("2026-04-20", 0, ReminderStep((1, 2, 3), None, None)),  # 40 days of outage
        ("2026-04-20", 3, ReminderStep((), None, None)),
    ],
)
def test_the_latest_reminder_is_sent_unless_it_is_too_late(today: str, done: int, expected: ReminderStep) -> None:
    assert step(today, done=done) == expected


def test_a_reminder_that_falls_on_a_weekend_or_bank_holiday_goes_on_the_next_working_day() -> None:
    assert reminder_day(invited_on=dt.date(2026, 3, 13), days=1, nation="England") == dt.date(2026, 3, 16)
    assert reminder_day(invited_on=dt.date(2026, 4, 2), days=1, nation="England") == dt.date(2026, 4, 7)


@settings(max_examples=1_000, deadline=None)
@given(
    invited_on=st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)),
    days=st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(sorted),
    absences=st.lists(st.integers(1, 20), min_size=1, max_size=8),
)
def test_whenever_the_engine_runs_each_reminder_is_dealt_with_once_and_none_is_late(
    invited_on: dt.date, days: list[int], absences: list[int]
) -> None:
    today, done, dealt_with = invited_on, 0, []
    for absence in absences:
        today += dt.timedelta(days=absence)
        taken = next_reminder_step(invited_on=invited_on, days=days, done=done, today=today, nation="England")
        if taken.send:
            due = reminder_day(invited_on=invited_on, days=days[taken.send - 1], nation="England")
            assert is_working_day(due, nation="England")
            assert dt.timedelta(0) <= today - due <= dt.timedelta(days=3)
        dealt_with += [*taken.missed, *filter(None, [taken.send])]
        done = max(done, taken.done)
        assert taken.next_on is None or taken.next_on > today
    assert dealt_with == list(range(1, len(dealt_with) + 1))
