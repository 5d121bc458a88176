"""The chair writes and publishes the quarter's report, a member reads it from the mail; all in a real browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import Role
from agencies.models import Person
from core.mail import render_mail
from core.models import OutboxMessage, Partnership
from reports.domain.quarterly import draft_due_reports
from tests.factories import PASSWORD, PartnershipFactory, SessionFactory, deliver, in_days, person_with_account
from tests.reports.builders import NOW, a_full_quarter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewContext = Callable[..., BrowserContext]
ADDRESS = "/reports/quarterly/2025-26/q1/"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(1280, 900), (390, 844)]


@pytest.fixture
def partnership(transactional_db: None) -> Partnership:
    partnership = PartnershipFactory(name="Wrenshire Safeguarding Children Partnership")
    a_full_quarter(partnership)
    draft_due_reports(NOW)
    return partnership


@pytest.fixture
def visit(live_server: LiveServer, new_context: NewContext) -> Callable[[Person], Page]:
    """A browser in which a person has signed in by hand."""

    def sign_in(person: Person) -> Page:
        page = new_context(bypass_csp=True, base_url=live_server.url).new_page()
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(person.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    return sign_in


def faults_of(page: Page) -> list[str]:
    """What is wrong with the page: accessibility at both widths, and sideways scroll on a narrow phone."""
    wrong = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        wrong += [f"{page.url} at {width}: {fault['id']}" for fault in found]
    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        wrong.append(f"{page.url} scrolls sideways at 320")
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong


def test_the_chair_writes_and_publishes_and_a_member_reads(
    partnership: Partnership, visit: Callable[[Person], Page]
) -> None:
    chair = visit(person_with_account(partnership, Role.SUBGROUP_CHAIR))
    member = person_with_account(partnership, Role.SUBGROUP_MEMBER)
    expect(chair).to_have_url(re.compile(r"/reports/$"))
    chair.get_by_role("link", name="April to June 2025").first.click()
    expect(chair.get_by_text("The sub-group cannot see this report yet.")).to_be_visible()
    chair.get_by_role("link", name="Write key messages and risks").click()
    chair.get_by_label("Key messages").fill("Attendance is good. 13 people came.")
    chair.get_by_label("Risks and actions").fill("High: 2 more trainers are needed.")
    faults = faults_of(chair)
    chair.get_by_role("button", name="Save").click()
    expect(chair.get_by_text("The words of the report are saved.")).to_be_visible()
    chair.get_by_role("link", name="Publish the report").click()
    faults += faults_of(chair)
    chair.get_by_role("button", name="Publish the report").click()
    expect(chair.get_by_text("The report is published.")).to_be_visible()

    mail = render_mail(OutboxMessage.objects.get(kind="report_published", recipient=member.email))
    assert "Attendance is good. 13 people came." in mail.text
    assert ADDRESS in mail.text
    reader = visit(member)
    reader.goto(ADDRESS)
    expect(reader.get_by_text("Attendance is good.")).to_be_visible()
    expect(reader.locator("#attended")).to_contain_text("Education - state-funded")
    reader.get_by_text("Show every agency").click()
    expect(
        reader.get_by_role("cell", name="Oakfield Primary School").or_(
            reader.get_by_role("rowheader", name="Oakfield Primary School")
        )
    ).to_be_visible()
    faults += faults_of(reader)
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Download PDF").or_(reader.get_by_role("button", name="Download PDF")).click()
    document = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    assert "Attendance is good." in document.pages[0].extract_text()
    assert faults == []


def test_today_leads_to_what_needs_doing(partnership: Partnership, visit: Callable[[Person], Page]) -> None:
    ahead = SessionFactory(partnership=partnership, starts_at=in_days(3))
    deliver(ahead, person_with_account(partnership))
    page = visit(person_with_account(partnership, Role.ADMINISTRATOR))
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    faults = faults_of(page)
    expect(page.get_by_text("1 of 2")).to_be_visible()
    page.get_by_role("link", name="See the dates").click()
    expect(page.get_by_role("heading", name="Too few trainers", level=1)).to_be_visible()
    expect(page.get_by_role("link", name=ahead.course.title)).to_be_visible()
    faults += faults_of(page)
    assert faults == []
