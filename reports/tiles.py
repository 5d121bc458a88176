"""The headline figures: eight tiles, each with its change since the last quarter in words."""

from __future__ import annotations

from typing import Any

from core.templatetags.archway import money, plural_count

from .words import (
    change_in_money,
    change_in_people,
    change_in_points,
    direction,
    enough_people,
    last_quarter,
    share,
)

Tile = dict[str, Any]


def headline_tiles(figures: dict[str, Any]) -> list[Tile]:
    """The tiles of the report, in the order of the page."""
    totals = figures["totals"]
    absent = totals["did_not_attend"] + totals["refused_late"]
    evaluations, impact = figures["evaluations"], figures["impact"]
    return [
        _people(figures),
        {
            "label": "Places filled",
            "value": share(totals["take_up"], totals["attended"], totals["places"], 0),
            "of": f"{totals['places']:,}" if totals["places"] else "",
            "tone": "good",
            **_rate_change(figures, "take_up", "places", places=0),
        },
        {
            "label": "Did not attend",
            "value": share(totals["dna_rate"], absent, totals["expected"]),
            "tone": "warn",
            **_rate_change(figures, "dna_rate", "expected"),
        },
        _charges(figures),
        {
            "label": "Evaluations received",
            "value": share(evaluations["rate"], evaluations["received"], totals["attended"], 0),
            "tone": "good",
            **_rate_change(figures, "evaluation_rate", "attended", places=0),
        },
        {
            "label": "3-month survey replies",
            "value": share(impact["rate"], impact["answered"], impact["invited"], 0),
            "tone": "info",
            **_rate_change(figures, "impact_rate", "impact_invited", places=0),
        },
        _certificates(figures),
        _trainers(figures),
    ]


def _people(figures: dict[str, Any]) -> Tile:
    attended, before = figures["totals"]["attended"], last_quarter(figures)
    tile: Tile = {"label": "People who attended", "value": f"{attended:,}"}
    if before:
        tile["change"] = change_in_people(attended, before["attended"])
        tile["direction"] = direction(attended, before["attended"])
    return tile


def _charges(figures: dict[str, Any]) -> Tile:
    raised, before = figures["totals"]["charges_raised"], last_quarter(figures)
    tile: Tile = {"label": "Charges raised", "value": money(raised)}
    if before:
        tile["change"] = change_in_money(raised, before["charges_raised"])
        tile["direction"] = direction(raised, before["charges_raised"])
    return tile


def _rate_change(figures: dict[str, Any], name: str, whole: str, places: int = 1) -> Tile:
    """The change of a rate; nothing where either quarter has too few people for a rate."""
    before, now = last_quarter(figures), figures["history"][-1]
    if before is None or not (enough_people(before, whole) and enough_people(now, whole)):
        return {}
    change = change_in_points(now[name], before[name], places)
    moved = "same" if change == "no change" else direction(now[name], before[name])
    return {"change": change, "direction": moved}


def _certificates(figures: dict[str, Any]) -> Tile:
    certificates = figures["certificates"]
    waiting = certificates["waiting_for_evaluation"]
    change = f"{waiting:,} waiting for an evaluation" if waiting else "none waiting for an evaluation"
    return {"label": "Certificates issued", "value": f"{certificates['released']:,}", "change": change}


def _trainers(figures: dict[str, Any]) -> Tile:
    trainers = figures["trainers"]
    few, none = trainers["sessions_with_too_few"], trainers["sessions_with_none_recorded"]
    change = [f"{few:,} had too few"] if few else []
    change += [f"{plural_count(none, 'session,sessions')} without a recorded trainer"] if none else []
    return {
        "label": "Sessions with enough trainers",
        "value": f"{trainers['sessions_with_enough']:,}",
        "of": f"{figures['totals']['sessions_held']:,}",
        "tone": "warn" if few or none else "good",
        "change": ", ".join(change),
    }
