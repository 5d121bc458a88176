"""Who came and who did not: sectors beside the last quarter, reasons, trainers, certificates, priorities."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, Q

from agencies.enums import Sector
from bookings.enums import ATTENDED_IN_FULL, AbsenceReason, BookingStatus
from bookings.models import Booking, Certificate
from core.models import Partnership
from core.periods import Quarter, london_day
from courses.enums import SessionStatus
from courses.models import CourseSession, Priority
from trainers.enums import DeliveryRole
from trainers.models import TrainerAgreement

from .counts import Tallies

FEWEST_TRAINERS = 2


def _held(quarter: Quarter, path: str = "session__") -> Q:
    return Q(
        **{
            f"{path}starts_at__gte": quarter.starts_at,
            f"{path}starts_at__lt": quarter.ends_before,
            f"{path}status": SessionStatus.HELD,
        }
    )


def count_sectors(partnership: Partnership, quarter: Quarter, agencies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """People who attended by kind of agency, the most first, with the change since the last quarter (R141, R146).

    ``agencies`` are the report's own entries; only the last quarter is counted anew.
    """
    attended = Booking.objects.of(partnership).filter(_held(quarter.previous), status__in=ATTENDED_IN_FULL)
    before: dict[str, int] = dict(attended.order_by().values_list("agency__sector").annotate(count=Count("pk")))
    now = dict.fromkeys(before, 0)
    for agency in agencies:
        now[agency["sector"]] = now.get(agency["sector"], 0) + agency["attended"]
    entries = [
        {"sector": sector, "name": Sector(sector).label, "attended": count, "change": count - before.get(sector, 0)}
        for sector, count in now.items()
    ]
    return sorted(entries, key=lambda entry: (-entry["attended"], entry["name"]))


def count_absence_reasons(partnership: Partnership, quarter: Quarter) -> list[dict[str, Any]]:
    """Why people expected did not come or came too late, as far as they said; the commonest first (R54)."""
    absent = (BookingStatus.DID_NOT_ATTEND, BookingStatus.REFUSED_LATE)
    rows = Booking.objects.of(partnership).filter(_held(quarter), status__in=absent).order_by()
    counted = rows.values_list("absence_reason").annotate(count=Count("pk"))
    entries = [
        {"reason": reason, "name": AbsenceReason(reason).label if reason else "Not said", "count": count}
        for reason, count in counted
    ]
    return sorted(entries, key=lambda entry: (-entry["count"], entry["name"]))


def count_certificates(partnership: Partnership, quarter: Quarter, *, attended: int) -> dict[str, int]:
    """Certificates released for the quarter's sessions, and people who attended and have none yet (R64)."""
    released = Certificate.objects.filter(
        _held(quarter, "booking__session__"), partnership=partnership, withdrawn_at__isnull=True
    )
    count = released.count()
    return {"released": count, "waiting_for_evaluation": max(attended - count, 0)}


def count_trainers(partnership: Partnership, quarter: Quarter) -> dict[str, int]:
    """Held sessions with as many trainers as the agreement of their day asks for, and those with fewer (R86, T6)."""
    agreements = list(TrainerAgreement.objects.filter(partnership=partnership).order_by("-effective_from"))
    delivering = Count("deliveries", filter=Q(deliveries__role__in=(DeliveryRole.LEAD, DeliveryRole.CO)))
    sessions = CourseSession.objects.of(partnership).filter(_held(quarter, "")).order_by()
    enough = one = none = 0
    for starts_at, trainers in (
        sessions.values_list("starts_at").annotate(trainers=delivering).values_list("starts_at", "trainers")
    ):
        day = london_day(starts_at)
        asked = next((a.trainers_per_session for a in agreements if a.effective_from <= day), FEWEST_TRAINERS)
        enough += trainers >= asked
        one += 0 < trainers < asked
        none += trainers == 0 < asked
    return {"sessions_with_enough": enough, "sessions_with_too_few": one, "sessions_with_none_recorded": none}


def count_priorities(partnership: Partnership, tallies: Tallies) -> list[dict[str, Any]]:
    """What each of the partnership's priorities got: sessions held and people reached. Nought is a shortfall (R143)."""
    courses: dict[str, list[int]] = defaultdict(list)
    for name, course_id in Priority.objects.filter(partnership=partnership).values_list("name", "courses"):
        courses[name].append(course_id)
    entries = []
    for name, ids in sorted(courses.items()):
        found = [tallies.courses[pk] for pk in ids if pk in tallies.courses]
        held = sum(tally.sessions[SessionStatus.HELD] for tally in found)
        entries.append({"name": name, "sessions_held": held, "attended": sum(tally.attended for tally in found)})
    return entries
