"""The pages of reports: who sees which, what they say, writing and publishing."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.permissions import Role
from bookings.enums import BookingStatus as S
from core.models import Partnership
from core.periods import Quarter
from reports.domain.quarterly import draft_report, publish_report, write_report
from reports.models import QuarterlyReport
from tests.factories import CourseFactory, PartnershipFactory, host_for, person_with_account, sign_in
from tests.reports.builders import NOW, QUARTER, a_full_quarter, booked, held

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/quarterly/2025-26/q1/"


@pytest.fixture
def partnership() -> Partnership:
    partnership = PartnershipFactory()
    host_for(partnership, "testserver")
    a_full_quarter(partnership)
    return partnership


@pytest.fixture
def draft(partnership: Partnership) -> QuarterlyReport:
    return draft_report(partnership=partnership, quarter=QUARTER, by=None, now=NOW)


@pytest.fixture
def published(draft: QuarterlyReport) -> QuarterlyReport:
    return publish_report(report=draft, by=None, now=NOW)


def visitor(client: Client, partnership: Partnership, *roles: Role) -> Client:
    return sign_in(client, person_with_account(partnership, *roles))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.PRACTITIONER, 403),
        (Role.TRAINER, 403),
        (Role.SUBGROUP_MEMBER, 404),
        (Role.SUBGROUP_CHAIR, 200),
        (Role.ADMINISTRATOR, 200),
    ],
)
@pytest.mark.parametrize("ending", ["/", ".pdf", ".csv", ".json", ".xlsx"])
def test_a_draft_is_for_those_who_write_it(
    client: Client, draft: QuarterlyReport, role: Role, status: int, ending: str
) -> None:
    visitor(client, draft.partnership, role)
    assert client.get(ADDRESS.rstrip("/") + ending).status_code == status


def test_the_list_shows_a_member_what_is_published_and_the_chair_the_draft_too(
    client: Client, published: QuarterlyReport
) -> None:
    draft_report(partnership=published.partnership, quarter=QUARTER.next, by=None, now=NOW)
    member = visitor(Client(), published.partnership, Role.SUBGROUP_MEMBER).get("/reports/").content.decode()
    assert "April to June 2025" in member
    assert "July to September 2025" not in member
    assert "Draft" not in member
    chair = visitor(client, published.partnership, Role.SUBGROUP_CHAIR).get("/reports/").content.decode()
    assert "July to September 2025" in chair
    assert "Draft" in chair


def test_an_empty_list_says_when_the_first_report_will_be_ready(client: Client, partnership: Partnership) -> None:
    page = visitor(client, partnership, Role.SUBGROUP_MEMBER).get("/reports/").content.decode()
    assert "The first report will be ready on 1 " in page


@pytest.mark.parametrize("reports", [1, 3])
def test_the_list_costs_the_same_however_long(
    client: Client, partnership: Partnership, django_assert_num_queries, reports: int
) -> None:
    for number in range(reports):
        draft_report(partnership=partnership, quarter=Quarter(2020 + number, 1), by=None, now=NOW)
    visitor(client, partnership, Role.SUBGROUP_CHAIR)
    client.get("/reports/")
    with django_assert_num_queries(7):
        client.get("/reports/")


@pytest.mark.parametrize("sessions", [1, 3])
def test_a_draft_costs_the_same_however_much_it_counts(
    client: Client, draft: QuarterlyReport, django_assert_num_queries, sessions: int
) -> None:
    for _ in range(sessions):
        booked(held(draft.partnership), S.ATTENDED, 2)
    visitor(client, draft.partnership, Role.SUBGROUP_CHAIR)
    client.get(ADDRESS)
    with django_assert_num_queries(29):
        client.get(ADDRESS)


def test_a_published_report_is_read_without_counting_anything(
    client: Client, published: QuarterlyReport, django_assert_num_queries
) -> None:
    visitor(client, published.partnership, Role.SUBGROUP_MEMBER)
    client.get(ADDRESS)
    with django_assert_num_queries(6):
        client.get(ADDRESS)


def test_a_foreign_report_answers_as_a_missing_one_does(client: Client, published: QuarterlyReport) -> None:
    elsewhere = PartnershipFactory()
    host_for(elsewhere, "elsewhere.test")
    person = person_with_account(elsewhere, Role.ADMINISTRATOR)
    sign_in(client, person)
    assert client.get(ADDRESS, headers={"host": "elsewhere.test"}).status_code == 404
    assert client.get(ADDRESS).status_code == 403


@pytest.mark.parametrize("year", ["2025", "2025-27", "2025-2026", "25-26", "now", "²⁰²⁵-26"])
def test_a_report_has_one_address(client: Client, published: QuarterlyReport, year: str) -> None:
    visitor(client, published.partnership, Role.SUBGROUP_MEMBER)
    assert client.get(f"/reports/quarterly/{year}/q1/").status_code == 404
    assert client.get("/reports/quarterly/2025-26/q5/").status_code == 404


@pytest.mark.rule("R141")
def test_the_page_holds_all_that_the_sub_group_asks_for(client: Client, published: QuarterlyReport) -> None:
    page = visitor(client, published.partnership, Role.SUBGROUP_MEMBER).get(ADDRESS).content.decode()
    for heading in (
        "Key messages",
        "Courses and places",
        "Who attended",
        "Non-attendance and charges",
        "Evaluation and impact",
        "Costs",
        "Enough places?",
        "Risks and actions",
    ):
        assert heading in page
    assert "Core Working Together" in page
    assert "Education - state-funded" in page
    assert "£39.23" in page
    assert "Figures fixed at 10 July 2025" in page
    assert "2 of 15" not in page  # 15 people are enough for a percentage
    assert "13.3%" in page


def test_a_rate_of_few_people_is_shown_as_counts(client: Client, partnership: Partnership) -> None:
    session = held(partnership, "2025-08-01 09:30", course=CourseFactory(partnership=partnership), capacity=9)
    booked(session, S.ATTENDED, 8)
    booked(session, S.DID_NOT_ATTEND, 1)
    report = draft_report(partnership=partnership, quarter=QUARTER.next, by=None, now=NOW)
    publish_report(report=report, by=None, now=NOW.replace(month=10))
    page = visitor(client, partnership, Role.SUBGROUP_MEMBER).get("/reports/quarterly/2025-26/q2/").content.decode()
    assert '<p class="app-stat__value">1 of 9</p>' in page
    assert "11.1%" not in page


def test_a_page_without_any_training_says_so_in_each_section(client: Client, partnership: Partnership) -> None:
    draft_report(partnership=partnership, quarter=Quarter(2022, 1), by=None, now=NOW)
    page = visitor(client, partnership, Role.SUBGROUP_CHAIR).get("/reports/quarterly/2022-23/q1/").content.decode()
    for words in (
        "No training was held.",
        "No session was planned in this quarter.",
        "Nobody has attended a session of this quarter.",
        "Nobody was due to be asked",
        "No risk has been recorded",
    ):
        assert words in page


def test_what_people_write_is_never_read_as_markup(client: Client, draft: QuarterlyReport) -> None:
    words = {"key_messages": ["<b>Bold</b> words. More."], "risks": "High: <i>x</i>", "sufficiency": "<script>"}
    write_report(report=draft, **words, by=None, now=NOW)
    page = visitor(client, draft.partnership, Role.SUBGROUP_CHAIR).get(ADDRESS).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt; words." in page
    assert "&lt;i&gt;x&lt;/i&gt;" in page
    assert "&lt;script&gt;" in page


@pytest.mark.rule("R147")
def test_the_chair_writes_and_publishes(client: Client, draft: QuarterlyReport) -> None:
    visitor(client, draft.partnership, Role.SUBGROUP_CHAIR)
    form = client.get(f"{ADDRESS}write/").content.decode()
    assert "The first quarter with figures. 13 people attended." in form
    words = {"key_messages": "More came. They stayed.\n\nFewer left.", "risks": "High: x", "sufficiency": "Enough."}
    assert client.post(f"{ADDRESS}write/", words).headers["Location"] == ADDRESS
    assert QuarterlyReport.objects.get().key_messages == ["More came. They stayed.", "Fewer left."]
    page = client.get(ADDRESS).content.decode()
    assert "<strong>More came.</strong> They stayed." in page
    assert "Publish the report on April to June 2025?" in client.get(f"{ADDRESS}publish/").content.decode()
    assert client.post(f"{ADDRESS}publish/").headers["Location"] == ADDRESS
    assert QuarterlyReport.objects.get().state == "published"
    assert "The report is published." in client.get(ADDRESS).content.decode()


def test_messages_left_as_they_are_go_on_following_the_figures(client: Client, draft: QuarterlyReport) -> None:
    visitor(client, draft.partnership, Role.SUBGROUP_CHAIR)
    shown = client.get(f"{ADDRESS}write/").context["form"].initial["key_messages"]
    client.post(
        f"{ADDRESS}write/", {"key_messages": shown.replace("\n", "\r\n"), "risks": "Low: none", "sufficiency": ""}
    )
    report = QuarterlyReport.objects.get()
    assert (report.key_messages, report.risks) == ([], "Low: none")


def test_too_many_messages_are_refused_in_words(client: Client, draft: QuarterlyReport) -> None:
    visitor(client, draft.partnership, Role.SUBGROUP_CHAIR)
    six = "\n".join(f"Message {number}." for number in range(6))
    page = client.post(f"{ADDRESS}write/", {"key_messages": six, "risks": "", "sufficiency": "kept"}).content.decode()
    assert "<title>Error: Write the report" in page
    assert 'href="#id_key_messages"' in page
    assert "Enter 5 key messages or fewer" in page
    assert "kept</textarea>" in page


def test_a_published_report_offers_nothing_to_write(client: Client, published: QuarterlyReport) -> None:
    visitor(client, published.partnership, Role.SUBGROUP_CHAIR)
    assert client.get(f"{ADDRESS}write/").status_code == 404
    assert "Write key messages" not in client.get(ADDRESS).content.decode()
    for answer in (client.get(f"{ADDRESS}publish/"), client.post(f"{ADDRESS}publish/")):
        assert answer.headers["Location"] == ADDRESS
    assert QuarterlyReport.objects.get().published_at == NOW


def test_the_running_quarter_can_be_drafted_and_not_published(client: Client, partnership: Partnership) -> None:
    visitor(client, partnership, Role.ADMINISTRATOR)
    address = client.post("/reports/quarterly/draft/").headers["Location"]
    assert client.post("/reports/quarterly/draft/").headers["Location"] == address
    assert QuarterlyReport.objects.count() == 1
    client.post(f"{address}publish/")
    assert QuarterlyReport.objects.get().state == "draft"
    assert "The quarter ends on" in client.get(address).content.decode()
    assert client.get("/reports/quarterly/draft/").status_code == 405
