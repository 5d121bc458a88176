"""From the mail after the course to the survey three months on, in a real browser and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from agencies.models import Person
from bookings.models import Booking, Certificate
from core.models import Partnership
from evaluations.models import ImpactAnswer, ImpactFollowUp, InitialEvaluation
from tests.evaluations.builders import (
    ACTIONS,
    INITIAL_ANSWERS,
    asked_to_evaluate,
    attendance,
    held_session,
    open_survey,
    token_for,
)
from tests.factories import PartnershipFactory, in_days, person_with_account, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewContext = Callable[..., BrowserContext]
DESKTOP, PHONE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AS_IT_IS = "/* */"
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"


@pytest.fixture
def partnership(transactional_db: None) -> Partnership:
    return PartnershipFactory(name="Wrenshire Safeguarding Children Partnership")


@pytest.fixture
def learner(partnership: Partnership) -> Person:
    return person_with_account(partnership, first_name="Amira", last_name="Sample")


@pytest.fixture
def asked(partnership: Partnership, learner: Person) -> Booking:
    session = held_session(in_days(-1), partnership=partnership)
    return asked_to_evaluate(session, now=in_days(-1, "17:45"), person=learner)


@pytest.fixture
def survey(partnership: Partnership, learner: Person) -> ImpactFollowUp:
    booking = attendance(held_session(in_days(-95), partnership=partnership), person=learner)
    evaluation = InitialEvaluation.objects.create(booking=booking, sent_at=in_days(-94), **INITIAL_ANSWERS)
    for position, text in enumerate(ACTIONS, 1):
        evaluation.actions.create(position=position, text=text)
    return open_survey(booking)


@pytest.fixture
def visitor(partnership: Partnership, live_server: LiveServer, new_context: NewContext) -> Page:
    return new_context(bypass_csp=True, base_url=live_server.url).new_page()


def faults_of(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [f"{page.url}: {fault['id']} {[node['html'][:120] for node in fault['nodes']]}" for fault in found]


def look_at(page: Page) -> list[str]:
    """What is wrong with the page as it stands: accessibility at both widths, and sideways scroll on a narrow phone."""
    wrong = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        wrong += faults_of(page)
    page.set_viewport_size(NARROW)
    for what in (AS_IT_IS, SPACING):
        page.add_style_tag(content=what)
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        wrong += [f"{page.url} scrolls sideways {'with wide text spacing' if what == SPACING else ''}"] if wide else []
    return wrong


def choose(page: Page, question: str, answer: str) -> None:
    """Choose an answer of a question by its words, as a screen reader says them."""
    page.get_by_role("group", name=question).get_by_role("radio", name=answer, exact=True).check()


def answer_the_evaluation(page: Page) -> None:
    choose(page, "How confident are you to recognise this", "8")
    choose(page, "How confident are you to act on a concern", "7")
    choose(page, "How well do you know what other agencies do", "10 completely")
    choose(page, "Looking back", "4")
    for statement in (
        "The aims were met",
        "The content was relevant to my role",
        "The pace and level were right",
        "The trainers knew the subject",
        "The trainers involved everyone",
        "I learned from people in other agencies",
        "experience stayed at the centre",
        "Different backgrounds and needs were respected",
        "The venue or joining online worked",
    ):
        choose(page, statement, "Agree")
    choose(page, "Overall, how was the course?", "Very good")
    choose(page, "How likely are you to recommend it?", "9")
    page.get_by_label("First thing").fill("Use the threshold document with my team")


def test_the_link_of_the_mail_to_the_certificate_without_signing_in(visitor: Page, asked: Booking) -> None:
    visitor.goto(f"/evaluate/{token_for('evaluation', asked.pk)}/")
    assert visitor.url.endswith("/evaluate/")
    assert look_at(visitor) == []
    visitor.set_viewport_size(PHONE)
    visitor.get_by_role("button", name="Send evaluation").click()
    visitor.wait_for_selector(".govuk-error-summary:focus")
    assert faults_of(visitor) == []
    visitor.get_by_role("link", name="Choose a number from 0 to 10 for “Looking back").click()
    assert visitor.evaluate("document.activeElement.id") == "id_before_0"
    answer_the_evaluation(visitor)
    visitor.get_by_role("button", name="Send evaluation").click()
    assert visitor.get_by_role("heading", name="Evaluation sent").is_visible()
    assert look_at(visitor) == []
    assert Certificate.objects.get().booking == asked


def test_a_score_is_chosen_with_the_arrow_keys(visitor: Page, asked: Booking) -> None:
    visitor.goto(f"/evaluate/{token_for('evaluation', asked.pk)}/")
    visitor.locator("#id_recognise_0").focus()
    visitor.keyboard.press("Space")
    for _ in range(6):
        visitor.keyboard.press("ArrowRight")
    assert visitor.locator("input[name=recognise]:checked").input_value() == "6"
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("document.activeElement.name") == "act"


def test_the_survey_three_months_on_without_scripts_on_a_phone(
    live_server: LiveServer, new_context: NewContext, survey: ImpactFollowUp
) -> None:
    page = new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(f"/survey/{token_for('impact_survey', survey.pk)}/")
    choose(page, "How confident are you to recognise this", "9")
    choose(page, "How confident are you to act on a concern", "8")
    choose(page, "How well do you know what other agencies do", "7")
    choose(page, ACTIONS[0], "Done")
    choose(page, ACTIONS[1], "Partly done")
    choose(page, "Have you used what you learned?", "Often")
    page.get_by_label("I record better").check()
    choose(page, "Have you shared what you learned with your team?", "Yes")
    page.get_by_role("button", name="Send answers").click()
    assert page.get_by_role("heading", name="Answers sent").is_visible()
    assert ImpactAnswer.objects.get().recognise == 9


def test_the_survey_and_its_messages_break_no_accessibility_rule(visitor: Page, survey: ImpactFollowUp) -> None:
    visitor.goto(f"/survey/{token_for('impact_survey', survey.pk)}/")
    wrong = look_at(visitor)
    visitor.get_by_role("button", name="Send answers").click()
    wrong += look_at(visitor)
    visitor.goto("/survey/nothing/")
    wrong += look_at(visitor)
    assert wrong == []


def test_my_own_pages_when_signed_in(
    visitor: Page, live_server: LiveServer, learner: Person, asked: Booking, survey: ImpactFollowUp
) -> None:
    session = sign_in(Client(), learner).cookies[settings.SESSION_COOKIE_NAME].value
    visitor.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    for path in (f"/my/evaluations/{asked.reference}/", f"/my/surveys/{survey.booking.reference}/"):
        visitor.goto(path)
        assert look_at(visitor) == []
