"""The training team's lists: dates, one date, bookings, charges."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from agencies.models import Person
from bookings.enums import BookingStatus, ChargeKind, ChargeState
from bookings.models import Booking, Charge
from core.models import Partnership
from courses.enums import SessionStatus
from tests.factories import (
    BookingFactory,
    CourseFactory,
    PartnershipFactory,
    PersonFactory,
    SessionFactory,
    host_for,
    in_days,
    person_with_account,
    sign_in,
)

As = Callable[[Person], Client]
PAGES = ["/manage/sessions/", "/manage/sessions/ONE/", "/manage/bookings/", "/manage/charges/"]


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def charge(booking: Booking, **details: Any) -> Charge:
    facts = {"kind": ChargeKind.ABSENCE, "amount": Decimal("50"), "raised_at": timezone.now(), **details}
    return Charge.objects.create(
        partnership=booking.partnership, booking=booking, agency=booking.agency, policy=booking.policy, **facts
    )


@pytest.mark.parametrize("address", PAGES)
def test_only_the_training_team_sees_the_lists(
    client: Client, partnership: Partnership, administrator: Person, address: str
) -> None:
    SessionFactory(partnership=partnership, ref="ONE")
    assert sign_in(client, administrator).get(address).status_code == 200
    for role in (Role.PRACTITIONER, Role.TRAINER, Role.AGENCY_LEAD, Role.SUBGROUP_CHAIR):
        assert sign_in(client, person_with_account(partnership, role)).get(address).status_code == 403


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("", ["SOON", "LATER"]),
        ("?when=to_finish", ["OPEN"]),
        ("?when=past", ["OPEN", "DONE"]),
        ("?when=cancelled", ["OFF"]),
        ("?q=neglect", ["LATER"]),
        ("?q=soon", ["SOON"]),
        ("?when=never", ["SOON", "LATER"]),
        ("?page=99", ["SOON", "LATER"]),
    ],
)
def test_dates_by_when_and_words(
    as_: As, partnership: Partnership, administrator: Person, query: str, refs: list[str]
) -> None:
    SessionFactory(partnership=partnership, ref="SOON", starts_at=in_days(2))
    course = CourseFactory(partnership=partnership, title="Neglect")
    SessionFactory(partnership=partnership, ref="LATER", starts_at=in_days(20), course=course)
    SessionFactory(partnership=partnership, ref="OPEN", starts_at=in_days(-2))
    SessionFactory(partnership=partnership, ref="DONE", starts_at=in_days(-9), status=SessionStatus.HELD)
    SessionFactory(partnership=partnership, ref="OFF", status=SessionStatus.CANCELLED)
    page = as_(administrator).get(f"/manage/sessions/{query}").context["page"]
    assert [session.ref for session in page] == refs


def test_one_date_shows_bookings_waiting_list_charges_and_costs(
    as_: As, partnership: Partnership, administrator: Person
) -> None:
    session = SessionFactory(partnership=partnership, ref="ONE", trainer_cost=300, venue_cost=120, refreshment_cost=60)
    late = BookingFactory(session=session, status=BookingStatus.LATE_CANCELLED)
    charge(late)
    waiting = BookingFactory(session=session, status=BookingStatus.WAITING)
    page = as_(administrator).get("/manage/sessions/ONE/")
    assert [row["booking"] for row in page.context["bookings"]] == [late]
    assert page.context["waiting"] == [waiting]
    for words in ("£50, proposed", "Cancelled late", "£480", "0 of 24 taken, 1 waiting"):
        assert words in text_of(page)


def test_a_date_of_another_partnership_is_not_found(as_: As, partnership: Partnership, administrator: Person) -> None:
    SessionFactory(partnership=PartnershipFactory(), ref="THEIRS")
    host_for(partnership, "testserver")
    assert as_(administrator).get("/manage/sessions/THEIRS/").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Ben", "Carys"}),
        ("?status=waiting", {"Carys"}),
        ("?status=nonsense", {"Ben", "Carys"}),
        ("?q=ben+sample", {"Ben"}),
        ("?q=abcd2345", {"Carys"}),
        ("?q=nobody", set()),
    ],
)
def test_bookings_by_status_name_and_reference(
    as_: As, partnership: Partnership, administrator: Person, query: str, names: set[str]
) -> None:
    session = SessionFactory(partnership=partnership)
    for name, details in (("Ben", {}), ("Carys", {"status": BookingStatus.WAITING, "reference": "ABCD2345"})):
        person = PersonFactory(partnership=partnership, first_name=name, last_name="Sample")
        BookingFactory(session=session, person=person, **details)
    rows = as_(administrator).get(f"/manage/bookings/{query}").context["rows"]
    assert {row["booking"].person.first_name for row in rows} == names


def test_charges_stand_under_their_state_with_number_and_sum(
    as_: As, partnership: Partnership, administrator: Person
) -> None:
    session = SessionFactory(partnership=partnership)
    for amount, state in (("50", ChargeState.PROPOSED), ("25.50", ChargeState.PROPOSED), ("80", ChargeState.WAIVED)):
        charge(BookingFactory(session=session), amount=Decimal(amount), state=state, explanation="Did not attend.")
    client = as_(administrator)
    page = text_of(client.get("/manage/charges/"))
    assert "2 charges, £75.50 together" in page
    assert "Waived (1)" in page
    assert "1 charge, £80 together" in text_of(client.get("/manage/charges/?state=waived"))
    assert "No charges to review." in text_of(client.get("/manage/charges/?state=confirmed"))
    assert "2 charges" in text_of(client.get("/manage/charges/?state=unheard-of"))


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("address", "statements"), list(zip(PAGES, [7, 7, 7, 8], strict=True)))
def test_the_same_statements_however_long_the_list(
    as_: As,
    partnership: Partnership,
    administrator: Person,
    django_assert_num_queries: Any,
    address: str,
    statements: int,
    number: int,
) -> None:
    host_for(partnership, "testserver")
    session = SessionFactory(partnership=partnership, ref="ONE")
    for _ in range(number):
        charge(BookingFactory(session=session))
        SessionFactory(partnership=partnership)
    client = as_(administrator)
    with django_assert_num_queries(statements):
        assert client.get(address).status_code == 200
