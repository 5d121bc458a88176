"""The demo year: its first quarter adds up to the published tables, and every state a person may meet is in it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from bookings.enums import BookingStatus
from bookings.models import Booking, Certificate, ChargingPolicy
from core.models import OutboxMessage, Partnership
from core.periods import Quarter
from courses.models import CourseSession
from evaluations.models import ImpactAnswer, InitialEvaluation
from reports.demo.build import build_demo
from reports.demo.programme import AGENCY_SHARES, FIRST_QUARTER
from reports.figures import quarterly_figures
from trainers.models import Delivery

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = dt.date(2026, 3, 2)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The whole year once for this file; taken away again by rolling back."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        block = transaction.atomic()
        block.__enter__()
        yield build_demo(today=TODAY, tell=lambda text: None)
        connection.set_rollback(True)
        block.__exit__(None, None, None)


def test_the_first_quarter_gives_the_published_course_table(demo: Partnership) -> None:
    figures = quarterly_figures(demo, Quarter(2025, 1))
    rows = {row["code"]: row for row in figures["courses"]}
    for course in FIRST_QUARTER:
        row = rows[course.code]
        assert (row["sessions_held"], row["booked"], row["cancelled_in_time"]) == (
            course.sessions,
            course.booked,
            course.cancelled,
        )
        assert (row["late_cancelled"], row["did_not_attend"], row["part"]) == (
            course.late_cancelled,
            course.did_not_attend,
            course.part,
        )
        assert (row["walk_in"], row["attended"]) == (course.walk_in, course.attended + course.walk_in)


def test_the_first_quarter_gives_the_published_totals(demo: Partnership) -> None:
    totals = quarterly_figures(demo, Quarter(2025, 1))["totals"]
    assert (totals["places"], totals["booked"], totals["attended"], totals["expected"]) == (595, 552, 466, 492)
    assert (totals["take_up"], totals["dna_rate"], totals["late_cancel_rate"]) == (0.7832, 0.0711, 0.0236)
    assert (totals["trainer_cost"], totals["venue_cost"], totals["refreshment_cost"]) == (3300, 2150, 640)


def test_the_first_quarter_gives_the_published_agency_table(demo: Partnership) -> None:
    rows = {row["code"]: row for row in quarterly_figures(demo, Quarter(2025, 1))["agencies"]}
    for codes, (cancelled, late, absent, part, walk_in, attended) in AGENCY_SHARES:
        mine = [rows[code] for code in codes if code in rows]
        names = ["cancelled_in_time", "late_cancelled", "did_not_attend", "part", "walk_in", "attended"]
        assert [sum(row[name] for row in mine) for name in names] == [
            cancelled,
            late,
            absent,
            part,
            walk_in,
            attended + walk_in,
        ], codes


def test_every_state_that_history_can_hold_is_there(demo: Partnership) -> None:
    states = set(Booking.objects.of(demo).values_list("status", flat=True))
    assert states >= set(BookingStatus.values) - {BookingStatus.REQUESTED, BookingStatus.OFFERED}


def test_past_present_and_future_are_there(demo: Partnership) -> None:
    sessions = CourseSession.objects.of(demo)
    assert sessions.filter(status="held").count() > 60
    assert sessions.filter(starts_at__date=TODAY, status="scheduled").exists()
    assert sessions.filter(starts_at__date__gt=TODAY, status="scheduled").count() > 20
    assert sessions.filter(starts_at__date__lt=TODAY, status="scheduled", register=None).count() == 2
    assert ChargingPolicy.objects.of(demo).count() == 2
    assert Delivery.objects.count() > sessions.count()
    assert all(model.objects.exists() for model in (InitialEvaluation, Certificate, ImpactAnswer))


def test_history_sends_no_mail(demo: Partnership) -> None:
    assert not OutboxMessage.objects.exists()


def test_sign_ins_are_marked_as_those_of_a_demo(demo: Partnership) -> None:
    assert User.objects.count() == 7
    assert not User.objects.filter(is_demo=False).exists()


def test_the_demo_is_refused_outside_development(settings) -> None:
    settings.DEMO_SIGN_INS = False
    with pytest.raises(CommandError, match="development only"):
        call_command("load_demo")


def test_sign_ins_are_printed_in_development_only(demo: Partnership, settings, capsys) -> None:
    settings.DEMO_SIGN_INS = True
    call_command("demo_sign_ins")
    assert "grace.adeyemi@acc.example.org" in capsys.readouterr().out
    settings.DEMO_SIGN_INS = False
    call_command("demo_sign_ins")
    assert capsys.readouterr().out == ""
