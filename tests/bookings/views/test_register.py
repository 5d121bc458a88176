"""The register: tap by tap, all at once, with people who were not booked, until it is finished."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from agencies.models import Agency, Person
from bookings.enums import BookingStatus
from bookings.models import Attendance, Booking, Mark, Register
from core.models import Partnership
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EmploymentFactory,
    NeedsFactory,
    PersonFactory,
    SessionFactory,
    deliver,
    host_for,
    in_days,
    person_with_account,
    sign_in,
)
from trainers.enums import DeliveryRole

As = Callable[[Person], Client]
REGISTER = "/deliver/CWT-1/register/"


@pytest.fixture
def session(partnership: Partnership, trainer: Person) -> CourseSession:
    """A session that began this minute and ends today."""
    course = CourseFactory(partnership=partnership, title="Core Working Together")
    now = timezone.now()
    made = SessionFactory(
        partnership=partnership,
        course=course,
        ref="CWT-1",
        starts_at=now,
        ends_at=in_days(0, "23:59"),
        parts=[(now, in_days(0, "23:59"))],
    )
    deliver(made, trainer)
    return made


def booked(session: CourseSession, first_name: str, **details: Any) -> Booking:
    person = PersonFactory(partnership=session.partnership, first_name=first_name, last_name="Sample")
    EmploymentFactory(person=person)
    return BookingFactory(session=session, person=person, **details)


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def marks() -> dict[str, str]:
    return {one.booking.person.first_name: one.mark for one in Attendance.objects.all()}


def test_everyone_with_a_place_stands_on_it_by_name_with_agency_and_needs(
    as_: As, session: CourseSession, trainer: Person
) -> None:
    booked(session, "Carys")
    NeedsFactory(booking=booked(session, "Ben"), access=["large_print"])
    booked(session, "Wanda", status=BookingStatus.WAITING)
    booked(session, "Cora", status=BookingStatus.CANCELLED)
    response = as_(trainer).get(REGISTER)
    page = text_of(response)
    assert [row["name"] for row in response.context["rows"]] == ["Ben Sample", "Carys Sample"]
    assert "Large print or slides in advance" in page
    assert '<legend class="govuk-visually-hidden">Ben Sample</legend>' in page
    assert "0 of 2 marked." in page


def test_one_tap_is_saved_at_once(as_: As, session: CourseSession, trainer: Person) -> None:
    ben = booked(session, "Ben")
    booked(session, "Carys")
    answer = as_(trainer).post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "here"})
    assert answer.status_code == 200
    assert (answer.json()["marked"], answer.json()["total"]) == (1, 2)
    assert answer.json()["saved"].startswith("Saved at ")
    assert marks() == {"Ben": "here"}


def test_the_last_tap_counts_and_the_co_trainer_sees_it(
    client: Client, partnership: Partnership, session: CourseSession, trainer: Person
) -> None:
    ben = booked(session, "Ben")
    co_trainer = person_with_account(partnership, Role.TRAINER)
    deliver(session, co_trainer, DeliveryRole.CO)
    sign_in(client, trainer).post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "here"})
    sign_in(client, co_trainer).post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "absent"})
    page = sign_in(client, trainer).get(REGISTER)
    assert [choice["chosen"] for choice in page.context["rows"][0]["choices"]] == [False, False, True]


def test_a_late_one_s_minutes_and_refusal_are_kept(as_: As, session: CourseSession, trainer: Person) -> None:
    ben = booked(session, "Ben")
    late = {"booking": ben.reference, "mark": "late", "minutes": "40", "refused": "on"}
    as_(trainer).post(f"{REGISTER}mark/", late)
    kept = Attendance.objects.get()
    assert (kept.mark, kept.minutes_late, kept.let_in) == (Mark.LATE, 40, False)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"mark": "asleep"}, "not one of the available choices"),
        ({"mark": ""}, "Choose Here, Late or Absent."),
        ({"mark": "late", "minutes": "soon"}, "must be a whole number, like 20"),
        ({"mark": "late", "minutes": "601"}, "cannot be over 10 hours late"),
    ],
)
def test_a_tap_that_cannot_be_saved_says_why(
    as_: As, session: CourseSession, trainer: Person, sent: dict[str, str], message: str
) -> None:
    ben = booked(session, "Ben")
    answer = as_(trainer).post(f"{REGISTER}mark/", {"booking": ben.reference, **sent})
    assert answer.status_code == 409
    assert message in answer.json()["message"]
    assert marks() == {}


def test_a_tap_for_someone_not_on_the_register_is_refused(as_: As, session: CourseSession, trainer: Person) -> None:
    elsewhere = BookingFactory(session=SessionFactory(partnership=session.partnership))
    answer = as_(trainer).post(f"{REGISTER}mark/", {"booking": elsewhere.reference, "mark": "here"})
    assert answer.status_code == 409
    assert Attendance.objects.count() == 0


def test_a_tap_is_a_post(as_: As, session: CourseSession, trainer: Person) -> None:
    assert as_(trainer).get(f"{REGISTER}mark/").status_code == 405


def test_without_scripts_one_form_saves_all(as_: As, session: CourseSession, trainer: Person) -> None:
    ben, carys, dev = booked(session, "Ben"), booked(session, "Carys"), booked(session, "Dev")
    sent = {
        f"mark-{ben.reference}": "here",
        f"mark-{carys.reference}": "late",
        f"minutes-{carys.reference}": "20",
        f"minutes-{dev.reference}": "",
    }
    done = text_of(as_(trainer).post(REGISTER, sent, follow=True))
    assert "The register is saved." in done
    assert "2 of 3 marked." in done
    assert marks() == {"Ben": "here", "Carys": "late"}


def test_saving_the_form_leaves_a_colleague_s_newer_mark_alone(
    as_: As, session: CourseSession, trainer: Person
) -> None:
    ben, carys = booked(session, "Ben"), booked(session, "Carys")
    client = as_(trainer)
    client.post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "here"})
    seen = client.get(REGISTER).context["rows"][0]["seen"]
    client.post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "absent"})
    stale = {f"mark-{ben.reference}": "here", f"seen-{ben.reference}": seen, f"mark-{carys.reference}": "here"}
    client.post(REGISTER, stale)
    assert marks() == {"Ben": "absent", "Carys": "here"}


def test_a_wrong_number_of_minutes_is_named_at_the_person_and_above(
    as_: As, session: CourseSession, trainer: Person
) -> None:
    ben = booked(session, "Ben")
    sent = {f"mark-{ben.reference}": "late", f"minutes-{ben.reference}": "soon"}
    page = text_of(as_(trainer).post(REGISTER, sent))
    assert "<title>Error: Register" in page
    assert f'<a href="#id_minutes-{ben.reference}">Minutes late for Ben Sample must be a whole number' in page
    assert f'id="id_minutes-{ben.reference}"' in page
    assert 'value="soon"' in page
    assert marks() == {}


def test_everyone_else_is_marked_absent_after_a_look_at_who(as_: As, session: CourseSession, trainer: Person) -> None:
    ben = booked(session, "Ben")
    booked(session, "Carys")
    client = as_(trainer)
    client.post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "here"})
    page = text_of(client.get(f"{REGISTER}rest/"))
    assert "Mark 1 person absent?" in page
    assert "Carys Sample" in page
    assert "Ben Sample" not in page
    assert marks() == {"Ben": "here"}
    assert client.post(f"{REGISTER}rest/").headers["Location"] == f"{REGISTER}finish/"
    assert marks() == {"Ben": "here", "Carys": "absent"}


def test_nobody_is_absent_by_omission(as_: As, session: CourseSession, trainer: Person) -> None:
    booked(session, "Ben")
    client = as_(trainer)
    page = text_of(client.get(f"{REGISTER}finish/"))
    assert "1 person has no mark yet:" in page
    assert "Finish register</button>" not in page
    refused = text_of(client.post(f"{REGISTER}finish/"))
    assert "1 person has no mark yet. Mark everyone, or mark the rest as absent." in refused
    assert Register.objects.count() == 0


def test_finishing_sets_outcomes_and_who_left_early(as_: As, session: CourseSession, trainer: Person) -> None:
    ben, carys, dev = booked(session, "Ben"), booked(session, "Carys"), booked(session, "Dev")
    client = as_(trainer)
    for booking, mark in ((ben, "here"), (carys, "here"), (dev, "absent")):
        client.post(f"{REGISTER}mark/", {"booking": booking.reference, "mark": mark})
    page = text_of(client.get(f"{REGISTER}finish/"))
    assert "Did anyone leave before the end?" in page
    assert "Dev Sample" not in page
    done = text_of(client.post(f"{REGISTER}finish/", {"left_early": [carys.reference]}, follow=True))
    outcomes = dict(Booking.objects.values_list("person__first_name", "status"))
    assert outcomes == {"Ben": "attended", "Carys": "part", "Dev": "did_not_attend"}
    assert "This register was finished by Tess Trainer on" in done
    assert "Attended part" in done
    assert CourseSession.objects.get(pk=session.pk).status == SessionStatus.HELD


def test_a_finished_register_takes_no_more_taps(as_: As, session: CourseSession, trainer: Person) -> None:
    ben = booked(session, "Ben")
    client = as_(trainer)
    client.post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "here"})
    client.post(f"{REGISTER}finish/")
    late = client.post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "absent"})
    assert late.status_code == 409
    assert late.json()["message"] == "The register of this session was finished. Correct it with a reason."
    assert Booking.objects.get().status == BookingStatus.ATTENDED


def test_before_the_day_nothing_can_be_marked(as_: As, partnership: Partnership, trainer: Person) -> None:
    session = SessionFactory(partnership=partnership, ref="LATER", starts_at=in_days(3))
    deliver(session, trainer)
    ben = booked(session, "Ben")
    client = as_(trainer)
    assert "The register opens on" in text_of(client.get("/deliver/LATER/register/"))
    answer = client.post("/deliver/LATER/register/mark/", {"booking": ben.reference, "mark": "here"})
    assert answer.json()["message"] == "The register opens on the day of the session."


def test_someone_known_is_found_by_name_and_added_as_here(as_: As, session: CourseSession, trainer: Person) -> None:
    walker = PersonFactory(partnership=session.partnership, first_name="Wilma", last_name="Walker")
    EmploymentFactory(person=walker)
    PersonFactory(first_name="Wilma", last_name="Elsewhere")
    client = as_(trainer)
    host_for(session.partnership, "testserver")
    found = client.get(f"{REGISTER}add/?q=wil+walk")
    assert [row["person"] for row in found.context["found"]] == [walker]
    done = text_of(client.post(f"{REGISTER}add/", {"person": walker.pk}, follow=True))
    assert "Wilma Walker is on the register and marked as here." in done
    assert Booking.objects.get().status == BookingStatus.WALK_IN
    assert marks() == {"Wilma": "here"}


@pytest.mark.parametrize("number", ["0", "abc", "-1", "99999999999999999999"])
def test_an_unknown_person_is_not_found(as_: As, session: CourseSession, trainer: Person, number: str) -> None:
    assert as_(trainer).post(f"{REGISTER}add/", {"person": number}).status_code == 404


def test_someone_of_another_partnership_cannot_be_added(as_: As, session: CourseSession, trainer: Person) -> None:
    stranger = PersonFactory()
    host_for(session.partnership, "testserver")
    assert as_(trainer).post(f"{REGISTER}add/", {"person": stranger.pk}).status_code == 404


def test_someone_new_is_added_with_name_agency_and_address(
    as_: As, session: CourseSession, trainer: Person, school: Agency
) -> None:
    sent = {"first_name": "Nia", "last_name": "New", "agency": school.pk, "email": "NIA@oakfield.example"}
    as_(trainer).post(f"{REGISTER}add/", sent)
    booking = Booking.objects.get()
    assert (booking.person.name, booking.person.email, booking.agency) == ("Nia New", "nia@oakfield.example", school)


def test_someone_new_without_name_or_agency_is_asked_for_them(as_: As, session: CourseSession, trainer: Person) -> None:
    page = text_of(as_(trainer).post(f"{REGISTER}add/", {"email": "not an address"}))
    for words in (
        "Enter their first name",
        "Enter their last name",
        "Choose the agency they work for",
        "correct format",
    ):
        assert words in page
    assert Booking.objects.count() == 0


def test_one_letter_finds_nobody(as_: As, session: CourseSession, trainer: Person) -> None:
    assert as_(trainer).get(f"{REGISTER}add/?q=a").context["found"] == []


PAGES = ["register/", "register/add/", "register/rest/", "register/finish/", "sign-in-sheet/"]


@pytest.mark.parametrize("page", PAGES)
def test_only_its_trainers_and_the_training_team_reach_a_register(
    client: Client, partnership: Partnership, session: CourseSession, trainer: Person, administrator: Person, page: str
) -> None:
    booked(session, "Ben")
    other_trainer = person_with_account(partnership, Role.TRAINER)
    observer = person_with_account(partnership, Role.TRAINER)
    deliver(session, observer, DeliveryRole.OBSERVER)
    address = f"/deliver/CWT-1/{page}"
    for person in (trainer, administrator):
        assert sign_in(client, person).get(address).status_code == 200
    for person in (other_trainer, observer, person_with_account(partnership)):
        assert sign_in(client, person).get(address).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302


def test_another_trainer_cannot_tap_either(client: Client, partnership: Partnership, session: CourseSession) -> None:
    ben = booked(session, "Ben")
    sign_in(client, person_with_account(partnership, Role.TRAINER))
    answer = client.post(f"{REGISTER}mark/", {"booking": ben.reference, "mark": "here"})
    assert answer.status_code == 403
    assert marks() == {}


def test_the_sign_in_sheet_has_everyone_and_empty_lines(as_: As, session: CourseSession, trainer: Person) -> None:
    booked(session, "Ben")
    page = text_of(as_(trainer).get("/deliver/CWT-1/sign-in-sheet/"))
    assert "Ben Sample" in page
    assert page.count("Empty line") == 6


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_costs_the_same_however_many_are_on_it(
    as_: As, session: CourseSession, trainer: Person, django_assert_num_queries: Any, number: int
) -> None:
    host_for(session.partnership, "testserver")
    for count in range(number):
        Attendance.objects.create(booking=booked(session, f"Ben{count}"), mark=Mark.HERE, marked_at=timezone.now())
    client = as_(trainer)
    with django_assert_num_queries(9):
        assert client.get(REGISTER).status_code == 200
