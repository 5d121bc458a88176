"""Sessions as the administrator looks at them: places, trainers, and whether they are ready to run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bookings.queries import with_places
from core.models import Partnership
from core.periods import london_day
from courses.enums import Mode, SessionStatus
from courses.models import CourseSession
from trainers.enums import DeliveryRole
from trainers.models import Delivery, TrainerAgreement

USUAL_TRAINERS = 2
# Below this share of its places a session may not be worth running.
LOW_NUMBERS = 0.4
AHEAD = dt.timedelta(days=14)


class Need:
    """What a list of dates can be narrowed to."""

    TRAINERS = "trainers"
    PLACES = "places"


WORDS = {
    Need.TRAINERS: "Too few trainers",
    Need.PLACES: "People waiting, places free",
}


def sessions_with_numbers(partnership: Partnership, *, now: dt.datetime) -> QuerySet[Any]:
    """Sessions that know ``taken``, ``waiting``, ``trainers`` (lead or co-trainer) and ``trainers_asked`` (R86, T6)."""
    delivering = Delivery.objects.filter(session=OuterRef("pk"), role__in=(DeliveryRole.LEAD, DeliveryRole.CO))
    trainers = delivering.order_by().values("session").annotate(number=Count("pk")).values("number")
    agreed = TrainerAgreement.objects.filter(partnership=partnership, effective_from__lte=london_day(now))
    asked = agreed.order_by("-effective_from").values("trainers_per_session")[:1]
    return with_places(CourseSession.objects.of(partnership)).annotate(
        trainers=Coalesce(Subquery(trainers), 0), trainers_asked=Coalesce(Subquery(asked), USUAL_TRAINERS)
    )


def upcoming(partnership: Partnership, *, now: dt.datetime) -> QuerySet[Any]:
    """Dates still to come that the partnership has not cancelled, the next first."""
    ahead = sessions_with_numbers(partnership, now=now).filter(status=SessionStatus.SCHEDULED, starts_at__gt=now)
    return ahead.select_related("course", "venue").order_by("starts_at", "pk")


def without_register(partnership: Partnership, *, now: dt.datetime) -> QuerySet[Any]:
    """Dates that are over and whose register nobody has finished: nobody is charged or certified until then (R63)."""
    over = sessions_with_numbers(partnership, now=now).filter(
        Q(register__isnull=True), status=SessionStatus.SCHEDULED, ends_at__lt=now
    )
    return over.select_related("course", "venue").order_by("starts_at", "pk")


def short_of_trainers(partnership: Partnership, *, now: dt.datetime) -> QuerySet[Any]:
    """Dates to come with fewer trainers than the agreement asks for (R86)."""
    return upcoming(partnership, now=now).filter(trainers__lt=F("trainers_asked"))


def with_people_waiting(partnership: Partnership, *, now: dt.datetime) -> QuerySet[Any]:
    """Dates to come where people wait although places are free (R44)."""
    return upcoming(partnership, now=now).filter(waiting__gt=0, taken__lt=F("capacity"))


NEEDS = {
    Need.TRAINERS: short_of_trainers,
    Need.PLACES: with_people_waiting,
}


@dataclass(frozen=True)
class Ready:
    """Whether a date is ready to run, in a word, and how it looks."""

    word: str
    tone: str


def readiness(session: Any) -> Ready:
    """The one thing a date to come still lacks, the gravest first (ux 5). Needs ``sessions_with_numbers``."""
    if session.trainers < session.trainers_asked:
        return Ready("Needs trainer", "warn")
    if session.mode == Mode.IN_PERSON and session.venue_id is None:
        return Ready("Needs venue", "warn")
    if session.taken < session.capacity * LOW_NUMBERS:
        return Ready("Low numbers", "info")
    return Ready("Ready", "good")


def date_rows(sessions: Any) -> list[dict[str, Any]]:
    """Dates for the table of Today and of the list."""
    return [
        {
            "session": session,
            "ready": readiness(session),
            "trainers_tone": "good" if session.trainers >= session.trainers_asked else "warn",
        }
        for session in sessions
    ]
