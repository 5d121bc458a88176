"""How notice is counted: the last day on which cancelling costs nothing (R53; the rule chosen for T4)."""

from __future__ import annotations

import datetime as dt

from bookings.enums import NoticeUnit
from bookings.models import ChargingPolicy
from core.periods import london_day
from core.working_days import add_working_days, working_days_between


def last_free_day(*, policy: ChargingPolicy | None, first_day: dt.date, nation: str) -> dt.date:
    """The last day on which a cancellation costs nothing, until 23:59 London time (R53, T4).

    It lies the policy's notice before the first day of the session: working days of ``nation``, or calendar days.
    Without a policy nothing is charged and the session's first day is the last.
    """
    if policy is None:
        return first_day
    if policy.notice_unit == NoticeUnit.CALENDAR_DAYS:
        return first_day - dt.timedelta(days=policy.notice_days)
    return add_working_days(first_day, -policy.notice_days, nation=nation)


def is_late(*, policy: ChargingPolicy | None, first_day: dt.date, nation: str, cancelled_at: dt.datetime) -> bool:
    """Whether a cancellation at ``cancelled_at`` comes after the last free day (R53). Never without a policy."""
    if policy is None:
        return False
    return london_day(cancelled_at) > last_free_day(policy=policy, first_day=first_day, nation=nation)


def notice_given(*, policy: ChargingPolicy, first_day: dt.date, nation: str, cancelled_at: dt.datetime) -> int:
    """How long before the session a cancellation was, in the policy's unit; in time when it is the policy's notice or
    more.

    The working day of cancelling counts, the first day of the session does not (T4).
    """
    day = london_day(cancelled_at)
    if policy.notice_unit == NoticeUnit.CALENDAR_DAYS:
        return max((first_day - day).days, 0)
    before = dt.timedelta(days=1)
    return working_days_between(day - before, first_day - before, nation=nation)


def reply_by(*, policy: ChargingPolicy | None, told_on: dt.date, nation: str) -> dt.date:
    """Until when someone who did not come can give a reason before the charge is decided: the policy's waiver days,
    counted in working days from the day they are told, 5 where there is no policy (domain 2.8, 2.10).
    """
    return add_working_days(told_on, policy.waiver_working_days if policy else 5, nation=nation)
