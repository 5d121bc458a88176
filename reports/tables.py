"""The tables and charts of the report, ready for the components of the page and for the printed document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.charts import Change, Point, bar_share, change_chart, line_chart
from core.templatetags.archway import money, signed

from .words import enough_people, score, share

COURSE_HEADINGS = ["Course", "Sessions", "Places", "Applied", "Attended", "Did not attend", "Filled"]
AGENCY_HEADINGS = ["Agency", "Applied", "Booked", "Attended", "Cancelled late", "Did not attend", "Charges"]
HISTORY_HEADINGS = ["Quarter", "Attended", "Places filled", "Did not attend"]
CONFIDENCE_HEADINGS = ["Course", "Replies", "Before", "Straight after", "3 months on"]
ROOM_FOR_TITLE = 32
PRIORITY_HEADINGS = ["Priority", "Sessions", "People"]


def absent(entry: dict[str, Any]) -> int:
    """Who was expected and missed the training: did not come, or came too late to be let in."""
    return int(entry["did_not_attend"] + entry["refused_late"])


def _course_cells(name: str, entry: dict[str, Any]) -> list[str]:
    numbers = [entry["sessions_held"], entry["places"], entry["applications"], entry["attended"], absent(entry)]
    filled = share(entry["take_up"], entry["attended"], entry["places"], 0)
    return [name, *(f"{number:,}" for number in numbers), filled]


def course_table(figures: dict[str, Any]) -> dict[str, Any]:
    """Courses and places (R141 items 1 to 3, 5 and 6)."""
    return {
        "caption": "Places offered, applied for and attended by course",
        "headings": COURSE_HEADINGS,
        "rows": [_course_cells(course["title"], course) for course in figures["courses"]],
        "total": _course_cells("All courses", figures["totals"]),
    }


def agency_table(figures: dict[str, Any]) -> dict[str, Any]:
    """What each agency applied for, attended, missed and was charged (R141 items 4 and 6, R146)."""
    return {
        "caption": "Bookings, attendance and charges by agency",
        "headings": AGENCY_HEADINGS,
        "rows": [_agency_cells(agency["name"], agency) for agency in figures["agencies"]],
        "total": _agency_cells("All agencies", figures["totals"]),
    }


def _agency_cells(name: str, entry: dict[str, Any]) -> list[str]:
    numbers = [entry["applications"], entry["booked"], entry["attended"], entry["late_cancelled"], absent(entry)]
    return [name, *(f"{number:,}" for number in numbers), money(entry["charges_raised"])]


def sector_bars(figures: dict[str, Any], *, compare: bool) -> list[dict[str, Any]]:
    """People who attended by sector, as bars; the change where there is a quarter to compare with."""
    largest = max((sector["attended"] for sector in figures["sectors"]), default=0)
    return [
        {
            "label": sector["name"],
            "share": bar_share(sector["attended"], largest),
            "value": f"{sector['attended']:,}",
            "extra": signed(sector["change"]) if compare else "",
        }
        for sector in figures["sectors"]
    ]


def absence_chart(figures: dict[str, Any]) -> dict[str, Any]:
    """Non-attendance over up to 8 quarters, with the figures beside it."""
    history = figures["history"]
    points = [Point(entry["label"], _percent(entry, "dna_rate", "expected")) for entry in history]
    rows = [
        [
            entry["label"],
            f"{entry['attended']:,}",
            share(entry["take_up"], entry["attended"], entry["places"], 0),
            share(entry["dna_rate"], entry["absent"], entry["expected"]),
        ]
        for entry in history
    ]
    title = "Share of people expected who did not attend"
    return {
        "title": title,
        "sub": _absence_finding(history),
        "table_caption": "Attendance and non-attendance by quarter",
        "headings": HISTORY_HEADINGS,
        "rows": rows,
        "chart": line_chart(points, title=title, unit="%"),
        "chart_narrow": line_chart(points, title=title, unit="%", narrow=True),
    }


def _absence_finding(history: list[dict[str, Any]]) -> str:
    """The line in words: how it moved since the quarter before."""
    rates = [entry["dna_rate"] for entry in history if enough_people(entry, "expected")]
    if len(rates) < 2:
        return "There are not enough quarters yet to see a change."
    if rates[-1] == rates[-2]:
        return "It is the same as in the quarter before."
    return f"It {'rose' if rates[-1] > rates[-2] else 'fell'} since the quarter before."


def _percent(entry: dict[str, Any], name: str, whole: str) -> float | None:
    return round(entry[name] * 100, 2) if enough_people(entry, whole) else None


def _short(title: str) -> str:
    """A course's title cut to the room beside the wide chart; the table below has it whole."""
    return title if len(title) <= ROOM_FOR_TITLE else f"{title[: ROOM_FOR_TITLE - 1].rstrip(' :,')}…"


def confidence_chart(figures: dict[str, Any]) -> dict[str, Any] | None:
    """Average confidence before, after and 3 months on; None until a course has 10 replies at every stage."""
    courses = figures["impact"]["courses"]
    if not courses:
        return None
    stages = ("confidence_before", "confidence_after", "confidence_later")
    changes = [Change(course["title"], *(course[stage] for stage in stages)) for course in courses]
    lowest = max(int(min(course[stage] for course in courses for stage in stages)) - 1, 0)
    title = "Average confidence before, after and 3 months on"
    return {
        "title": title,
        "sub": "Score out of 10, of the same people each time. Courses with at least 10 replies at every stage.",
        "table_caption": "Average confidence out of 10, by course and stage",
        "headings": CONFIDENCE_HEADINGS,
        "rows": [
            [course["title"], f"{course['replies']:,}", *(score(course[stage]) for stage in stages)]
            for course in courses
        ],
        "chart": change_chart([replace(c, label=_short(c.label)) for c in changes], title=title, lowest=lowest),
        "chart_narrow": change_chart(changes, title=title, lowest=lowest, narrow=True),
    }


def priority_table(figures: dict[str, Any]) -> dict[str, Any] | None:
    """Sessions and people per priority; nought is a shortfall (R143)."""
    if not figures["priorities"]:
        return None
    rows = [[p["name"], f"{p['sessions_held']:,}", f"{p['attended']:,}"] for p in figures["priorities"]]
    return {"caption": "Training for each priority", "headings": PRIORITY_HEADINGS, "rows": rows}
