"""The last day on which cancelling costs nothing."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.domain.notice import is_late, last_free_day, notice_given, reply_by
from bookings.enums import NoticeUnit
from bookings.models import ChargingPolicy
from core.periods import LONDON, end_of_day
from core.working_days import is_working_day
from tests.factories import at

pytestmark = pytest.mark.rule("R53")
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))


def working(days: int) -> ChargingPolicy:
    return ChargingPolicy(notice_days=days, notice_unit=NoticeUnit.WORKING_DAYS)


def calendar(days: int) -> ChargingPolicy:
    return ChargingPolicy(notice_days=days, notice_unit=NoticeUnit.CALENDAR_DAYS)


@pytest.mark.parametrize(
    ("first_day", "notice", "last"),
    [
        ("2026-05-11", 3, "2026-05-06"),
        ("2026-04-07", 2, "2026-04-01"),  # Easter between
        ("2026-05-05", 7, "2026-04-23"),  # the early May bank holiday between
        ("2026-01-05", 10, "2025-12-17"),  # Christmas and New Year between
        ("2026-05-26", 5, "2026-05-18"),  # the day after the spring bank holiday
        ("2026-03-12", 5, "2026-03-05"),  # an ordinary Thursday
        ("2026-03-14", 5, "2026-03-09"),  # a Saturday: five working days before it is Monday
        ("2026-03-16", 1, "2026-03-13"),  # Monday: the Friday before
        ("2026-03-12", 0, "2026-03-12"),
    ],
)
def test_the_last_free_day_lies_the_working_days_of_notice_before(first_day: str, notice: int, last: str) -> None:
    found = last_free_day(policy=working(notice), first_day=dt.date.fromisoformat(first_day), nation="England")
    assert found == dt.date.fromisoformat(last)


@pytest.mark.parametrize(
    ("nation", "last"),
    [
        ("England", "2026-07-08"),
        ("Wales", "2026-07-08"),
        ("Scotland", "2026-07-08"),
        ("Northern Ireland", "2026-07-07"),
    ],
)
def test_the_bank_holidays_are_those_of_the_partnerships_nation(nation: str, last: str) -> None:
    """13 July 2026 is a bank holiday in Northern Ireland only."""
    found = last_free_day(policy=working(5), first_day=dt.date(2026, 7, 15), nation=nation)
    assert found == dt.date.fromisoformat(last)


@pytest.mark.parametrize(("days", "last"), [(2, "2026-04-05"), (7, "2026-03-31"), (14, "2026-03-24")])
def test_calendar_days_of_notice_count_every_day(days: int, last: str) -> None:
    found = last_free_day(policy=calendar(days), first_day=dt.date(2026, 4, 7), nation="England")
    assert found == dt.date.fromisoformat(last)


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        ("2026-03-05 00:00", False),
        ("2026-03-05 23:59", False),
        ("2026-03-06 00:00", True),
        ("2026-03-07 12:00", True),
        ("2026-03-11 23:59", True),
    ],
)
def test_a_cancellation_is_in_time_until_midnight_of_the_last_free_day(moment: str, late: bool) -> None:
    found = is_late(policy=working(5), first_day=dt.date(2026, 3, 12), nation="England", cancelled_at=at(moment))
    assert found is late


@pytest.mark.parametrize(
    ("moment", "late"),
    [(dt.datetime(2026, 5, 18, 22, 59, tzinfo=dt.UTC), False), (dt.datetime(2026, 5, 18, 23, 0, tzinfo=dt.UTC), True)],
)
def test_the_day_ends_in_london_and_not_in_utc(moment: dt.datetime, late: bool) -> None:
    assert is_late(policy=working(5), first_day=dt.date(2026, 5, 26), nation="England", cancelled_at=moment) is late


def test_without_a_policy_nothing_is_late() -> None:
    first_day = dt.date(2026, 3, 12)
    assert last_free_day(policy=None, first_day=first_day, nation="England") == first_day
    assert not is_late(policy=None, first_day=first_day, nation="England", cancelled_at=at("2026-03-12 08:00"))


@pytest.mark.parametrize(
    ("moment", "given"),
    [
        ("2026-03-05 10:00", 5),
        ("2026-03-06 10:00", 4),
        ("2026-03-08 10:00", 3),
        ("2026-03-11 23:00", 1),
        ("2026-03-12 08:00", 0),
    ],
)
def test_notice_given_is_told_in_working_days(moment: str, given: int) -> None:
    found = notice_given(policy=working(5), first_day=dt.date(2026, 3, 12), nation="England", cancelled_at=at(moment))
    assert found == given


@settings(max_examples=1000, deadline=None)
@given(DAYS, st.integers(0, 15), st.integers(0, 60), st.sampled_from(["England", "Scotland", "Northern Ireland"]))
def test_in_time_means_at_least_the_notice_asked_for(first_day: dt.date, notice: int, days: int, nation: str) -> None:
    policy, moment = working(notice), end_of_day(first_day - dt.timedelta(days=days))
    late = is_late(policy=policy, first_day=first_day, nation=nation, cancelled_at=moment)
    enough = notice_given(policy=policy, first_day=first_day, nation=nation, cancelled_at=moment) >= notice
    assert late != enough


@settings(max_examples=1000, deadline=None)
@given(DAYS, st.integers(1, 15), st.booleans())
def test_the_last_free_day_is_before_the_session_and_a_day_people_can_act(
    first: dt.date, days: int, work: bool
) -> None:
    found = last_free_day(policy=working(days) if work else calendar(days), first_day=first, nation="England")
    assert found < first
    assert is_working_day(found, nation="England") or not work


@settings(max_examples=1000, deadline=None)
@given(DAYS, st.integers(0, 15), st.integers(0, 40), st.integers(0, 40))
def test_cancelling_later_is_never_more_in_time(first: dt.date, notice: int, days: int, more: int) -> None:
    policy = working(notice)
    later, earlier = (end_of_day(first - dt.timedelta(days=back)) for back in (days, days + more))
    assert is_late(policy=policy, first_day=first, nation="England", cancelled_at=later) or not is_late(
        policy=policy, first_day=first, nation="England", cancelled_at=earlier
    )


def test_a_reason_may_be_given_for_the_policys_working_days_after_the_letter() -> None:
    policy = ChargingPolicy(waiver_working_days=5)
    assert reply_by(policy=policy, told_on=dt.date(2026, 3, 13), nation="England") == dt.date(2026, 3, 20)
    assert reply_by(policy=None, told_on=dt.date(2026, 4, 2), nation="England") == dt.date(2026, 4, 13)


def test_the_clock_change_moves_no_deadline() -> None:
    """29 March 2026 has 23 hours in London."""
    policy, first_day = calendar(2), dt.date(2026, 3, 30)
    moment = dt.datetime(2026, 3, 28, 23, 59, tzinfo=LONDON)
    assert not is_late(policy=policy, first_day=first_day, nation="England", cancelled_at=moment)
    assert is_late(policy=policy, first_day=first_day, nation="England", cancelled_at=moment + dt.timedelta(minutes=1))
