"""What a row of the list of courses means."""

from __future__ import annotations

import pytest

from core.models import Partnership
from courses.models import Course
from tests.support.lists import COURSES, bring_in_rows, course, load_aldermere, problems_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def aldermere(db: None) -> Partnership:
    return load_aldermere()


REFUSED = [
    ("title", "", "is missing"),
    ("strand", "everyone", "“everyone” is not one of: children, adults, joint"),
    ("groups", "3;9", "there is no group “9”"),
    ("length", "a day", "“a day” is not one of: briefing, half_day, full_day, 2_days"),
    ("length", "0_days", "“0_days” is not one of"),
    ("length", "31_days", "“31_days” is not one of"),
    ("hours", "six", "“six” is not a number"),
    ("hours", "NaN", "“NaN” is not a number"),
    ("hours", "1e3", "“1e3” is not a number"),
    ("hours", "-1", "“-1” is not between 0 and 999"),
    ("hours", "1.555", "“1.555” has more than two decimal places"),
    ("mode", "zoom", "“zoom” is not one of: in_person, virtual, e_learning"),
    ("capacity", "0", "0 is not between 1 and 10,000"),
    ("capacity", "20.5", "“20.5” is not a whole number"),
    ("prerequisites", "CP999", "there is no course “CP999”"),
    ("refresh_months", "0", "0 is not between 1 and 600"),
    ("priorities", "Cats", "“Cats” is not one of the partnership's priorities: Application of thresholds; Early help;"),
]


def test_each_wrong_value_is_refused(aldermere: Partnership) -> None:
    rows = [course(**{"code": f"C{number}", column: value}) for number, (column, value, _) in enumerate(REFUSED)]
    found = bring_in_rows(aldermere, "courses", COURSES, rows).file.problems
    assert [(one.line, one.column) for one in found] == [(n, column) for n, (column, _, _) in enumerate(REFUSED, 2)]
    assert [one.reason for one, (_, _, why) in zip(found, REFUSED, strict=True) if not one.reason.startswith(why)] == []


@pytest.mark.parametrize(
    ("word", "length", "days"),
    [
        ("briefing", "briefing", 1),
        ("half_day", "half_day", 1),
        ("Half day", "half_day", 1),
        ("full_day", "full_day", 1),
        ("1_day", "full_day", 1),
        ("1_days", "full_day", 1),
        ("2_days", "full_day", 2),
        ("10 days", "full_day", 10),
        ("e-learning", "e_learning", 1),
    ],
)
def test_lengths(word: str, length: str, days: int) -> None:
    from courses.domain.importing import length_of
    from courses.resources import LengthWidget

    assert length_of(LengthWidget(20).clean(word)) == (length, days)


def test_a_course_comes_in_with_all_that_it_names(aldermere: Partnership) -> None:
    rows = [
        course("NE320", prerequisites="NE310", length="2_days", hours="12.5", refresh_months="", priorities=""),
        course("NE310"),
    ]
    assert problems_of(bring_in_rows(aldermere, "courses", COURSES, rows)) == []
    second = Course.objects.get(code="NE320")
    assert (second.length, second.days, str(second.hours), second.refresh_months) == ("full_day", 2, "12.50", None)
    assert [one.code for one in second.prerequisites.all()] == ["NE310"]
    assert [one.code for one in second.groups.all()] == ["3", "4"]
    assert [one.name for one in Course.objects.get(code="NE310").priorities.all()] == ["Neglect"]
    rows = [
        course(
            "ne320",
            prerequisites="ne310",
            length="2 days",
            hours="12.50",
            refresh_months="",
            priorities="",
            groups="4;3",
        ),
        course("NE310", priorities="neglect"),
    ]
    assert bring_in_rows(aldermere, "courses", COURSES, rows).file.counts()["unchanged"] == 2


def test_a_course_needed_before_itself_is_refused(aldermere: Partnership) -> None:
    bring_in_rows(aldermere, "courses", COURSES, [course("A"), course("B", prerequisites="A")])
    outcome = bring_in_rows(
        aldermere, "courses", COURSES, [course("A", prerequisites="B"), course("C", prerequisites="C")]
    )
    assert problems_of(outcome) == [
        f"line {line}, column prerequisites: the course would be needed before itself" for line in (2, 3)
    ]


def test_links_change_with_the_row(aldermere: Partnership) -> None:
    bring_in_rows(aldermere, "courses", COURSES, [course("A"), course("B", prerequisites="A")])
    outcome = bring_in_rows(aldermere, "courses", COURSES, [course("B", groups="4;5", priorities="Early help;Neglect")])
    assert outcome.file.rows[0].changes == [
        ("groups", "3;4", "4;5"),
        ("prerequisites", "A", ""),
        ("priorities", "Neglect", "Early help;Neglect"),
    ]
    changed = Course.objects.get(code="B")
    assert [group.code for group in changed.groups.all()] == ["4", "5"]
    assert not changed.prerequisites.exists()
    assert changed.priorities.count() == 2
