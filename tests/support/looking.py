"""Looking at pages in a real browser: signing in, accessibility rules at both widths, no sideways scroll."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from agencies.models import Person
from tests.factories import sign_in

DESKTOP, PHONE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Text spacing of WCAG 1.4.12; the page must not cut off or push anything sideways with it.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"


def sign_in_browser(context: BrowserContext, person: Person, address: str) -> None:
    """Give a browser the session of a person who signed in."""
    session = sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


def faults_of(page: Page) -> list[str]:
    """What the accessibility rules find on the page as it stands."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [f"{page.url}: {fault['id']} {[node['html'][:120] for node in fault['nodes']]}" for fault in found]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def look_at(page: Page, paths: list[str]) -> list[str]:
    """What is wrong with pages at 1280, 390 and 320 pixels; empty when nothing is. Needs a context with bypass_csp."""
    wrong = []
    for path in paths:
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            response = page.goto(path)
            wrong += [f"{path} answers {response.status}"] if response and response.status != 200 else []
            wrong += faults_of(page)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        wrong += [f"{path} scrolls sideways at 320"] if scrolls_sideways(page) else []
        page.add_style_tag(content=SPACING)
        wrong += [f"{path} scrolls sideways with wide text spacing"] if scrolls_sideways(page) else []
    return wrong
