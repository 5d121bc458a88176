"""What people said they learned: the initial evaluations of the quarter's sessions, and what was reported 3 months on.

Scores are from 0 to 10. "Before" is the mean of the three scores given at booking; where none were asked for, the
learner's own look back at the end of the course. "After" and "later" are the means of the same three scores. An average
is given only where at least 10 people stand behind it, so that nobody's own answer can be read from it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from bookings.enums import ATTENDED_IN_FULL
from core.models import Partnership
from core.periods import Quarter
from courses.enums import SessionStatus
from evaluations.models import ImpactAnswer, ImpactFollowUp, InitialEvaluation, IntendedAction

from .numbers import average, rate

FEWEST_REPLIES = 10
SCORES = ("recognise", "act", "agencies")


def _three(path: str) -> Any:
    """The sum of the three scores at ``path``, each from 0 to 10."""
    return F(f"{path}recognise") + F(f"{path}act") + F(f"{path}agencies")


def _mean(total: int | None, replies: int, scores: int = 1) -> float | None:
    """The mean of ``replies`` answers of ``scores`` scores each; None where too few people answered."""
    if replies < FEWEST_REPLIES or total is None:
        return None
    return average(Decimal(total) / (replies * scores))


def count_evaluations(partnership: Partnership, quarter: Quarter, *, attended: int) -> dict[str, Any]:
    """The initial evaluations of the quarter's sessions: replies, confidence before and after, ratings (R68, R141)."""
    evaluations = InitialEvaluation.objects.filter(
        booking__partnership=partnership,
        booking__session__starts_at__gte=quarter.starts_at,
        booking__session__starts_at__lt=quarter.ends_before,
        booking__session__status=SessionStatus.HELD,
        booking__status__in=ATTENDED_IN_FULL,
    )
    found = evaluations.aggregate(
        received=Count("pk"),
        before=Sum(Coalesce(_three("booking__baseline__"), F("before") * 3)),
        after=Sum(_three("")),
        relevant=Sum("relevant"),
        overall=Sum("overall"),
        recommend=Sum("recommend"),
    )
    received = found["received"]
    return {
        "received": received,
        "rate": rate(received, attended),
        "confidence_before": _mean(found["before"], received, 3),
        "confidence_after": _mean(found["after"], received, 3),
        "relevance": _mean(found["relevant"], received),
        "overall": _mean(found["overall"], received),
        "would_recommend": _mean(found["recommend"], received),
    }


def count_impact(partnership: Partnership, quarter: Quarter) -> dict[str, Any]:
    """The follow-ups that fell due in the quarter, about training some 3 months earlier (R69, R141).

    Confidence is that of the same people at all three moments, so that a change is a change in people.
    """
    due = ImpactFollowUp.objects.filter(
        partnership=partnership,
        stage=ImpactFollowUp.Stage.LEARNER,
        due_on__gte=quarter.start,
        due_on__lte=quarter.end,
        invited_at__isnull=False,
    )
    counts = due.aggregate(invited=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
    courses = _confidence_per_course(due)
    return {
        **counts,
        "rate": rate(counts["answered"], counts["invited"]),
        **_confidence_of_all(courses),
        **_use(due),
        "courses": [course for course in courses if course["confidence_later"] is not None],
    }


def _confidence_per_course(due: QuerySet[ImpactFollowUp]) -> list[dict[str, Any]]:
    paired = due.filter(answer__isnull=False, booking__initial_evaluation__isnull=False).order_by()
    rows = paired.values("booking__session__course__code", "booking__session__course__title").annotate(
        replies=Count("pk"),
        before=Sum(Coalesce(_three("booking__baseline__"), F("booking__initial_evaluation__before") * 3)),
        after=Sum(_three("booking__initial_evaluation__")),
        later=Sum(_three("answer__")),
    )
    return [
        {
            "code": row["booking__session__course__code"],
            "title": row["booking__session__course__title"],
            "replies": row["replies"],
            "confidence_before": _mean(row["before"], row["replies"], 3),
            "confidence_after": _mean(row["after"], row["replies"], 3),
            "confidence_later": _mean(row["later"], row["replies"], 3),
            "sums": (row["before"], row["after"], row["later"]),
        }
        for row in rows.order_by("booking__session__course__code")
    ]


def _confidence_of_all(courses: list[dict[str, Any]]) -> dict[str, Any]:
    """The same three means over all courses; takes the working sums out of the entries."""
    replies = sum(course["replies"] for course in courses)
    sums = [course.pop("sums") for course in courses]
    before, after, later = (sum(column) for column in zip(*sums, strict=True)) if sums else (None, None, None)
    return {
        "paired": replies,
        "confidence_before": _mean(before, replies, 3),
        "confidence_after": _mean(after, replies, 3),
        "confidence_later": _mean(later, replies, 3),
    }


def _use(due: QuerySet[ImpactFollowUp]) -> dict[str, int]:
    """Of those who answered: who has used the learning; and what became of what they had meant to do."""
    used = (ImpactAnswer.Used.OFTEN, ImpactAnswer.Used.SOMETIMES, ImpactAnswer.Used.ONCE)
    outcome = IntendedAction.Outcome
    actions = IntendedAction.objects.filter(evaluation__booking__impact_follow_ups__in=due).exclude(outcome="")
    done = Q(outcome__in=(outcome.DONE, outcome.PARTLY))
    return {
        "used_learning": due.filter(answer__used__in=used).count(),
        **actions.aggregate(actions_reported=Count("pk"), actions_done=Count("pk", filter=done)),
    }
