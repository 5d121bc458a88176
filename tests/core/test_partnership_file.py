"""Partnership files: loaded once or ten times, and a wrong value named by its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from bookings.models import ChargingPolicy
from competencies.models import CompetencyFramework
from core.errors import UnusableInput
from core.models import AuditEvent, HostName, Partnership
from courses.models import Priority
from evaluations.models import EvaluationPlan
from governance.models import TermsOfReference
from tests.factories import AgencyFactory, BookingFactory, PartnershipFactory, SessionFactory, host_for
from tests.support.lists import ALDERMERE, loaded
from trainers.models import TrainerAgreement

pytestmark = pytest.mark.django_db
TEXT = (ALDERMERE / "partnership.toml").read_text()
Load = Callable[..., list[str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a text, with parts replaced, as a file; returns what was said."""

    def run(text: str = TEXT, **replaced: str) -> list[str]:
        for old, new in replaced.items():
            text = text.replace(PARTS[old], new)
        path = tmp_path / "partnership.toml"
        path.write_text(text)
        loading = loaded(path)
        return [*loading.notices, *loading.changes]

    return run


PARTS = {
    "slug": 'slug = "aldermere"',
    "name": 'name = "Aldermere and Wexdale Safeguarding Partnership"',
    "hosts": 'host_names = ["aldermere.localhost"]',
    "strands": 'strands = ["children", "adults"]',
    "nation": 'nation = "England"',
    "month": "year_start_month = 4",
    "email": 'contact_email = "training@aldermere.example.org"',
    "priorities": 'priorities = ["Neglect", "Exploitation", "Early help", "Application of thresholds"]',
    "group": '{ code = "1", name = "Infrequent contact", provided_by = "single_agency", refresh_months = 36 }',
    "notice": 'notice = { days = 5, unit = "working_days" }',
    "absence": "absence = { full_day = 80, half_day = 40, briefing = 0 }",
    "from": "effective_from = 2025-04-01",
    "gate": "initial_gates_certificate = true",
    "close": "impact_close_months = 6",
    "courses": 'impact_courses = "all"',
    "quorum": "quorum_members = 5",
    "release": "release_days = 5",
}


def test_the_file_becomes_a_partnership_with_all_that_differs(load: Load) -> None:
    load()
    one = Partnership.objects.get()
    assert (one.slug, one.short_name, one.nation, one.year_start_month, one.strands) == (
        "aldermere",
        "AWSP",
        "England",
        4,
        ["children", "adults"],
    )
    assert [host.host for host in one.host_names.all()] == ["aldermere.localhost"]
    framework = CompetencyFramework.objects.get(partnership=one)
    assert [(group.code, group.refresh_months) for group in framework.groups.all()] == [
        ("1", 36),
        ("2", 36),
        ("3", 36),
        ("4", 36),
        ("5", 24),
        ("6", 36),
    ]
    assert Priority.objects.filter(partnership=one).count() == 4
    old, new = ChargingPolicy.objects.filter(partnership=one)
    assert (old.effective_from, old.notice_days, new.effective_from, new.notice_days) == (
        dt.date(2020, 4, 1),
        3,
        dt.date(2025, 4, 1),
        5,
    )
    assert new.price_table["absence", "", "full_day"] == Decimal(80)
    assert new.price_table["place", "F", "half_day"] == Decimal(50)
    assert new.late_grace_minutes == {"full_day": 15, "half_day": 0}
    plan = EvaluationPlan.objects.get(partnership=one)
    assert (plan.impact_reminder_days, plan.impact_courses) == ([14, 28], "all")
    assert TermsOfReference.objects.get(partnership=one).minutes_working_days_after == 15
    assert TrainerAgreement.objects.get(partnership=one).trainers_per_session == 2


def test_loading_again_changes_nothing(load: Load) -> None:
    load()
    events = AuditEvent.objects.count()
    assert load() == []
    assert AuditEvent.objects.count() == events


def test_without_its_sections_a_partnership_gets_the_defaults(load: Load) -> None:
    text = 'slug = "small"\nname = "Small partnership"\n'
    load(text)
    plan = EvaluationPlan.objects.get()
    assert (plan.impact_invite_months, plan.impact_close_months, plan.dip_sample_minimum) == (3, 6, 5)
    assert TermsOfReference.objects.get().quorum_members == 5
    assert TrainerAgreement.objects.get().release_days == 5
    assert load(text) == []


def test_a_section_that_is_left_out_later_changes_nothing(load: Load) -> None:
    load(quorum="quorum_members = 7")
    load(TEXT.split("[terms_of_reference]")[0])
    assert TermsOfReference.objects.get().quorum_members == 7


def test_changes_are_told_and_written(load: Load) -> None:
    load()
    told = load(month="year_start_month = 9", quorum="quorum_members = 6", priorities='priorities = ["Neglect", "New"]')
    assert told == [
        "The priority “Application of thresholds” is no longer in the file; it stays.",
        "The priority “Early help” is no longer in the file; it stays.",
        "The priority “Exploitation” is no longer in the file; it stays.",
        "aldermere: changed year_start_month",
        "terms of reference: changed quorum_members",
        "priority New: added",
    ]
    assert AuditEvent.objects.filter(action="partnership.loaded").count() == 2


WRONG = [
    (
        "slug",
        'slug = "Alder mere"',
        "slug: “Alder mere” is not allowed here. It must be small letters, figures and hyphens.",
    ),
    ("slug", "", "slug is missing."),
    ("name", "", "name is missing."),
    ("name", "name = 5", "name: “5” is not allowed here. It must be text of at most 200 characters."),
    ("hosts", 'host_names = ["a b"]', "host_names: “a b” is not allowed here."),
    (
        "strands",
        'strands = ["cats"]',
        "strands: “cats” is not allowed here. It must be made of: children, adults, joint.",
    ),
    ("nation", 'nation = "France"', "It must be one of: England, Wales, Scotland, Northern Ireland."),
    (
        "month",
        "year_start_month = 13",
        "year_start_month: “13” is not allowed here. It must be a whole number from 1 to 12.",
    ),
    ("email", 'contact_email = "nobody"', "contact_email: “nobody” is not allowed here. It must be an email address."),
    ("group", '{ code = "1" }', "frameworks[1].groups[1].name is missing."),
    (
        "group",
        '{ code = "2", name = "x" }',
        "frameworks[1].groups[2].code: the group “2” stands twice in the framework.",
    ),
    (
        "notice",
        'notice = { days = 5, unit = "weeks" }',
        "charging_policies[2].notice.unit: “weeks” is not allowed here. It must be one of: working_days, calendar",
    ),
    ("notice", "notice = { days = -1 }", "charging_policies[2].notice.days: “-1” is not allowed here."),
    ("notice", "notice = 5", "charging_policies[2].notice must be a table of keys and values."),
    (
        "absence",
        "absence = { day = 80 }",
        "charging_policies[2].absence.day is not known. Use only: briefing, half_day,",
    ),
    ("absence", 'absence = { full_day = "80" }', "charging_policies[2].absence.full_day: “80” is not allowed here."),
    ("absence", "absence = { full_day = -80 }", "It must be an amount of pounds such as 50 or 42.50."),
    ("absence", "absence = { full_day = 8.005 }", "It must be an amount of pounds such as 50 or 42.50."),
    ("absence", "absence = { full_day = nan }", "It must be an amount of pounds such as 50 or 42.50."),
    ("from", 'effective_from = "2025-04-01"', "It must be a date such as 2025-04-01, without quotation marks."),
    ("from", "effective_from = 2020-04-01", "two policies begin on 2020-04-01."),
    ("gate", 'initial_gates_certificate = "yes"', "evaluation.initial_gates_certificate: “yes” is not allowed here."),
    ("close", "impact_close_months = 3", "It must be more than impact_invite_months, which is 3."),
    ("courses", "impact_courses = 5", "evaluation.impact_courses: “5” is not allowed here."),
    ("quorum", "quorum_members = true", "terms_of_reference.quorum_members: “True” is not allowed here."),
    ("release", "release_days = 5.5", "trainer_agreement.release_days: “5.5” is not allowed here."),
]


@pytest.mark.parametrize(("part", "text", "message"), WRONG)
def test_a_wrong_value_is_named_by_its_place_and_nothing_is_done(
    load: Load, part: str, text: str, message: str
) -> None:
    with pytest.raises(UnusableInput) as error:
        load(**{part: text})
    assert message in str(error.value)
    assert not Partnership.objects.exists()


def test_what_nobody_knows_is_kept_and_said(load: Load) -> None:
    text = (
        TEXT.replace("quorum_members = 5", "quorum_members = 5\nvenue = 'Hall'") + "\n[boards]\nstarts = 2026-01-01\n"
    )
    told = load(text)
    assert told[:2] == [
        "terms_of_reference.venue is not known; it was kept but has no effect.",
        "boards is not known; it was kept but has no effect.",
    ]
    assert Partnership.objects.get().extra == {
        "terms_of_reference.venue": "Hall",
        "boards": {"starts": "2026-01-01"},
    }
    assert [line for line in load(text) if "not known" not in line] == []


@pytest.mark.rule("R57")
def test_a_policy_that_bookings_use_needs_a_new_date_to_change(load: Load) -> None:
    load()
    partnership = Partnership.objects.get()
    policy = ChargingPolicy.objects.get(effective_from=dt.date(2025, 4, 1))
    BookingFactory(
        session=SessionFactory(partnership=partnership), agency=AgencyFactory(partnership=partnership), policy=policy
    )
    for change in ({"absence": "absence = { full_day = 90 }"}, {"notice": "notice = { days = 6 }"}):
        with pytest.raises(UnusableInput, match="new effective date"):
            load(**change)
    assert load() == []
    added = TEXT.replace("[evaluation]", "[[charging_policies]]\neffective_from = 2027-04-01\n\n[evaluation]")
    assert load(added) == ["charging policy from 2027-04-01: added"]


def test_a_policy_that_nobody_uses_may_change(load: Load) -> None:
    load()
    assert load(absence="absence = { full_day = 90.50 }") == ["charging policy from 2025-04-01: prices"]
    policy = ChargingPolicy.objects.get(effective_from=dt.date(2025, 4, 1))
    assert policy.price_table["absence", "", "full_day"] == Decimal("90.50")
    assert ("absence", "", "half_day") not in policy.price_table


def test_a_host_name_of_another_partnership_is_refused(load: Load) -> None:
    host_for(PartnershipFactory(), "aldermere.localhost")
    with pytest.raises(UnusableInput, match="belongs to another partnership"):
        load()
    assert HostName.objects.count() == 1


@pytest.mark.parametrize("data", [b"\xff\xfe", b"slug = ", b"x" * (1024 * 1024 + 1)])
def test_what_is_no_partnership_file_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "partnership.toml"
    path.write_bytes(data)
    with pytest.raises(UnusableInput):
        loaded(path)
