"""Words in templates, menus, error pages and the pages of plain text."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from core import navigation
from core.models import Partnership
from core.navigation import NavigationItem, entries_for
from core.templatetags import archway
from core.views import errors
from tests.factories import PartnershipFactory, host_for

SUMMER = dt.datetime(2026, 7, 1, 8, 30, tzinfo=dt.UTC)
WINTER = dt.datetime(2026, 1, 1, 23, 30, tzinfo=dt.UTC)
LATE_IN_SUMMER = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 12)


@pytest.mark.parametrize(
    ("filtered", "words"),
    [
        (archway.london_date(DAY), "Thursday 12 March 2026"),
        (archway.london_date(LATE_IN_SUMMER), "Wednesday 1 July 2026"),
        (archway.london_date(WINTER), "Thursday 1 January 2026"),
        (archway.london_date(None), ""),
        (archway.long_date(DAY), "12 March 2026"),
        (archway.short_date(dt.date(2026, 2, 2)), "2 Feb 2026"),
        (archway.clock(SUMMER), "9:30am"),
        (archway.clock(dt.time(0, 0)), "midnight"),
        (archway.clock(dt.time(0, 5)), "12:05am"),
        (archway.clock(dt.time(12, 0)), "midday"),
        (archway.clock(dt.time(12, 5)), "12:05pm"),
        (archway.clock(dt.time(16, 0)), "4pm"),
        (archway.clock(None), ""),
        (archway.time_range(dt.time(9, 30), dt.time(16, 30)), "9:30am to 4:30pm"),
        (archway.time_range(dt.time(9, 30), None), "9:30am"),
        (archway.date_and_time(SUMMER), "Wednesday 1 July 2026 at 9:30am"),
        (archway.money(60), "£60"),
        (archway.money(Decimal("14.5")), "£14.50"),
        (archway.money(Decimal("14.955")), "£14.96"),
        (archway.money("1740.00"), "£1,740"),
        (archway.money(Decimal("-60")), "−£60"),
        (archway.money(0), "£0"),
        (archway.money(None), ""),
        (archway.percent(Decimal("6.70")), "6.7%"),
        (archway.percent(83), "83%"),
        (archway.percent(100.0), "100%"),
        (archway.percent(Decimal("66.666"), 0), "67%"),
        (archway.percent(None), "not known"),
        (archway.rate(0, 0), "none"),
        (archway.rate(3, 9), "3 of 9"),
        (archway.rate(3, 10), "30%"),
        (archway.plural_count(1, "place,places"), "1 place"),
        (archway.plural_count(0, "place,places"), "0 places"),
        (archway.plural_count(1200, "person,people"), "1,200 people"),
        (archway.plural_count(2, "date"), "2 dates"),
        (archway.signed(21), "+21"),
        (archway.signed(-3), "−3"),
        (archway.signed(0), "0"),
        (archway.signed(None), ""),
        (archway.left_of(25, 24), 0),
        (
            archway.browser_words("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537 Edg/120"),
            "Edge on Windows",
        ),
        (
            archway.browser_words("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604"),
            "Safari on iPhone",
        ),
        (archway.browser_words("curl/8"), "Another browser"),
    ],
)
def test_words_of_dates_money_and_counts(filtered: object, words: object) -> None:
    assert filtered == words


@pytest.mark.parametrize(
    ("taken", "capacity", "nearly"),
    [
        (0, 24, False),
        (21, 24, False),
        (22, 24, True),
        (24, 24, False),
        (26, 30, False),
        (27, 30, True),
        (45, 50, True),
        (0, 2, True),
    ],
)
def test_nearly_full_is_two_places_or_a_tenth(taken: int, capacity: int, nearly: bool) -> None:
    assert archway.nearly_full(taken, capacity) is nearly


@pytest.mark.parametrize(
    ("taken", "capacity", "width", "tone"),
    [(0, 24, 0.0, ""), (17, 24, 70.8, ""), (28, 30, 93.3, "warn"), (30, 30, 100.0, "full"), (0, 0, 100.0, "full")],
)
def test_meter_shows_the_share_taken(taken: int, capacity: int, width: float, tone: str) -> None:
    assert archway.share_taken(taken, capacity) == {"width": width, "tone": tone}


def rendered(source: str, query: str = "") -> str:
    request = RequestFactory().get(f"/training/?{query}")
    return Template(source).render(Context({"request": request, "page_obj": Paginator(range(100), 10).get_page(3)}))


def test_a_link_keeps_the_filters_of_the_address() -> None:
    assert rendered("{% query_replace page=2 %}", "level=3&level=4&page=1") == "?level=3&amp;level=4&amp;page=2"


def test_removing_one_filter_keeps_the_others_and_starts_at_the_first_page() -> None:
    query = "level=3&level=4&mode=live&page=7"
    assert rendered('{% query_remove "level" 3 %}', query) == "?level=4&amp;mode=live"
    assert rendered('{% query_remove "level" %}', query) == "?mode=live"


def test_pages_are_numbered_with_gaps_and_keep_the_filters() -> None:
    page = rendered("{% pagination page_obj %}", "level=3")
    assert 'href="?level=3&amp;page=4" rel="next"' in page
    assert 'aria-label="Page 3" aria-current="page"' in page
    assert "govuk-pagination__item--ellipsis" in page


def test_text_from_the_address_cannot_break_out_of_a_link() -> None:
    query = QueryDict(mutable=True)
    query["q"] = '"><script>'
    assert "<script>" not in rendered("{% query_replace page=2 %}", query.urlencode())


@pytest.mark.parametrize("name", archway.ICONS)
def test_icons_are_hidden_from_screen_readers(name: str) -> None:
    assert 'aria-hidden="true"' in archway.icon(name)


def menu(path: str, *items: NavigationItem, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    monkeypatch.setattr(navigation, "_ITEMS", list(items))
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return [(entry.label, entry.current) for entry in entries_for(request)]


HELP, PRIVACY = NavigationItem("Help", "core:help", order=2), NavigationItem("Privacy", "core:privacy", order=1)


def test_the_menu_stands_in_order_and_marks_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert menu("/help/", HELP, PRIVACY, monkeypatch=monkeypatch) == [("Privacy", ""), ("Help", "page")]


def test_a_page_below_an_entry_marks_it_as_the_section(monkeypatch: pytest.MonkeyPatch) -> None:
    assert menu("/help/booking/", HELP, PRIVACY, monkeypatch=monkeypatch) == [("Privacy", ""), ("Help", "true")]


def test_an_entry_may_cover_other_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = NavigationItem("Help", "core:help", also=("/book/",))
    assert menu("/book/CWT-1/", wide, monkeypatch=monkeypatch) == [("Help", "true")]


def test_the_entry_that_covers_most_of_the_path_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = NavigationItem("All", "core:home", also=("/h",))
    assert menu("/help/", everything, HELP, monkeypatch=monkeypatch) == [("Help", "page"), ("All", "")]


def test_a_visitor_sees_no_entry_that_needs_a_right(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = NavigationItem("Reports", "core:help", "reports.read")
    hidden = NavigationItem("Mine", "core:help", navigation.is_signed_in)
    assert menu("/", closed, hidden, monkeypatch=monkeypatch) == []


def test_an_entry_of_a_page_that_is_not_there_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert menu("/", NavigationItem("Nowhere", "nowhere:at_all"), monkeypatch=monkeypatch) == []


def test_an_entry_registered_twice_shows_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_ITEMS", [])
    navigation.register_navigation(HELP, HELP)
    navigation.register_navigation(HELP)
    assert navigation._ITEMS == [HELP]


PAGES = [
    ("/help/", "Help"),
    ("/privacy/", "Privacy"),
    ("/accessibility/", "Accessibility statement"),
    ("/accounts/login/", "Sign in"),
]


@pytest.mark.parametrize(("path", "title"), PAGES)
def test_a_page_names_itself_the_service_and_the_partnership(
    path: str, title: str, partnership: Partnership, client: Client
) -> None:
    page = client.get(path, headers={"host": "aldermere.example.org"}).content.decode()
    assert f"<title>{title} – Safeguarding training – {partnership.name}</title>" in page
    assert "training@aldermere.example" in page


@pytest.mark.parametrize(("path", "title"), PAGES)
@pytest.mark.django_db
def test_a_page_works_before_there_is_a_partnership(path: str, title: str, client: Client) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert f"<title>{title} – Safeguarding training</title>" in response.content.decode()


@pytest.mark.django_db
def test_the_first_page_of_an_empty_installation_says_what_is_missing(client: Client) -> None:
    assert "No partnership has been set up here yet" in client.get("/").content.decode()


def test_a_host_that_leads_to_no_single_partnership_offers_them_all(partnership: Partnership, client: Client) -> None:
    host_for(PartnershipFactory(name="Wexdale Partnership"), "wexdale.example.org")
    page = client.get("/", headers={"host": "training.example.org"}).content.decode()
    assert "Aldermere Partnership</a>" in page
    assert re.search(r'href="http://wexdale\.example\.org(:\d+)?/">Wexdale Partnership</a>', page)


def test_a_page_with_a_wrong_form_says_error_first(partnership: Partnership, client: Client) -> None:
    page = client.post("/accounts/login/", {}, headers={"host": "aldermere.example.org"}).content.decode()
    assert "<title>Error: Sign in – " in page
    assert '<a href="#id_login">Enter your email address</a>' in page
    assert '<a href="#id_password">Enter your password</a>' in page


@pytest.mark.django_db
def test_a_missing_page_says_what_to_do(client: Client) -> None:
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_a_refused_page_and_an_old_form_have_their_own_words(partnership: Partnership) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    pages = [
        (errors.bad_request(request), 400, "We could not read that"),
        (errors.permission_denied(request), 403, "You cannot see this page"),
        (errors.csrf_failure(request, "no cookie"), 403, "Send that again"),
        (errors.too_many_requests(request), 429, "Too many tries"),
    ]
    for response, status, words in pages:
        assert (response.status_code, words in response.content.decode()) == (status, True)
    assert pages[3][0].headers["Retry-After"] == "300"


def test_a_failure_shows_its_number_and_asks_nothing_of_the_database() -> None:
    request = RequestFactory().get("/")
    request.reference = "4f1c2a9b0d3e"  # type: ignore[attr-defined]
    response = errors.server_error(request)  # without the db mark a query would raise
    assert response.status_code == 500
    assert "4f1c2a9b0d3e" in response.content.decode()


def test_a_service_that_is_switched_off_says_when_to_come_back() -> None:
    response = errors.service_unavailable(RequestFactory().get("/"))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "300")


def test_the_frame_costs_a_visitor_one_query(
    partnership: Partnership, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/help/", headers={"host": "aldermere.example.org"})
    with django_assert_num_queries(1):  # the partnership of the host name
        client.get("/help/", headers={"host": "aldermere.example.org"})


def test_plain_mail_is_not_escaped_and_html_mail_is() -> None:
    facts = {"subject": "Booked: Sam O’Neil & Co", "body": "Sam O'Neil <sam@example.org>", "partnership": None}
    text = render_to_string("accounts/mail/account.txt", facts)
    assert text.splitlines()[:2] == ["Subject: Booked: Sam O’Neil & Co", "Sam O'Neil <sam@example.org>"]
    assert "<sam@example.org>" not in render_to_string("accounts/mail/account.html", facts)


APPS = ["core", "accounts", "agencies", "courses", "trainers", "bookings", "evaluations", "reports", "components"]
MAILS = sorted(
    path.relative_to(settings.BASE_DIR / "templates").as_posix().removesuffix("_message.txt")
    for path in (settings.BASE_DIR / "templates").glob("*/email/*_message.txt")
    if not path.name.startswith("base_")
)


@pytest.mark.parametrize("prefix", MAILS)
def test_account_mails_speak_our_words(prefix: str) -> None:
    facts = {
        "code": "K7-T2",
        "activate_url": "https://a.example/c",
        "password_reset_url": "https://a.example/p?a=1&b=2",
        "signup_url": "https://a.example/s",
        "email": "o'neil@example.org",
        "timestamp": SUMMER,
        "user_agent": "Firefox Windows",
        "ip": "192.0.2.1",
    }
    subject = render_to_string(f"{prefix}_subject.txt", facts).strip()
    body = render_to_string(f"{prefix}_message.txt", facts)
    assert subject
    assert "\n" not in subject
    assert len(body) > 100
    assert "&amp;" not in body
    assert "&#x27;" not in body


def test_every_template_that_is_named_exists() -> None:
    """A page, mail or include that names a template which is not there would fail only when someone asks for it."""
    root = Path(settings.BASE_DIR)
    named = re.compile(r"""["']([a-z_]+/[a-z0-9_/]+\.(?:html|txt))["']""")
    missing = {
        f"{path.relative_to(root)}: {name}"
        for app in APPS
        for path in [*(root / app).rglob("*.py"), *(root / "templates" / app).rglob("*.html")]
        for name in named.findall(path.read_text())
        if not (root / "templates" / name).exists()
    }
    assert missing == set()


def test_every_template_can_be_read() -> None:
    root = Path(settings.BASE_DIR) / "templates"
    for path in sorted(root.rglob("*.*")):
        Template(path.read_text(), name=path.relative_to(root).as_posix())


def test_colours_pass_the_ratios_of_the_design() -> None:
    """Text against its ground, 4.5 to 1 or better (7 to 1 on the tints); the pairs of the design's table."""
    pairs = [
        ("#14201f", "#f2f6f5", 7), ("#4a5a5b", "#f2f6f5", 4.5), ("#ffffff", "#0b5560", 7), ("#ffffff", "#07383f", 7),
        ("#07383f", "#dcecea", 7), ("#14201f", "#f4b13e", 7), ("#0b5a70", "#f2f6f5", 7), ("#b3261e", "#f2f6f5", 4.5),
        ("#0c5a43", "#dff2e9", 7), ("#6d3f00", "#fdeccb", 7), ("#8f1d17", "#fbe3e1", 7), ("#37346e", "#e8e7f6", 7),
    ]  # fmt: skip
    css = (Path(settings.BASE_DIR) / "static" / "theme.css").read_text() + "#b3261e #0b5a70 #ffffff"
    for ink, ground, least in pairs:
        assert ink in css
        assert ground in css
        assert contrast(ink, ground) >= least, (ink, ground)


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
