"""The short lists of the report: charges, reasons, evaluation, costs and whether there were enough places."""

from __future__ import annotations

from typing import Any

from core.templatetags.archway import money, plural_count

from .words import score, share

Fact = dict[str, Any]


def charge_facts(figures: dict[str, Any]) -> list[Fact]:
    """Income from non-attendance and place fees: raised, and what was waived of it (R141 item 6, T10)."""
    totals = figures["totals"]
    return [
        _fact("Charges raised", _charges(totals["charges_raised"], totals["charges_raised_count"])),
        _fact("For absence", _charges(totals["absence_charges_raised"], totals["absence_charges_raised_count"])),
        _fact("Place fees", _charges(totals["place_charges_raised"], totals["place_charges_raised_count"])),
        _fact("Waived", _charges(totals["charges_waived"], totals["charges_waived_count"])),
        _fact("Cancelled late", plural_count(totals["late_cancelled"], "booking,bookings")),
        _fact("Reasons given for absence", _reasons(figures)),
    ]


def _fact(label: str, value: str, *, strong: bool = False) -> Fact:
    return {"label": label, "value": value, "strong": strong}


def _charges(amount: float, count: int) -> str:
    return f"{money(str(amount))} ({plural_count(count, 'charge,charges')})" if count else "none"


def _reasons(figures: dict[str, Any]) -> str:
    """Counts by reason, largest first; codes only, never a person's own words (R54)."""
    reasons = [f"{reason['name']} {reason['count']}" for reason in figures["absence_reasons"]]
    return ", ".join(reasons) or "Nobody was absent"


def learning_facts(figures: dict[str, Any]) -> list[Fact]:
    """The two stages in figures (R141 item 9)."""
    evaluations, impact = figures["evaluations"], figures["impact"]
    asked = f"{impact['answered']:,} of {impact['invited']:,} asked"
    facts = [
        _fact("Evaluations", f"{evaluations['received']:,} of {figures['totals']['attended']:,} who attended"),
        _fact("Confidence before the course", _out_of(evaluations["confidence_before"], 10)),
        _fact("Confidence straight after", _out_of(evaluations["confidence_after"], 10)),
        _fact("Relevant to the role", _out_of(evaluations["relevance"], 5)),
        _fact("Would recommend it", _out_of(evaluations["would_recommend"], 10)),
        _fact("3-month surveys answered", asked if impact["invited"] else "Nobody was due to be asked"),
    ]
    if impact["answered"]:
        used, done = impact["used_learning"], impact["actions_done"]
        facts.append(_fact("Have used the learning", _part(used, impact["answered"])))
        if impact["actions_reported"]:
            facts.append(_fact("Planned actions done or begun", _part(done, impact["actions_reported"])))
    return facts


def _out_of(value: float | None, most: int) -> str:
    return "Too few replies to say" if value is None else f"{score(value)} out of {most}"


def _part(part: int, whole: int) -> str:
    return share(part / whole, part, whole, 0)


def cost_facts(figures: dict[str, Any]) -> list[Fact]:
    """What the quarter's sessions cost, those cancelled included (R141 items 7 and 8)."""
    totals = figures["totals"]
    per_person = totals["cost_per_attended"]
    return [
        _fact("Commissioned trainers", money(totals["trainer_cost"])),
        _fact("Venues", money(totals["venue_cost"])),
        _fact("Refreshments", money(totals["refreshment_cost"])),
        _fact("Cost for each person trained", "none" if per_person is None else money(per_person), strong=True),
    ]


def place_facts(figures: dict[str, Any]) -> list[Fact]:
    """Demand against places (R141 item 11)."""
    sufficiency, trainers = figures["sufficiency"], figures["trainers"]
    return [
        _fact("People waiting", f"{sufficiency['waiting']:,}"),
        _fact("Courses with 10 or more waiting", f"{sufficiency['courses_with_many_waiting']:,}"),
        _fact("Sessions cancelled", f"{figures['totals']['sessions_cancelled']:,}"),
        _fact("Sessions with too few trainers", f"{trainers['sessions_with_too_few']:,}"),
        _fact("More places needed", f"{sufficiency['more_places_needed']:,}", strong=True),
    ]
