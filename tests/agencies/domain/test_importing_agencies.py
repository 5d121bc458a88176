"""What a row of the list of agencies means."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies.models import Agency, AgencyMembership
from core.models import Partnership
from tests.support.lists import AGENCIES, agency, bring_in_rows, load_aldermere, problems_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def aldermere(db: None) -> Partnership:
    return load_aldermere()


REFUSED = [
    ("code", "", "is missing"),
    ("code", "C" * 21, "has 21 characters; the most is 20"),
    ("name", "", "is missing"),
    ("sector", "", "is missing"),
    ("sector", "Charity", "“Charity” is not one of: Local authority, Police, Health (NHS), "),
    ("charge_tier", "H", "“H” is not one of: A, B, C, D, E, F, G"),
    ("charge_tier", "", "is missing"),
    ("contribution", "cash", "“cash” is not one of: money, in_kind, both, none"),
    ("parent_code", "NONE", "there is no agency “NONE”"),
    ("finance_email", "finance", "“finance” is not an email address"),
    ("email_domains", "acc.example.org;acc", "“acc” is not the domain of an email address"),
    ("cost_code", "C" * 41, "has 41 characters; the most is 40"),
]


def test_each_wrong_value_is_refused(aldermere: Partnership) -> None:
    rows = [agency(**{"code": f"A{number}", column: value}) for number, (column, value, _) in enumerate(REFUSED)]
    found = bring_in_rows(aldermere, "agencies", AGENCIES, rows).file.problems
    assert [(one.line, one.column) for one in found] == [(n, column) for n, (column, _, _) in enumerate(REFUSED, 2)]
    assert [one.reason for one, (_, _, why) in zip(found, REFUSED, strict=True) if not one.reason.startswith(why)] == []


def test_words_match_without_regard_to_case_and_dashes(aldermere: Partnership) -> None:
    row = agency(sector="education – STATE-funded", charge_tier="e", contribution="In_Kind")
    assert problems_of(bring_in_rows(aldermere, "agencies", AGENCIES, [row])) == []
    terms = AgencyMembership.objects.get()
    assert (terms.agency.sector, terms.charge_tier, terms.contribution) == ("education_state", "E", "in_kind")
    assert terms.effective_from == dt.date(2000, 1, 1)


def test_a_site_may_stand_before_its_agency_in_the_file(aldermere: Partnership) -> None:
    rows = [agency("SITE", parent_code="acc"), agency("ACC")]
    bring_in_rows(aldermere, "agencies", AGENCIES, rows)
    assert Agency.objects.get(code="SITE").parent == Agency.objects.get(code="ACC")
    counts = bring_in_rows(aldermere, "agencies", AGENCIES, rows).file.counts()
    assert counts["unchanged"] == 2


def test_a_circle_of_sites_is_refused(aldermere: Partnership) -> None:
    rows = [agency("A", parent_code="B"), agency("B", parent_code="C"), agency("C", parent_code="A"), agency("D")]
    rows.append(agency("E", parent_code="E"))
    outcome = bring_in_rows(aldermere, "agencies", AGENCIES, rows, good_rows_only=True)
    assert problems_of(outcome) == [
        f"line {line}, column parent_code: the agency would be a site of itself" for line in (2, 3, 4, 6)
    ]


def test_a_site_of_a_refused_agency_is_refused_too(aldermere: Partnership) -> None:
    rows = [agency("HEAD", charge_tier="Z"), agency("SITE", parent_code="HEAD"), agency("ROOM", parent_code="SITE")]
    assert problems_of(bring_in_rows(aldermere, "agencies", AGENCIES, rows, good_rows_only=True)) == [
        "line 2, column charge_tier: “Z” is not one of: A, B, C, D, E, F, G",
        "line 3, column parent_code: there is no agency “HEAD”",
        "line 4, column parent_code: there is no agency “SITE”",
    ]
    assert not Agency.objects.exists()


def test_a_changed_row_changes_terms_in_place_and_leaves_later_ones(aldermere: Partnership) -> None:
    bring_in_rows(aldermere, "agencies", AGENCIES, [agency()])
    later = AgencyMembership.objects.create(
        agency=Agency.objects.get(), effective_from=dt.date(2026, 4, 1), charge_tier="C"
    )
    changed = agency(charge_tier="B", cost_code="X1", email_domains="ACC.example.org;@acc.gov.example")
    outcome = bring_in_rows(aldermere, "agencies", AGENCIES, [changed])
    assert [row.changes for row in outcome.file.rows] == [
        [
            ("charge_tier", "A", "B"),
            ("cost_code", "", "X1"),
            ("email_domains", "", "acc.example.org;acc.gov.example"),
        ]
    ]
    later.refresh_from_db()
    assert later.charge_tier == "C"
    assert AgencyMembership.objects.get(effective_from=dt.date(2000, 1, 1)).charge_tier == "B"
    assert Agency.objects.get().email_domains == ["acc.example.org", "acc.gov.example"]
