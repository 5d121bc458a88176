"""The report beside a second calculation straight from the files: the demo partnership's, and made-up ones (R141)."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from core.models import Partnership
from core.periods import Quarter
from reports.figures import quarterly_figures
from tests.reports.generated import CASES, Case, write_files
from tests.reports.independent import expected_figures

pytestmark = pytest.mark.django_db
ALDERMERE = Path(settings.BASE_DIR) / "tests" / "data" / "aldermere"
KINDS = ("agencies", "staff", "courses", "sessions", "bookings")


def bring_in(folder: Path, slug: str) -> Partnership:
    """Everything in ``folder`` through the same commands as a real partnership's files."""
    call_command("load_partnership", folder / "partnership.toml", stdout=StringIO())
    for kind in KINDS:
        call_command("import_data", slug, kind, folder / f"{kind}.csv", stdout=StringIO())
    return Partnership.objects.get(slug=slug)


def asked_for(found: Any, wanted: Any) -> Any:
    """``found`` narrowed to the keys that ``wanted`` has, so that the report may say more."""
    if isinstance(wanted, dict):
        return {key: asked_for(found[key], wanted[key]) for key in wanted}
    if isinstance(wanted, list):
        assert len(found) == len(wanted)
        return [asked_for(one, other) for one, other in zip(found, wanted, strict=True)]
    return found


@pytest.mark.rule("R141")
def test_the_command_prints_what_the_published_files_must_give() -> None:
    bring_in(ALDERMERE, "aldermere")
    printed = StringIO()
    call_command("quarterly_report", "aldermere", "2025-Q1", "--format", "json", stdout=printed)
    found, wanted = json.loads(printed.getvalue()), json.loads((ALDERMERE / "expected.json").read_text())
    assert asked_for(found, wanted) == wanted
    assert [key for key in found["totals"] if key in wanted["totals"]] == list(wanted["totals"])


def test_the_second_calculation_agrees_with_the_published_figures() -> None:
    assert expected_figures(ALDERMERE, "2025-Q1") == json.loads((ALDERMERE / "expected.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_made_up_files_give_what_the_second_calculation_gives(case: Case, tmp_path: Path) -> None:
    write_files(case, tmp_path)
    partnership = bring_in(tmp_path, f"made-{case.seed}")
    quarter = Quarter.parse(case.quarter, start_month=case.start_month)
    for asked in (quarter.previous, quarter, quarter.next):
        wanted = expected_figures(tmp_path, str(asked))
        assert asked_for(quarterly_figures(partnership, asked), wanted) == wanted


def test_made_up_files_reach_every_edge(tmp_path: Path) -> None:
    """The made-up files are worth something only if all the outcomes and the null rates really occur in them."""
    totals, rates = [], set()
    for case in CASES:
        write_files(case, tmp_path)
        figures = expected_figures(tmp_path, case.quarter)
        totals.append(figures["totals"])
        rates |= {name for course in figures["courses"] for name, value in course.items() if value is None}
    for outcome in ("waiting", "declined", "late_cancelled", "refused_late", "part", "substituted", "walk_in"):
        assert sum(total[outcome] for total in totals) > 20, outcome
    assert {"take_up", "show_rate", "dna_rate", "late_cancel_rate"} <= rates
    assert any(total["charges_raised"] != int(total["charges_raised"]) for total in totals)
