"""The whole thread for one learner: a place, the register, the evaluation, the certificate, the survey, the report.

One browser each for the learner, the trainer and the sub-group. Mails are read from the outbox. Time passes by moving
the session's dates back, since the pages read the real clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import Role
from bookings.models import Booking, Certificate
from core.models import OutboxMessage, Partnership
from core.periods import Quarter, at_clock
from core.sweeps import run_sweeps
from core.working_days import next_working_day
from courses.models import CourseSession, SessionPart
from evaluations.models import ImpactAnswer, ImpactFollowUp
from tests.factories import (
    PASSWORD,
    AgencyFactory,
    PartnershipFactory,
    PolicyFactory,
    SessionFactory,
    deliver,
    in_days,
    person_with_account,
)
from tests.journeys.test_evaluation import answer_the_evaluation, choose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "kit.rowan@oakfield.example"
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def partnership(transactional_db: None) -> Partnership:
    made = PartnershipFactory(name="Wrenshire Safeguarding Children Partnership")
    PolicyFactory(partnership=made)
    AgencyFactory(partnership=made, name="Oakfield Primary School", email_domains=["oakfield.example"])
    return made


@pytest.fixture
def session(partnership: Partnership) -> CourseSession:
    return SessionFactory(
        partnership=partnership,
        ref="CWT-THREAD",
        course__title="Core Working Together",
        course__partnership=partnership,
        starts_at=in_days(21),
    )


@pytest.fixture
def browse(live_server: LiveServer, new_context: NewContext) -> Callable[[], Page]:
    """A browser of its own for each person."""
    return lambda: new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}).new_page()


def letters(kind: str) -> list[mail.EmailMultiAlternatives]:
    """Let the engine send what is due, and read the mails of one kind."""
    run_sweeps(timezone.now())
    wanted = set(OutboxMessage.objects.filter(kind=kind, state="sent").values_list("recipient", flat=True))
    assert wanted, f"no mail of kind {kind} was sent"
    return [letter for letter in mail.outbox if set(letter.to) & wanted]


def link_in(letter: mail.EmailMultiAlternatives, part: str) -> str:
    """The path of the link in a mail's text that begins with ``part``."""
    found = re.search(rf"https?://[^/\s]+({part}\S*)", letter.body)
    assert found, letter.body
    return found[1]


def days_pass(session: CourseSession, days: int) -> None:
    """The session now lies ``days`` further back, and so does everything that was written about it."""
    gap = dt.timedelta(days=days)
    SessionPart.objects.filter(session=session).update(starts_at=F("starts_at") - gap, ends_at=F("ends_at") - gap)
    CourseSession.objects.filter(pk=session.pk).update(starts_at=F("starts_at") - gap, ends_at=F("ends_at") - gap)
    Booking.objects.filter(session=session).update(booked_at=F("booked_at") - gap)


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def book_as_someone_new(page: Page) -> None:
    page.goto("/training/")
    page.get_by_role("link", name="Core Working Together").click()
    page.get_by_role("button", name="Book your place").click()
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Email").fill(EMAIL)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    code = re.search(r"\n([A-Z0-9-]{6,9})\n", letters("account")[0].body)
    assert code
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code[1])
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("First name").fill("Kit")
    page.get_by_label("Last name").fill("Rowan")
    page.get_by_label("Job title").fill("Teaching assistant")
    assert page.get_by_label("Which organisation").locator("option:checked").inner_text() == "Oakfield Primary School"
    page.get_by_role("button", name="Save my details").click()
    page.get_by_label("none of these").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()


def take_the_register(page: Page, trainer_email: str, session: CourseSession) -> None:
    sign_in(page, trainer_email)
    page.goto(f"/deliver/{session.ref}/register/")
    page.get_by_role("group", name=re.compile("Kit Rowan")).get_by_text("Here", exact=True).click()
    page.get_by_role("button", name="Save register").click()
    page.get_by_role("link", name="Finish register").click()
    page.get_by_role("button", name="Finish register").click()
    expect(page.get_by_text("finished", exact=False).first).to_be_visible()


def answer_the_survey(page: Page) -> None:
    choose(page, "How confident are you to recognise this", "9")
    choose(page, "How confident are you to act on a concern", "8")
    choose(page, "How well do you know what other agencies do", "7")
    choose(page, "Use the threshold document with my team", "Done")
    choose(page, "Have you used what you learned?", "Often")
    page.get_by_label("I record better").check()
    choose(page, "Have you shared what you learned with your team?", "Yes")
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("heading", name="Answers sent")).to_be_visible()


@pytest.mark.usefixtures("mailoutbox")
def test_from_a_place_to_the_report(
    browse: Callable[[], Page], partnership: Partnership, session: CourseSession, tmp_path
) -> None:
    trainer = person_with_account(partnership, Role.TRAINER)
    reader = person_with_account(partnership, Role.ADMINISTRATOR)
    deliver(session, trainer)

    learner = browse()
    book_as_someone_new(learner)
    confirmation = letters("booked")[-1]
    assert confirmation.subject.startswith("Booked: Core Working Together")
    assert any("text/calendar" in part.mimetype for part in confirmation.alternatives)

    days_pass(session, 22)
    take_the_register(browse(), trainer.email, session)

    visitor = browse()
    visitor.goto(link_in(letters("initial_evaluation_invited")[-1], "/evaluate/"))
    answer_the_evaluation(visitor)
    visitor.get_by_role("button", name="Send evaluation").click()
    expect(visitor.get_by_role("heading", name="Evaluation sent")).to_be_visible()

    certificate = Certificate.objects.get()
    assert "certificate" in letters("certificate_ready")[-1].subject.lower()
    learner.goto("/my/")
    with learner.expect_download() as download:
        learner.get_by_role("link", name=re.compile("Download")).first.click()
    pdf = tmp_path / "certificate.pdf"
    download.value.save_as(pdf)
    words = PdfReader(pdf).pages[0].extract_text()
    assert "Kit Rowan" in words
    assert "Core Working Together" in words

    anyone = browse()
    anyone.goto("/check/")
    anyone.get_by_label("Certificate number").fill(certificate.grouped_number.lower())
    anyone.get_by_role("button", name="Check").click()
    assert "KR" in anyone.locator("main").inner_text()

    days_pass(session, 100)
    sending_day = next_working_day(timezone.localdate() + dt.timedelta(days=1), nation=partnership.nation)
    run_sweeps(at_clock(sending_day, 10))
    survey = ImpactFollowUp.objects.get()
    assert survey.invited_at
    invitation = next(letter for letter in mail.outbox if "/survey/" in letter.body)
    visitor.goto(link_in(invitation, "/survey/"))
    answer_the_survey(visitor)
    assert ImpactAnswer.objects.get().follow_up == survey

    session.refresh_from_db()
    quarter = Quarter.containing(session.first_day)
    sign_in(office := browse(), reader.email)
    office.goto("/reports/")
    if not office.get_by_role("link", name=re.compile(quarter.title)).count():
        office.goto("/manage/")
        office.get_by_role("button", name="Draft the quarterly report").click()
    office.goto(f"/reports/quarterly/{quarter.year_label}/q{quarter.number}/")
    told = office.locator("main").inner_text()
    assert "People who attended" in told
    assert "1 of 1 who attended" in told
