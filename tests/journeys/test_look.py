"""The frame, the components, the account pages and the error pages in a real browser.

Accessibility rules on desktop and phone, no sideways scroll at 320 pixels, WCAG text spacing, and no scripts.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import Role
from core.models import Partnership
from tests.factories import PartnershipFactory, person_with_account, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewContext = Callable[..., BrowserContext]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = [
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/nothing/here/",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
]
SIGNED_IN = [
    "/gallery/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/logout/",
]
# Text spacing of WCAG 1.4.12; the rule must not cut off or overlap anything.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"


@pytest.fixture
def partnership(transactional_db: None) -> Partnership:
    return PartnershipFactory(name="Wrenshire Safeguarding Children Partnership")


@pytest.fixture
def visitor(partnership: Partnership, live_server: LiveServer, new_context: NewContext) -> Page:
    return new_context(bypass_csp=True, base_url=live_server.url).new_page()


@pytest.fixture
def administrator(partnership: Partnership, visitor: Page, live_server: LiveServer) -> Page:
    person = person_with_account(partnership, Role.ADMINISTRATOR, first_name="Amira", last_name="Sample")
    session = sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
    visitor.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return visitor


def faults_of(page: Page) -> list[str]:
    """What the accessibility rules find on the page as it stands."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [f"{page.url}: {fault['id']} {[node['html'][:120] for node in fault['nodes']]}" for fault in found]


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def look_at(page: Page, paths: list[str]) -> list[str]:
    wrong = []
    for path in paths:
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            page.goto(path)
            wrong += faults_of(page)
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} scrolls sideways at 320"] if sideways(page) else []
        page.add_style_tag(content=SPACING)
        wrong += [f"{path} scrolls sideways with wide text spacing"] if sideways(page) else []
    return wrong


def test_pages_for_everyone_break_no_accessibility_rule(visitor: Page) -> None:
    assert look_at(visitor, PUBLIC) == []


def test_the_gallery_and_ones_own_account_break_no_accessibility_rule(administrator: Page) -> None:
    assert look_at(administrator, SIGNED_IN) == []


def test_nothing_is_refused_by_the_content_security_policy(
    partnership: Partnership, live_server: LiveServer, new_context: NewContext
) -> None:
    page = new_context(base_url=live_server.url).new_page()
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", listen)
    for path in ("/help/", "/accounts/login/", "/accounts/signup/"):
        page.goto(path, wait_until="networkidle")
    assert page.locator("body.govuk-frontend-supported").count() == 1
    assert said == []


def test_a_wrong_form_puts_the_focus_on_its_summary_and_a_link_leads_to_the_field(visitor: Page) -> None:
    visitor.goto("/accounts/login/")
    visitor.get_by_role("button", name="Sign in").click()
    visitor.wait_for_selector(".govuk-error-summary:focus")
    assert visitor.title().startswith("Error: Sign in – ")
    assert faults_of(visitor) == []
    visitor.get_by_role("link", name="Enter your password").click()
    assert visitor.evaluate("document.activeElement.id") == "id_password"


def test_without_scripts_the_menu_is_there_and_a_form_says_what_is_wrong(
    partnership: Partnership, live_server: LiveServer, new_context: NewContext
) -> None:
    page = new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE).new_page()
    page.goto("/accounts/login/")
    assert page.get_by_role("link", name="Help", exact=True).is_visible()
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("link", name="Enter your email address").is_visible()


def test_the_keyboard_reaches_the_skip_link_first_and_the_menu_on_a_phone_opens(visitor: Page) -> None:
    visitor.set_viewport_size(PHONE)
    visitor.goto("/help/")
    visitor.wait_for_selector("body.govuk-frontend-supported")
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("document.activeElement.textContent") == "Skip to main content"
    menu = visitor.get_by_role("button", name="Menu")
    menu.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    assert visitor.get_by_role("link", name="Help", exact=True).is_visible()


def test_a_typed_date_is_answered_with_its_weekday(administrator: Page) -> None:
    administrator.goto("/gallery/")
    for part, value in (("day", "12"), ("month", "3"), ("year", "2026")):
        administrator.fill(f"input[name=clean-held_{part}]", value)
    administrator.keyboard.press("Tab")
    assert administrator.get_by_text("Thursday 12 March 2026", exact=True).last.is_visible()


def test_a_contrast_theme_keeps_the_meters_and_choices_visible(administrator: Page) -> None:
    administrator.emulate_media(forced_colors="active")
    administrator.goto("/gallery/")
    fill = administrator.locator(".app-meter__fill").first
    track = administrator.locator(".app-meter__track").first
    colour = "one => getComputedStyle(one).fill"
    assert fill.evaluate(colour) != track.evaluate(colour)


def test_on_paper_the_menus_and_buttons_are_gone(administrator: Page) -> None:
    administrator.emulate_media(media="print")
    administrator.goto("/gallery/")
    for hidden in (".govuk-service-navigation", ".govuk-footer", ".app-filter", ".app-account"):
        assert not administrator.locator(hidden).first.is_visible()
    assert administrator.locator(".app-barchart").first.is_visible()
