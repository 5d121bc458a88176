"""One partnership's real-shaped files, on a database that holds only its partnership file."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from agencies.models import Agency, Employment, Person
from bookings.models import Attendance, Booking, Charge, Register
from core.models import AuditEvent, OutboxMessage, Partnership
from courses.models import Course, CourseSession, SessionPart
from tests.support.lists import bring_in_all

pytestmark = pytest.mark.django_db


def test_all_five_lists_go_in_and_a_second_time_change_nothing(aldermere: Partnership) -> None:
    rows = {"agencies": 23, "staff": 600, "courses": 12, "sessions": 24, "bookings": 520}
    assert bring_in_all(aldermere) == {
        kind: {"new": count, "changed": 0, "unchanged": 0, "refused": 0} for kind, count in rows.items()
    }
    events = AuditEvent.objects.count()
    assert bring_in_all(aldermere) == {
        kind: {"new": 0, "changed": 0, "unchanged": count, "refused": 0} for kind, count in rows.items()
    }
    assert AuditEvent.objects.count() == events


def test_what_the_lists_hold_is_there(aldermere: Partnership) -> None:
    bring_in_all(aldermere)
    counted = [
        model.objects.count() for model in (Agency, Person, Employment, Course, CourseSession, SessionPart, Booking)
    ]
    assert counted == [23, 600, 600, 12, 23, 24, 520]
    outcomes = dict(Booking.objects.order_by().values_list("status").annotate(Count("pk")))
    assert outcomes == {
        "attended": 296,
        "cancelled": 52,
        "declined": 5,
        "did_not_attend": 24,
        "late_cancelled": 6,
        "part": 10,
        "refused_late": 7,
        "session_cancelled": 84,
        "substituted": 11,
        "waiting": 11,
        "walk_in": 14,
    }
    assert Register.objects.count() == 21
    assert Attendance.objects.count() == 351


def test_charges_are_proposed_as_live_ones_are_and_nobody_is_written_to(aldermere: Partnership) -> None:
    bring_in_all(aldermere)
    assert Charge.objects.aggregate(count=Count("pk"), pounds=Sum("amount")) == {"count": 106, "pounds": Decimal(5785)}
    assert set(Charge.objects.values_list("state", flat=True)) == {"proposed"}
    assert not Charge.objects.filter(booking__session__status="cancelled").exists()
    assert not OutboxMessage.objects.exists()
