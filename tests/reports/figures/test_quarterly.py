"""What the quarterly figures count, and what they leave out."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies.enums import Sector
from bookings.enums import AbsenceReason, ChargeKind, ChargeState
from bookings.enums import BookingStatus as S
from bookings.models import Charge, ChargingPolicy
from core.models import Partnership
from core.periods import Quarter
from courses.enums import SessionStatus
from courses.models import CourseSession
from reports.figures import quarterly_figures
from tests.factories import AgencyFactory, CourseFactory, PartnershipFactory, deliver, person_with_account
from tests.reports.builders import NOW, QUARTER, a_full_quarter, booked, evaluate, held
from trainers.enums import DeliveryRole
from trainers.models import TrainerAgreement

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.mark.rule("R141")
@pytest.mark.parametrize(
    ("start", "start_month", "wanted"),
    [
        ("2025-03-31 23:59", 4, "2024-Q4"),
        ("2025-04-01 00:00", 4, "2025-Q1"),
        ("2025-06-30 23:59", 4, "2025-Q1"),
        ("2025-07-01 00:00", 4, "2025-Q2"),
        ("2025-10-26 23:59", 4, "2025-Q3"),
        ("2025-12-31 23:59", 4, "2025-Q3"),
        ("2026-01-01 00:00", 4, "2025-Q4"),
        ("2026-03-29 00:30", 4, "2025-Q4"),
        ("2025-08-31 23:59", 9, "2024-Q4"),
        ("2025-09-01 00:00", 9, "2025-Q1"),
        ("2025-12-31 23:59", 1, "2025-Q4"),
        ("2024-02-29 12:00", 3, "2023-Q4"),
        ("2024-03-01 00:00", 3, "2024-Q1"),
    ],
)
def test_a_session_belongs_to_the_quarter_of_its_first_day_in_london(start: str, start_month: int, wanted: str) -> None:
    partnership = PartnershipFactory(year_start_month=start_month)
    held(partnership, start)
    quarter = Quarter.parse(wanted, start_month=start_month)
    for asked in (quarter.previous, quarter, quarter.next):
        counted = quarterly_figures(partnership, asked)["totals"]["sessions_held"]
        assert counted == (1 if asked == quarter else 0), asked


def test_everything_that_can_become_of_a_booking_is_counted_once(partnership: Partnership) -> None:
    a_full_quarter(partnership)
    totals = quarterly_figures(partnership, QUARTER)["totals"]
    assert {name: totals[name] for name in list(totals)[:15]} == {
        "sessions_held": 1,
        "sessions_cancelled": 1,
        "places": 20,
        "applications": 21,
        "booked": 19,
        "waiting": 1,
        "declined": 1,
        "cancelled_in_time": 1,
        "late_cancelled": 1,
        "did_not_attend": 1,
        "refused_late": 1,
        "part": 1,
        "substituted": 1,
        "walk_in": 1,
        "attended": 13,
    }
    assert (totals["expected"], totals["transferred"]) == (15, 1)
    assert totals["take_up"] == 0.65
    assert totals["show_rate"] == 0.8667
    assert totals["dna_rate"] == 0.1333
    assert totals["late_cancel_rate"] == 0.0526


def test_costs_are_those_of_held_and_cancelled_sessions_but_not_of_coming_ones(partnership: Partnership) -> None:
    a_full_quarter(partnership)
    held(partnership, "2025-06-20 09:30", status=SessionStatus.SCHEDULED, trainer_cost=999)
    totals = quarterly_figures(partnership, QUARTER)["totals"]
    assert (totals["trainer_cost"], totals["venue_cost"], totals["refreshment_cost"]) == (350, 120, 40)
    assert totals["cost_per_attended"] == 39.23


def test_a_session_still_to_come_has_an_entry_and_counts_nowhere(partnership: Partnership) -> None:
    session = held(partnership, status=SessionStatus.SCHEDULED)
    booked(session, S.BOOKED, 5)
    figures = quarterly_figures(partnership, QUARTER)
    assert figures["totals"]["courses"] == 1
    assert (figures["totals"]["booked"], figures["totals"]["places"]) == (0, 0)
    assert [(one["applications"], one["take_up"]) for one in figures["courses"]] == [(0, None)]


def test_an_agency_whose_only_bookings_were_cancelled_by_us_keeps_an_empty_entry(partnership: Partnership) -> None:
    agency = AgencyFactory(partnership=partnership, code="ZZZ")
    AgencyFactory(partnership=partnership, code="YYY")
    booked(held(partnership, status=SessionStatus.CANCELLED), S.SESSION_CANCELLED, 2, agency)
    agencies = quarterly_figures(partnership, QUARTER)["agencies"]
    assert [(one["code"], one["applications"], one["attended"]) for one in agencies] == [("ZZZ", 0, 0)]


def test_courses_and_agencies_stand_in_the_order_of_their_codes(partnership: Partnership) -> None:
    for code in ("NE310", "CP301", "DA330"):
        session = held(partnership, course=CourseFactory(partnership=partnership, code=code))
        booked(session, S.ATTENDED, 1, AgencyFactory(partnership=partnership, code=f"A{code}"))
    figures = quarterly_figures(partnership, QUARTER)
    assert [one["code"] for one in figures["courses"]] == ["CP301", "DA330", "NE310"]
    assert [one["code"] for one in figures["agencies"]] == ["ACP301", "ADA330", "ANE310"]


def test_nothing_of_another_partnership_is_counted(partnership: Partnership) -> None:
    a_full_quarter(PartnershipFactory())
    figures = quarterly_figures(partnership, QUARTER)
    assert figures["totals"]["applications"] == 0
    assert (figures["courses"], figures["agencies"], figures["sectors"]) == ([], [], [])
    assert figures["evaluations"]["received"] == 0


def _charge(session: CourseSession, status: str, kind: str, amount: str, state: str) -> None:
    booking = booked(session, status)[0]
    policy = ChargingPolicy.objects.get_or_create(partnership=session.partnership, effective_from=dt.date(2020, 1, 1))[
        0
    ]
    Charge.objects.create(
        partnership=session.partnership,
        booking=booking,
        agency=booking.agency,
        policy=policy,
        kind=kind,
        amount=amount,
        state=state,
        raised_at=NOW,
    )


@pytest.mark.rule("R141")
def test_charges_count_whatever_became_of_them_and_are_told_apart_by_kind(partnership: Partnership) -> None:
    session = held(partnership)
    _charge(session, S.DID_NOT_ATTEND, ChargeKind.ABSENCE, "80", ChargeState.WAIVED)
    _charge(session, S.LATE_CANCELLED, ChargeKind.ABSENCE, "40.50", ChargeState.PROPOSED)
    _charge(session, S.ATTENDED, ChargeKind.PLACE, "100", ChargeState.CONFIRMED)
    totals = quarterly_figures(partnership, QUARTER)["totals"]
    assert (totals["charges_raised_count"], totals["charges_raised"]) == (3, 220.5)
    assert (totals["absence_charges_raised_count"], totals["absence_charges_raised"]) == (2, 120.5)
    assert (totals["place_charges_raised_count"], totals["place_charges_raised"]) == (1, 100)
    assert (totals["charges_waived_count"], totals["charges_waived"]) == (1, 80)


def test_sectors_are_compared_with_the_last_quarter(partnership: Partnership) -> None:
    police = AgencyFactory(partnership=partnership, sector=Sector.POLICE)
    school = AgencyFactory(partnership=partnership, sector=Sector.EDUCATION_STATE)
    before, now = held(partnership, "2025-03-31 09:30"), held(partnership, "2025-04-01 09:30")
    booked(before, S.ATTENDED, 3, police)
    booked(before, S.WALK_IN, 1, police)
    booked(now, S.ATTENDED, 2, school)
    booked(now, S.PART, 1, school)
    sectors = quarterly_figures(partnership, QUARTER)["sectors"]
    assert [(one["name"], one["attended"], one["change"]) for one in sectors] == [
        ("Education - state-funded", 2, 2),
        ("Police", 0, -4),
    ]


def test_reasons_are_those_of_people_who_missed_the_day(partnership: Partnership) -> None:
    session = held(partnership)
    for booking in booked(session, S.DID_NOT_ATTEND, 2):
        booking.absence_reason = AbsenceReason.SICKNESS
        booking.save()
    booked(session, S.REFUSED_LATE)
    booked(session, S.CANCELLED)
    reasons = quarterly_figures(partnership, QUARTER)["absence_reasons"]
    assert [(one["name"], one["count"]) for one in reasons] == [("Sickness", 2), ("Not said", 1)]


@pytest.mark.parametrize(
    ("roles", "wanted"),
    [
        ([], (0, 0, 1)),
        ([DeliveryRole.LEAD], (0, 1, 0)),
        ([DeliveryRole.LEAD, DeliveryRole.OBSERVER], (0, 1, 0)),
        ([DeliveryRole.LEAD, DeliveryRole.CO], (1, 0, 0)),
    ],
)
def test_trainers_are_counted_against_the_agreement(
    partnership: Partnership, roles: list[DeliveryRole], wanted: tuple[int, int, int]
) -> None:
    TrainerAgreement.objects.create(partnership=partnership, trainers_per_session=2)
    session = held(partnership)
    for role in roles:
        deliver(session, person_with_account(partnership), role)
    assert tuple(quarterly_figures(partnership, QUARTER)["trainers"].values()) == wanted


def test_the_agreement_of_the_sessions_day_decides(partnership: Partnership) -> None:
    TrainerAgreement.objects.create(partnership=partnership, trainers_per_session=1)
    TrainerAgreement.objects.create(partnership=partnership, trainers_per_session=2, effective_from=dt.date(2025, 5, 9))
    for day in ("2025-05-08 09:30", "2025-05-09 09:30"):
        deliver(held(partnership, day), person_with_account(partnership))
    trainers = quarterly_figures(partnership, QUARTER)["trainers"]
    assert (trainers["sessions_with_enough"], trainers["sessions_with_too_few"]) == (1, 1)


@pytest.mark.rule("R143")
def test_a_priority_that_nothing_served_stands_with_nought(partnership: Partnership) -> None:
    a_full_quarter(partnership)
    CourseFactory(partnership=partnership, priorities=["Early help"])
    priorities = quarterly_figures(partnership, QUARTER)["priorities"]
    assert priorities == [
        {"name": "Early help", "sessions_held": 0, "attended": 0},
        {"name": "Neglect", "sessions_held": 1, "attended": 13},
    ]


def test_more_places_are_needed_where_more_waited_than_places_stayed_empty(partnership: Partnership) -> None:
    full = held(partnership, capacity=10)
    booked(full, S.ATTENDED, 9)
    booked(full, S.WAITING, 12)
    half_empty = held(partnership, capacity=30)
    booked(half_empty, S.ATTENDED, 5)
    booked(half_empty, S.WAITING, 2)
    wanted = {"waiting": 14, "courses_with_many_waiting": 1, "more_places_needed": 11}
    assert quarterly_figures(partnership, QUARTER)["sufficiency"] == wanted


@pytest.mark.parametrize("sessions", [1, 3])
def test_the_figures_cost_the_same_however_much_there_is(
    partnership: Partnership, django_assert_num_queries, sessions: int
) -> None:
    for _ in range(sessions):
        a_full = held(partnership)
        for booking in booked(a_full, S.ATTENDED, 2):
            evaluate(booking)
    with django_assert_num_queries(23):
        quarterly_figures(partnership, QUARTER)
