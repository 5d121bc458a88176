"""From looking for training to a place, by keyboard and without scripts; every page by the accessibility rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import Role
from agencies.models import Person
from bookings.domain.certificates import release_certificate
from bookings.enums import BookingStatus, ChargeKind
from bookings.models import Booking, Charge
from core.models import Partnership
from courses.models import CourseSession
from tests.factories import (
    PASSWORD,
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    GroupFactory,
    PartnershipFactory,
    PolicyFactory,
    SessionFactory,
    VenueFactory,
    deliver,
    in_days,
    person_with_account,
)
from tests.support.looking import PHONE, faults_of, look_at, sign_in_browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def partnership(transactional_db: None) -> Partnership:
    made = PartnershipFactory(name="Wrenshire Safeguarding Children Partnership")
    PolicyFactory(partnership=made)
    return made


@pytest.fixture
def learner(partnership: Partnership) -> Person:
    school = AgencyFactory(partnership=partnership, name="Oakfield Primary School")
    groups = [GroupFactory(partnership=partnership, code="3")]
    return person_with_account(partnership, agency=school, groups=groups, first_name="Amira", last_name="Sample")


@pytest.fixture
def session(partnership: Partnership) -> CourseSession:
    course = CourseFactory(
        partnership=partnership,
        code="CWT",
        title="Core Working Together",
        groups=[GroupFactory(partnership=partnership, code="4")],
        priorities=["Neglect"],
        content_note="Includes accounts of abuse and neglect.",
        manager_approval="declaration",
    )
    venue = VenueFactory(partnership=partnership, name="Oakfield Centre")
    return SessionFactory(partnership=partnership, course=course, venue=venue, ref="CWT-1", refreshment_cost=120)


def tab_to(page: Page, text: str) -> None:
    """Press Tab until the focus is on what reads ``text``, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        words = page.evaluate(
            "(() => { const one = document.activeElement;"
            " return ((one.labels && one.labels[0] || one).textContent || '').replace(/\\s+/g, ' ').trim(); })()"
        )
        if words.startswith(text):
            return
    raise AssertionError(f"The keyboard does not reach “{text}”")


def test_a_returning_learner_books_by_keyboard_without_scripts_in_five_pages(
    session: CourseSession, learner: Person, live_server: LiveServer, new_context: NewContext
) -> None:
    context = new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    sign_in_browser(context, learner, live_server.url)
    page = context.new_page()
    pages = ["/training/"]
    page.on("response", lambda answer: pages.append(answer.url) if answer.ok and _is_page(answer) else None)
    page.goto("/training/?q=core")
    page.get_by_role("link", name="Core Working Together").press("Enter")
    page.get_by_role("button", name="Book your place").press("Enter")
    page.get_by_label("No, none of these").press("Space")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_label("My line manager agrees that I go").press("Space")
    page.get_by_role("button", name="Confirm booking").press("Enter")
    assert page.get_by_role("heading", name="You are booked").is_visible()
    booking = Booking.objects.get()
    assert (booking.person, booking.status) == (learner, BookingStatus.BOOKED)
    assert page.get_by_text(booking.reference).first.is_visible()
    assert len(pages) - 1 == 5


def _is_page(answer: object) -> bool:
    return "text/html" in answer.headers.get("content-type", "")  # type: ignore[attr-defined]


def test_the_tab_key_alone_leads_from_a_date_to_the_first_question(
    session: CourseSession, learner: Person, live_server: LiveServer, new_context: NewContext
) -> None:
    context = new_context(base_url=live_server.url)
    sign_in_browser(context, learner, live_server.url)
    page = context.new_page()
    page.goto("/training/")
    for link, leads_to in (("Core Working Together", "/training/sessions/CWT-1/"), ("Book", "/book/CWT-1/needs/")):
        tab_to(page, link)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{leads_to}")
    tab_to(page, "Large print")
    page.keyboard.press("Space")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/CWT-1/check/")
    assert page.get_by_text("Large print or slides in advance").is_visible()


def test_signing_in_when_starting_to_book_leads_back_to_booking(
    session: CourseSession, learner: Person, live_server: LiveServer, new_context: NewContext
) -> None:
    page = new_context(base_url=live_server.url).new_page()
    page.goto("/training/sessions/CWT-1/")
    page.get_by_role("button", name="Book your place").click()
    page.get_by_label("Email address").fill(learner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    assert page.get_by_role("heading", name="What you need on the day").is_visible()


def test_filters_close_on_phones_and_stay_open_without_scripts(
    session: CourseSession, live_server: LiveServer, new_context: NewContext
) -> None:
    page = new_context(base_url=live_server.url, viewport=PHONE).new_page()
    page.goto("/training/")
    apply = page.get_by_role("button", name="Apply filters")
    expect(apply).not_to_be_visible()
    page.get_by_text("Filter dates").click()
    page.get_by_label("Neglect").check()
    apply.click()
    assert page.get_by_role("heading", name="1 date matches").is_visible()
    plain = new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False).new_page()
    plain.goto("/training/")
    assert plain.get_by_role("button", name="Apply filters").is_visible()


def test_public_pages_break_no_accessibility_rule(
    partnership: Partnership, session: CourseSession, live_server: LiveServer, new_context: NewContext
) -> None:
    full = SessionFactory(partnership=partnership, ref="FULL", capacity=1, starts_at=in_days(70))
    BookingFactory(session=full)
    SessionFactory(partnership=partnership, ref="OFF", status="cancelled", cancelled_reason="The trainer is ill.")
    CourseFactory(partnership=partnership, title="Prevent", mode="e_learning", length="e_learning")
    CourseFactory(partnership=partnership, code="OLD", state="retired")
    page = new_context(bypass_csp=True, base_url=live_server.url).new_page()
    paths = [
        "/training/",
        "/training/?q=nothing+at+all",
        "/training/courses/",
        "/training/courses/CWT/",
        "/training/courses/OLD/",
        "/training/calendar/",
        "/training/e-learning/",
        "/training/sessions/CWT-1/",
        "/training/sessions/FULL/",
        "/training/sessions/OFF/",
        "/check/",
        "/check/?number=",
    ]
    assert look_at(page, paths) == []


def test_the_pages_of_a_learner_break_no_accessibility_rule(
    partnership: Partnership, session: CourseSession, learner: Person, live_server: LiveServer, new_context: NewContext
) -> None:
    held = SessionFactory(partnership=partnership, starts_at=in_days(-30), status="held")
    attended = BookingFactory(session=held, person=learner, status=BookingStatus.ATTENDED)
    certificate = release_certificate(booking=attended, by=None, now=in_days(-29))
    booked = BookingFactory(session=SessionFactory(partnership=partnership), person=learner)
    late = BookingFactory(session=SessionFactory(partnership=partnership, starts_at=in_days(1)), person=learner)
    waiting = BookingFactory(
        session=SessionFactory(partnership=partnership), person=learner, status=BookingStatus.WAITING
    )
    context = new_context(bypass_csp=True, base_url=live_server.url)
    sign_in_browser(context, learner, live_server.url)
    page = context.new_page()
    paths = ["/training/sessions/CWT-1/", "/book/CWT-1/needs/", "/my/", f"/check/{certificate.number}/"]
    for one in (booked, late, waiting):
        paths += [f"/my/bookings/{one.reference}/{tail}" for tail in ("", "done/", "cancel/")]
    assert look_at(page, paths) == []
    page.goto("/book/CWT-1/needs/")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_selector(".govuk-error-summary:focus")
    assert page.title().startswith("Error: What you need on the day")
    assert faults_of(page) == []
    page.get_by_label("No, none of these").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    assert faults_of(page) == []


def test_the_pages_of_the_training_team_break_no_accessibility_rule(
    partnership: Partnership, session: CourseSession, learner: Person, live_server: LiveServer, new_context: NewContext
) -> None:
    booking = BookingFactory(session=session, person=learner)
    Charge.objects.create(
        partnership=partnership,
        booking=booking,
        agency=booking.agency,
        policy=booking.policy,
        kind=ChargeKind.ABSENCE,
        amount=50,
        raised_at=in_days(0),
        explanation="Did not attend. Full day £50.",
    )
    deliver(session, person_with_account(partnership, Role.TRAINER))
    context = new_context(bypass_csp=True, base_url=live_server.url)
    sign_in_browser(context, person_with_account(partnership, Role.ADMINISTRATOR), live_server.url)
    paths = ["/manage/sessions/", "/manage/sessions/CWT-1/", "/manage/bookings/", "/manage/charges/"]
    assert look_at(context.new_page(), paths) == []
