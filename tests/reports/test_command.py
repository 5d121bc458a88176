"""``manage.py quarterly_report``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bookings.enums import BookingStatus as S
from core.models import Partnership
from reports.domain.quarterly import draft_report, publish_report
from tests.factories import PartnershipFactory
from tests.reports.builders import NOW, QUARTER, a_full_quarter, booked, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    partnership = PartnershipFactory(slug="aldermere")
    a_full_quarter(partnership)
    return partnership


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("quarterly_report", "aldermere", "2025-Q1", *arguments, stdout=out)
    return out.getvalue()


def test_a_report_nobody_has_begun_is_printed_with_the_figures_of_now(partnership: Partnership) -> None:
    assert json.loads(printed())["totals"]["attended"] == 13
    assert partnership.slug == "aldermere"


def test_a_published_report_is_printed_as_it_was_fixed(partnership: Partnership) -> None:
    draft = draft_report(partnership=partnership, quarter=QUARTER, by=None, now=NOW)
    publish_report(report=draft, by=None, now=NOW)
    booked(held(partnership), S.ATTENDED, 2)
    assert json.loads(printed("--format", "json"))["totals"]["attended"] == 13


@pytest.mark.usefixtures("partnership")
@pytest.mark.parametrize(
    ("wanted", "beginning"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfsection,code,name")]
)
def test_each_format_goes_to_a_file(tmp_path: Path, wanted: str, beginning: bytes) -> None:
    path = tmp_path / f"report.{wanted}"
    assert printed("--format", wanted, "--output", str(path)) == ""
    assert path.read_bytes().startswith(beginning)


@pytest.mark.usefixtures("partnership")
def test_a_binary_format_is_printed_as_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    printed("--format", "pdf")
    assert capfdbinary.readouterr().out.startswith(b"%PDF")


@pytest.mark.usefixtures("partnership")
def test_the_table_has_one_figure_a_row() -> None:
    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    assert {"section": "totals", "code": "", "name": "", "measure": "attended", "value": "13"} in rows
    assert {
        "section": "agency",
        "code": "SCH",
        "name": "Oakfield Primary School",
        "measure": "late_cancelled",
        "value": "1",
    } in rows


@pytest.mark.usefixtures("partnership")
@pytest.mark.parametrize(
    ("slug", "quarter", "words"),
    [("nowhere", "2025-Q1", "no partnership “nowhere”"), ("aldermere", "2025-Q5", "Write it as 2025-Q1")],
)
def test_what_cannot_be_used_ends_with_2_and_says_why(slug: str, quarter: str, words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        call_command("quarterly_report", slug, quarter)
    assert refused.value.returncode == 2
