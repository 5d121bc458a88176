"""The report on paper, as tables and as data says what the page says."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest
from django.test import Client
from django.utils.html import strip_tags
from pypdf import PdfReader

from accounts.permissions import Role
from bookings.enums import BookingStatus as S
from core.models import Partnership
from core.pdf import missing_libraries
from core.templatetags.archway import money
from reports.domain.quarterly import draft_report, publish_report
from reports.flat import HEADINGS, figures_as_csv
from reports.models import QuarterlyReport
from tests.factories import AgencyFactory, CourseFactory, PartnershipFactory, person_with_account, sign_in
from tests.reports.builders import NOW, QUARTER, a_full_quarter, booked, held

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/quarterly/2025-26/q1"


@pytest.fixture
def partnership() -> Partnership:
    partnership = PartnershipFactory()
    a_full_quarter(partnership)
    other = CourseFactory(partnership=partnership, code="NE310", title="Neglect and the tools to assess it")
    session = held(partnership, "2025-06-06 09:30", course=other, capacity=30)
    booked(session, S.ATTENDED, 17, AgencyFactory(partnership=partnership, name="Wexdale Police"))
    booked(session, S.DID_NOT_ATTEND, 4, AgencyFactory(partnership=partnership, name="Oakfield Hospital"))
    return partnership


@pytest.fixture
def report(partnership: Partnership) -> QuarterlyReport:
    return publish_report(
        report=draft_report(partnership=partnership, quarter=QUARTER, by=None, now=NOW), by=None, now=NOW
    )


@pytest.fixture
def reader(client: Client, report: QuarterlyReport) -> Client:
    return sign_in(client, person_with_account(report.partnership, Role.SUBGROUP_MEMBER))


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_screen_paper_and_table_give_the_same_numbers(reader: Client, report: QuarterlyReport) -> None:
    screen = words(strip_tags(reader.get(f"{ADDRESS}/").content.decode().replace("<", " <")))
    pages = PdfReader(io.BytesIO(reader.get(f"{ADDRESS}.pdf").content)).pages
    paper = words(" ".join(page.extract_text() for page in pages))
    table = {
        (row["section"], row["code"], row["measure"]): row["value"]
        for row in csv.DictReader(io.StringIO(reader.get(f"{ADDRESS}.csv").content.decode("utf-8-sig")))
    }
    for course in report.figures["courses"]:
        absent = course["did_not_attend"] + course["refused_late"]
        line = [course["title"], course["sessions_held"], course["places"], course["applications"], course["attended"]]
        line += [absent, f"{course['take_up']:.0%}"]
        assert words(" ".join(map(str, line))) in screen
        assert words(" ".join(map(str, line))) in paper
        for measure in ("sessions_held", "places", "applications", "attended", "take_up", "charges_raised"):
            assert float(table["course", course["code"], measure]) == course[measure]
    for agency in report.figures["agencies"]:
        line = [agency["name"], agency["applications"], agency["booked"], agency["attended"]]
        assert words(" ".join(map(str, line))) in screen
        assert words(" ".join(map(str, line))) in paper
        assert int(table["agency", agency["code"], "attended"]) == agency["attended"]
    totals = report.figures["totals"]
    for shown in (f"{totals['attended']}", money(totals["cost_per_attended"]), "16.7%"):
        assert shown in screen
        assert shown in paper


def test_the_document_is_tagged_titled_and_embeds_its_fonts(reader: Client) -> None:
    response = reader.get(f"{ADDRESS}.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert 'filename="quarterly-report-2025-26-q1.pdf"' in response.headers["Content-Disposition"]
    document = PdfReader(io.BytesIO(response.content))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert document.metadata is not None
    assert document.metadata.title == "Quarterly training report, April to June 2025"
    assert 3 <= len(document.pages) <= 4
    for page in document.pages:
        assert {round(float(side)) for side in page.mediabox[2:]} == {595, 842}
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile" in str(font.get_object()["/DescendantFonts"][0]["/FontDescriptor"])


def test_the_data_is_the_published_format(reader: Client, report: QuarterlyReport) -> None:
    response = reader.get(f"{ADDRESS}.json")
    assert response.headers["Content-Type"] == "application/json"
    assert json.loads(response.content) == report.figures


def test_the_spreadsheet_holds_the_table(reader: Client) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(reader.get(f"{ADDRESS}.xlsx").content)).active
    found = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
    lines = list(csv.reader(io.StringIO(reader.get(f"{ADDRESS}.csv").content.decode("utf-8-sig"))))
    assert [[str(cell) for cell in row] for row in found] == [[*row[:4], _as_sheet(row[4])] for row in lines]
    assert tuple(found[0]) == HEADINGS


def _as_sheet(value: str) -> str:
    """A spreadsheet knows one kind of number: 1.0 is 1 there."""
    return value.removesuffix(".0")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_name_never_becomes_a_formula(report: QuarterlyReport, start: str) -> None:
    report.figures["courses"][0]["title"] = f"{start}1+1"
    table = figures_as_csv(report.figures).decode("utf-8-sig")
    assert f"'{start}1+1" in table
    assert f",{start}1+1" not in table


def test_the_renderer_is_there() -> None:
    assert missing_libraries() == []
