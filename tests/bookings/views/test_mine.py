"""My training: coming up, pathway, to do, record."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import Person
from bookings.domain.certificates import release_certificate, withdraw_certificate
from bookings.enums import BookingStatus
from bookings.models import Booking
from core.models import Partnership
from courses.enums import SessionStatus
from tests.factories import (
    BookingFactory,
    CourseFactory,
    GroupFactory,
    SessionFactory,
    UserFactory,
    host_for,
    in_days,
    person_with_account,
    sign_in,
)

As = Callable[[Person], Client]


def page_of(client: Client) -> str:
    response = client.get("/my/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def attended(person: Person, title: str, status: str = BookingStatus.ATTENDED, days: int = -30) -> Booking:
    course = CourseFactory(partnership=person.partnership, title=title, hours=Decimal("3"))
    session = SessionFactory(
        partnership=person.partnership, course=course, starts_at=in_days(days), status=SessionStatus.HELD
    )
    return BookingFactory(session=session, person=person, status=status)


def test_what_is_coming_up_stands_first_with_its_steps(as_: As, partnership: Partnership, learner: Person) -> None:
    booking = BookingFactory(session=SessionFactory(partnership=partnership), person=learner)
    page = page_of(as_(learner))
    assert f"/my/bookings/{booking.reference}/cancel/" in page
    assert f"/my/bookings/{booking.reference}/calendar.ics" in page
    assert '<li class="is-done">Booked' in page
    assert '<li class="is-now" aria-current="step">Attend</li>' in page


def test_someone_waiting_sees_that_and_no_calendar_file(as_: As, partnership: Partnership, learner: Person) -> None:
    session = SessionFactory(partnership=partnership)
    booking = BookingFactory(session=session, person=learner, status=BookingStatus.WAITING)
    page = page_of(as_(learner))
    assert "Waiting list</li>" in page
    assert f"/my/bookings/{booking.reference}/calendar.ics" not in page


def test_nothing_booked_leads_to_the_programme(as_: As, learner: Person) -> None:
    page = page_of(as_(learner))
    assert "You have no training booked." in page
    assert "Training you attend appears here, with its certificate." in page
    assert "Nothing to do right now." in page


def test_the_record_gives_the_certificate_or_says_what_is_missing(as_: As, learner: Person) -> None:
    ready = attended(learner, "With certificate")
    certificate = release_certificate(booking=ready, by=None, now=timezone.now())
    locked = attended(learner, "Locked", days=-40)
    attended(learner, "Missed", BookingStatus.DID_NOT_ATTEND, days=-50)
    attended(learner, "Half", BookingStatus.PART, days=-60)
    withdrawn = attended(learner, "Withdrawn", days=-70)
    taken_back = release_certificate(booking=withdrawn, by=None, now=timezone.now())
    withdraw_certificate(certificate=taken_back, reason="Wrong person", by=None, now=timezone.now())
    page = page_of(as_(learner))
    assert f"/my/certificates/{certificate.number}.pdf" in page
    assert f'/my/evaluations/{locked.reference}/">Evaluate to unlock' in page
    assert "None: only for the whole session" in page
    assert "Withdrawn: Wrong person" in page
    assert taken_back.number not in page
    titles = [row["session"].course.title for row in as_(learner).get("/my/").context["record"]]
    assert titles == ["With certificate", "Locked", "Missed", "Half", "Withdrawn"]


def test_a_past_date_without_register_is_in_the_record(as_: As, partnership: Partnership, learner: Person) -> None:
    BookingFactory(session=SessionFactory(partnership=partnership, starts_at=in_days(-2)), person=learner)
    assert "Register not finished" in page_of(as_(learner))


def test_what_was_cancelled_in_time_is_gone_and_what_was_late_stays(
    as_: As, partnership: Partnership, learner: Person
) -> None:
    for status, title in ((BookingStatus.CANCELLED, "In time"), (BookingStatus.LATE_CANCELLED, "Too late")):
        course = CourseFactory(partnership=partnership, title=title)
        BookingFactory(session=SessionFactory(partnership=partnership, course=course), person=learner, status=status)
    page = page_of(as_(learner))
    assert "In time" not in page
    assert "Too late" in page


def test_the_pathway_is_that_of_ones_groups(as_: As, partnership: Partnership) -> None:
    group = GroupFactory(partnership=partnership, code="3")
    CourseFactory(partnership=partnership, title="For my group", groups=[group])
    CourseFactory(partnership=partnership, title="For others")
    page = page_of(as_(person_with_account(partnership, groups=[group])))
    assert "Group 3: Work mainly with children and families" in page
    assert "For my group" in page
    assert "For others" not in page


def test_without_a_group_the_pathway_asks_for_it(as_: As, learner: Person) -> None:
    assert "We do not know your role group yet." in page_of(as_(learner))


def test_nobody_sees_the_training_of_another(as_: As, partnership: Partnership, learner: Person) -> None:
    attended(learner, "Private matter")
    other = person_with_account(partnership)
    assert "Private matter" not in page_of(as_(other))


def test_a_new_account_gives_its_details_first(client: Client, partnership: Partnership) -> None:
    response = sign_in(client, UserFactory()).get("/my/")
    assert response.headers["Location"] == "/my/details/?next=/my/"


@pytest.mark.parametrize("number", [1, 3])
def test_ten_statements_however_long_the_record(
    as_: As, partnership: Partnership, django_assert_num_queries: Any, number: int
) -> None:
    host_for(partnership, "testserver")
    group = GroupFactory(partnership=partnership)
    person = person_with_account(partnership, groups=[group])
    for count in range(number):
        CourseFactory(partnership=partnership, groups=[group])
        attended(person, f"Course {count}", BookingStatus.DID_NOT_ATTEND)
        BookingFactory(session=SessionFactory(partnership=partnership), person=person)
    client = as_(person)
    with django_assert_num_queries(10):
        assert client.get("/my/").status_code == 200


def test_many_courses_not_yet_done_are_folded_away_below_what_was_done(as_: As, partnership: Partnership) -> None:
    group = GroupFactory(partnership=partnership, code="3")
    person = person_with_account(partnership, groups=[group])
    CourseFactory.create_batch(6, partnership=partnership, groups=[group])
    assert '<details class="govuk-details govuk-!-margin-top-4 govuk-!-margin-bottom-0" open>' in page_of(as_(person))
    done = CourseFactory(partnership=partnership, title="Done already", groups=[group])
    held = SessionFactory(partnership=partnership, course=done, starts_at=in_days(-9))
    BookingFactory(session=held, person=person, status=BookingStatus.ATTENDED)
    page = page_of(as_(person))
    assert "6 more courses for your role" in page
    assert page.index("Done already") < page.index("6 more courses")
