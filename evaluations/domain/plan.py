"""Which evaluation plan counts, and the days it gives (R64, R69)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.models import Partnership
from core.periods import add_months, london_day
from core.working_days import next_working_day
from courses.models import CourseSession
from evaluations.models import EvaluationPlan


@dataclass(frozen=True)
class Plans:
    """The plans of one partnership, read once. ``dated`` is in order of their dates."""

    partnership: Partnership
    dated: tuple[EvaluationPlan, ...]

    def on(self, day: dt.date) -> EvaluationPlan:
        """The plan in force on ``day``; before the first one, and without any, the default plan."""
        begun = [plan for plan in self.dated if plan.effective_from <= day]
        return begun[-1] if begun else EvaluationPlan(partnership=self.partnership)

    def longest_close(self) -> int:
        return max(plan.impact_close_months for plan in self._all())

    def earliest_invitation(self) -> int:
        return min(plan.impact_invite_months for plan in self._all())

    def _all(self) -> list[EvaluationPlan]:
        return [*self.dated, EvaluationPlan(partnership=self.partnership)]


def plans_of(partnership: Partnership) -> Plans:
    """All plans of a partnership, with one statement."""
    return Plans(partnership, tuple(EvaluationPlan.objects.of(partnership).order_by("effective_from")))


def last_day(session: CourseSession) -> dt.date:
    """The London day on which a session ended: months and days of the plan count from it."""
    return london_day(session.ends_at)


def plan_for(session: CourseSession) -> EvaluationPlan:
    """The plan in force on the session's last day. Later plans change nothing about it."""
    return plans_of(session.partnership).on(last_day(session))


def impact_due_on(*, last_day: dt.date, plan: EvaluationPlan, nation: str) -> dt.date:
    """The day on which a learner is asked about impact: ``impact_invite_months`` calendar months after the session's
    last day, a shorter month giving its last day, moved to the next working day (R69)."""
    return next_working_day(add_months(last_day, plan.impact_invite_months), nation=nation)


def impact_closes_on(*, last_day: dt.date, plan: EvaluationPlan) -> dt.date:
    """The last day on which an impact survey may be sent or answered (R69)."""
    return add_months(last_day, plan.impact_close_months)
