"""Taking a register on a phone: one tap each, and no tap lost when the signal drops."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import Role
from agencies.models import Person
from bookings.enums import BookingStatus
from bookings.models import Attendance, Booking
from core.models import Partnership
from courses.models import CourseSession
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    EmploymentFactory,
    NeedsFactory,
    PartnershipFactory,
    PersonFactory,
    PolicyFactory,
    SessionFactory,
    deliver,
    in_days,
    person_with_account,
)
from tests.support.looking import PHONE, look_at, sign_in_browser
from trainers.enums import DeliveryRole

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewContext = Callable[..., BrowserContext]
NAMES = ["Amira", "Ben", "Carys", "Dev", "Ellis", "Farah"]
REGISTER = "/deliver/CWT-1/register/"


@pytest.fixture
def partnership(transactional_db: None) -> Partnership:
    made = PartnershipFactory(name="Wrenshire Safeguarding Children Partnership")
    PolicyFactory(partnership=made)
    return made


@pytest.fixture
def trainer(partnership: Partnership) -> Person:
    return person_with_account(partnership, Role.TRAINER, first_name="Tess", last_name="Trainer")


@pytest.fixture
def session(partnership: Partnership, trainer: Person) -> CourseSession:
    course = CourseFactory(partnership=partnership, title="Core Working Together")
    now, until = timezone.now(), in_days(0, "23:59")
    made = SessionFactory(
        partnership=partnership, course=course, ref="CWT-1", starts_at=now, ends_at=until, parts=[(now, until)]
    )
    deliver(made, trainer)
    school = AgencyFactory(partnership=partnership, name="Oakfield Primary School")
    for name in NAMES:
        person = PersonFactory(partnership=partnership, first_name=name, last_name="Sample")
        EmploymentFactory(person=person, agency=school)
        booking = BookingFactory(session=made, person=person)
        if name == "Ben":
            NeedsFactory(booking=booking, access=["large_print"])
    return made


@pytest.fixture
def phone(trainer: Person, live_server: LiveServer, new_context: NewContext) -> Page:
    context = new_context(base_url=live_server.url, viewport=PHONE, has_touch=True)
    sign_in_browser(context, trainer, live_server.url)
    return context.new_page()


def tap(page: Page, name: str, mark: str) -> None:
    page.get_by_role("group", name=f"{name} Sample").get_by_text(mark, exact=True).tap()


def marks() -> dict[str, str]:
    return {one.booking.person.first_name: one.mark for one in Attendance.objects.select_related("booking__person")}


def test_a_register_of_six_takes_six_taps_on_a_phone(session: CourseSession, phone: Page) -> None:
    phone.goto(REGISTER)
    for name, mark in zip(NAMES, ["Here", "Here", "Late", "Absent", "Here", "Here"], strict=True):
        tap(phone, name, mark)
    status = phone.locator(".app-savebar [role=status]")
    expect(status).to_contain_text(re.compile(r"6 of 6 marked\. Saved at \d"))
    assert marks() == dict(zip(NAMES, ["here", "here", "late", "absent", "here", "here"], strict=True))
    for choice in phone.locator(".app-seg label").all():
        box = choice.bounding_box()
        assert box is not None
        assert box["height"] >= 48


def test_a_late_one_s_minutes_are_asked_and_saved(session: CourseSession, phone: Page) -> None:
    phone.goto(REGISTER)
    assert not phone.get_by_label("Minutes late: Carys Sample").is_visible()
    tap(phone, "Carys", "Late")
    phone.get_by_label("Minutes late: Carys Sample").fill("25")
    phone.get_by_label("Not let in: Carys Sample").check()
    carys = Booking.objects.get(person__first_name="Carys")
    expect(phone.locator(f'[name="seen-{carys.reference}"]')).to_have_value("late.25.0")
    kept = Attendance.objects.get()
    assert (kept.minutes_late, kept.let_in) == (25, False)


def test_taps_without_a_signal_wait_and_are_sent_when_it_is_back(session: CourseSession, phone: Page) -> None:
    phone.goto(REGISTER)
    tap(phone, "Amira", "Here")
    expect(phone.locator(".app-savebar")).to_contain_text("1 of 6 marked. Saved")
    phone.context.set_offline(True)
    for name in ("Ben", "Carys", "Dev"):
        tap(phone, name, "Here")
    expect(phone.locator(".app-savebar")).to_contain_text("4 of 6 marked. Not saved yet, 3 waiting")
    assert marks() == {"Amira": "here"}
    phone.context.set_offline(False)
    expect(phone.locator(".app-savebar")).to_contain_text("4 of 6 marked. Saved at")
    assert marks() == {"Amira": "here", "Ben": "here", "Carys": "here", "Dev": "here"}


def test_waiting_taps_outlive_the_page(session: CourseSession, phone: Page) -> None:
    phone.goto(REGISTER)
    phone.route("**/register/mark/", lambda route: route.abort())
    tap(phone, "Ben", "Absent")
    expect(phone.locator(".app-savebar")).to_contain_text("Not saved yet, 1 waiting")
    phone.unroute("**/register/mark/")
    phone.goto(REGISTER)
    expect(phone.locator(".app-savebar")).to_contain_text("1 of 6 marked. Saved at")
    assert marks() == {"Ben": "absent"}


def test_two_trainers_see_the_same_register(
    session: CourseSession, phone: Page, partnership: Partnership, live_server: LiveServer, new_context: NewContext
) -> None:
    co_trainer = person_with_account(partnership, Role.TRAINER)
    deliver(session, co_trainer, DeliveryRole.CO)
    context = new_context(base_url=live_server.url)
    sign_in_browser(context, co_trainer, live_server.url)
    other = context.new_page()
    phone.goto(REGISTER)
    tap(phone, "Ben", "Here")
    expect(phone.locator(".app-savebar")).to_contain_text("1 of 6 marked. Saved")
    other.goto(REGISTER)
    assert other.get_by_role("group", name="Ben Sample").get_by_label("Here").is_checked()
    assert other.get_by_text("1 of 6 marked.").is_visible()


def test_from_the_list_to_the_finished_register_without_scripts(
    session: CourseSession, trainer: Person, live_server: LiveServer, new_context: NewContext
) -> None:
    context = new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    sign_in_browser(context, trainer, live_server.url)
    page = context.new_page()
    page.goto("/deliver/")
    page.get_by_role("link", name="Core Working Together").click()
    for name in NAMES[:4]:
        page.get_by_role("group", name=f"{name} Sample").get_by_label("Here").check()
    page.get_by_role("button", name="Save register").click()
    assert page.get_by_text("The register is saved.").is_visible()
    page.get_by_role("link", name="Mark everyone else absent").click()
    assert page.get_by_text("Farah Sample, Oakfield Primary School").is_visible()
    page.get_by_role("button", name="Mark absent").click()
    page.get_by_label("Dev Sample").check()
    page.get_by_role("button", name="Finish register").click()
    assert page.get_by_text("This register was finished by Tess Trainer").is_visible()
    outcomes = dict(Booking.objects.values_list("person__first_name", "status"))
    assert outcomes == {
        **dict.fromkeys(NAMES[:3], BookingStatus.ATTENDED),
        "Dev": BookingStatus.PART,
        **dict.fromkeys(NAMES[4:], BookingStatus.DID_NOT_ATTEND),
    }


def test_the_pages_of_a_trainer_break_no_accessibility_rule(
    session: CourseSession, trainer: Person, partnership: Partnership, live_server: LiveServer, new_context: NewContext
) -> None:
    later = SessionFactory(partnership=partnership, ref="LATER")
    done = SessionFactory(partnership=partnership, ref="DONE", starts_at=in_days(-9), status="held")
    BookingFactory(session=done, status=BookingStatus.ATTENDED)
    for one in (later, done):
        deliver(one, trainer)
    Attendance.objects.create(
        booking=Booking.objects.filter(session=session).first(), mark="late", marked_at=timezone.now()
    )
    context = new_context(bypass_csp=True, base_url=live_server.url)
    sign_in_browser(context, trainer, live_server.url)
    paths = ["/deliver/", "/deliver/LATER/register/", "/deliver/DONE/register/", "/deliver/CWT-1/sign-in-sheet/"]
    paths += [f"{REGISTER}{tail}" for tail in ("", "add/", "add/?q=sample", "rest/", "finish/")]
    page = context.new_page()
    assert look_at(page, paths) == []
    Attendance.objects.bulk_create(
        Attendance(booking=one, mark="here", marked_at=timezone.now())
        for one in Booking.objects.filter(session=session, attendance=None)
    )
    assert look_at(page, [f"{REGISTER}finish/"]) == []
