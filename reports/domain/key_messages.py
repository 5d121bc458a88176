"""The report's key messages: written by the chair or the administrator; worked out from the figures until they are.

A message is a text whose first sentence stands in bold.
"""

from __future__ import annotations

from typing import Any

from reports.words import (
    change_in_people,
    change_in_points,
    direction,
    enough_people,
    last_quarter,
    score,
    share,
)

TURN = {"up": "is up", "down": "is down", "same": "has not changed"}


def work_out_messages(figures: dict[str, Any]) -> list[str]:
    """Sentences that say what the figures show, where nobody has written any yet (R141, R143)."""
    if not figures["totals"]["sessions_held"]:
        return ["No training was held. There are no figures to report for this quarter."]
    messages = [_attendance(figures), _absence(figures), _learning(figures), _priorities(figures)]
    return [message for message in messages if message]


def _attendance(figures: dict[str, Any]) -> str:
    attended = figures["totals"]["attended"]
    people = f"{attended:,} {'person' if attended == 1 else 'people'} attended"
    before = last_quarter(figures)
    if before is None:
        return f"The first quarter with figures. {people}."
    turn = TURN[direction(attended, before["attended"])]
    grown = max(figures["sectors"], key=lambda sector: sector["change"], default=None)
    most = f" The biggest rise was in {grown['name']}, by {grown['change']}." if grown and grown["change"] > 0 else ""
    return f"Attendance {turn}. {people}, {change_in_people(attended, before['attended'])}.{most}"


def _absence(figures: dict[str, Any]) -> str:
    totals, before = figures["totals"], last_quarter(figures)
    absent = totals["did_not_attend"] + totals["refused_late"]
    if not totals["expected"]:
        return ""
    said = share(totals["dna_rate"], absent, totals["expected"])
    now = figures["history"][-1]
    whom = "of those expected" if enough_people(now, "expected") else "people expected"
    fact = f"{said} {whom} did not come, or came too late"
    if before is None or not (enough_people(before, "expected") and enough_people(now, "expected")):
        return f"Not everyone came. {fact}." if absent else "Everyone expected came. Nobody was absent."
    turn = TURN[direction(now["dna_rate"], before["dna_rate"])]
    change = change_in_points(now["dna_rate"], before["dna_rate"])
    return f"Non-attendance {turn}. {fact}, {change} than last quarter.".replace("no change than", "as in the")


def _learning(figures: dict[str, Any]) -> str:
    impact, evaluations = figures["impact"], figures["evaluations"]
    before, later = impact["confidence_before"], impact["confidence_later"]
    if before is not None and later is not None:
        heading = "Learning is reaching practice" if later > before else "Confidence has not lasted"
        moved = "up from" if later > before else "against"
        return (
            f"{heading}. 3 months on, average confidence was {score(later)} out of 10, {moved} {score(before)} before."
        )
    before, after = evaluations["confidence_before"], evaluations["confidence_after"]
    if before is not None and after is not None:
        turn = "rose" if after > before else "did not rise"
        return f"Confidence {turn}. It was {score(after)} out of 10 after the course and {score(before)} before."
    return ""


def _priorities(figures: dict[str, Any]) -> str:
    missed = [priority["name"] for priority in figures["priorities"] if not priority["sessions_held"]]
    if not missed:
        return ""
    return f"Not every priority was served. No session was held for {' or '.join(missed)}."
