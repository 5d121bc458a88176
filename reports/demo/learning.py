"""The demo's evaluations, certificates and impact answers for sessions that were held."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from bookings.enums import ATTENDED_IN_FULL
from bookings.models import Booking, Certificate
from core.models import Partnership
from core.periods import add_months, at_clock, london_day
from evaluations.models import ImpactAnswer, ImpactFollowUp, InitialEvaluation, IntendedAction

ACTIONS = [
    "Use the threshold document with my team",
    "Ask about children in every home visit",
    "Record the child’s own words",
    "Share information sooner with school",
    "Bring a case to supervision",
    "Ring the front door for advice before I refer",
    "Tell my team what I learned at the next meeting",
    "Check who else is working with the family",
]
HELPED = [
    "Hearing how other agencies see it",
    "The case study",
    "Time to talk in mixed groups",
    "Clear local procedures",
    "",
]
CHANGE = ["More time for discussion", "Send the slides before", "A longer break", "", "", ""]
EXAMPLES = [
    "A plan was agreed two weeks earlier than usual because we met first.",
    "I recorded what the child said in their own words and it changed the plan.",
    "Health and school shared what they knew at the first meeting.",
    "",
    "",
]
CHANGES = ["information_sharing", "joint_working", "recording", "listening", "challenge", "referral"]
ANSWERED_INITIAL, ANSWERED_IMPACT = 0.91, 0.35


def _score(rng: random.Random, mean: float, spread: float, low: int, high: int) -> int:
    return max(low, min(high, round(rng.gauss(mean, spread))))


class LearningMaker:
    """Fills in what learners said, and the certificates they earned by saying it."""

    def __init__(self, *, partnership: Partnership, today: dt.date, rng: random.Random) -> None:
        self.partnership = partnership
        self.today = today
        self.rng = rng

    def make(self) -> None:
        attended = Booking.objects.of(self.partnership).filter(status__in=ATTENDED_IN_FULL)
        bookings = list(attended.select_related("session__course", "person", "agency").order_by("pk"))
        evaluated = [b for b in bookings if self._has_answered(b)]
        self._evaluations(evaluated)
        self._certificates(evaluated)
        self._impact([b for b in evaluated if self._asked_long_ago(b)])

    def _has_answered(self, booking: Booking) -> bool:
        """Nine in ten send the evaluation; after the most recent sessions fewer have got round to it."""
        recent = (self.today - booking.session.first_day).days < 7
        return self.rng.random() < (0.5 if recent else ANSWERED_INITIAL)

    def _asked_long_ago(self, booking: Booking) -> bool:
        """Surveys that fell due more than a week ago; newer ones are left to the engine."""
        due = add_months(london_day(booking.session.ends_at), 3)
        return due < self.today - dt.timedelta(days=7)

    def _evaluations(self, bookings: list[Booking]) -> None:
        made = [self._evaluation(booking) for booking in bookings]
        InitialEvaluation.objects.bulk_create(made, batch_size=500)
        IntendedAction.objects.bulk_create(self._actions(made), batch_size=1000)

    def _evaluation(self, booking: Booking) -> InitialEvaluation:
        rng = self.rng
        confidence = {name: _score(rng, 8.2, 1.1, 3, 10) for name in ("recognise", "act", "agencies")}
        names = ["aims_met", "relevant", "pace", "trainers_knew", "trainers_involved", "learned_from_others"]
        names += ["child_at_centre", "difference_respected", "place_worked", "overall"]
        agreement = {name: _score(rng, 4.5, 0.6, 2, 5) for name in names}
        return InitialEvaluation(
            booking=booking,
            sent_at=booking.session.ends_at + dt.timedelta(hours=rng.randint(1, 60)),
            before=_score(rng, 5.6, 1.6, 0, 10),
            recommend=_score(rng, 8.9, 1.0, 4, 10),
            helped_most=rng.choice(HELPED),
            should_change=rng.choice(CHANGE),
            may_quote=rng.random() < 0.4,
            **confidence,
            **agreement,
        )

    def _actions(self, evaluations: list[InitialEvaluation]) -> Iterable[IntendedAction]:
        for evaluation in evaluations:
            for position, text in enumerate(self.rng.sample(ACTIONS, self.rng.randint(1, 3)), 1):
                yield IntendedAction(evaluation=evaluation, position=position, text=text)

    def _certificates(self, bookings: list[Booking]) -> None:
        Certificate.objects.bulk_create([self._certificate(booking) for booking in bookings], batch_size=500)

    def _certificate(self, booking: Booking) -> Certificate:
        course = booking.session.course
        day = london_day(booking.session.ends_at)
        return Certificate(
            partnership=self.partnership,
            booking=booking,
            released_at=booking.session.ends_at + dt.timedelta(days=1),
            renew_by=add_months(day, course.refresh_months) if course.refresh_months else None,
            person_name=booking.person.name,
            person_initials=booking.person.initials,
            agency_name=booking.agency.name,
            course_title=course.title,
        )

    def _impact(self, bookings: list[Booking]) -> None:
        made = [self._follow_up(booking) for booking in bookings]
        ImpactFollowUp.objects.bulk_create(made, batch_size=500)
        answered = [follow_up for follow_up in made if follow_up.answered_at]
        ImpactAnswer.objects.bulk_create([self._answer(follow_up) for follow_up in answered], batch_size=500)
        self._action_outcomes([follow_up.booking_id for follow_up in answered])

    def _follow_up(self, booking: Booking) -> ImpactFollowUp:
        last_day = london_day(booking.session.ends_at)
        due = add_months(last_day, 3)
        answers = self.rng.random() < ANSWERED_IMPACT
        return ImpactFollowUp(
            partnership=self.partnership,
            booking=booking,
            due_on=due,
            closes_on=add_months(last_day, 6),
            invited_at=at_clock(due, 8),
            answered_at=at_clock(due + dt.timedelta(days=self.rng.randint(0, 6)), 12) if answers else None,
        )

    def _answer(self, follow_up: ImpactFollowUp) -> ImpactAnswer:
        rng = self.rng
        return ImpactAnswer(
            follow_up=follow_up,
            used=rng.choice(["often", "sometimes", "sometimes", "once", "no_chance"]),
            changes=rng.sample(CHANGES, rng.randint(1, 3)),
            example=rng.choice(EXAMPLES),
            shared=rng.random() < 0.6,
            **{name: _score(rng, 7.9, 1.2, 2, 10) for name in ("recognise", "act", "agencies")},
        )

    def _action_outcomes(self, booking_ids: list[int]) -> None:
        """What became of the planned actions of those who answered."""
        actions = IntendedAction.objects.filter(evaluation__booking__in=booking_ids)
        drawn: dict[str, list[int]] = {"done": [], "partly": [], "not_yet": [], "not_relevant": []}
        for pk in actions.order_by("pk").values_list("pk", flat=True):
            drawn[self.rng.choice(["done", "done", "partly", "partly", "not_yet", "not_relevant"])].append(pk)
        for outcome, ids in drawn.items():
            IntendedAction.objects.filter(pk__in=ids).update(outcome=outcome)
