"""Charts are real text in SVG, with a title and a sentence, colours as attributes, and nothing made up."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from core.charts import Change, Point, bar_share, change_chart, describe_line, line_chart, nice_top, plain, rate_or_none

POINTS = [Point("Q1", 10.8), Point("Q2", None), Point("Q3", 5.9), Point("Q4", 6.7)]
CHANGES = [Change("Core Working Together", 5.3, 8.4, 7.9), Change("Neglect <3", 5.6, None, None)]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_line_chart_is_an_image_with_title_and_sentence(narrow: bool) -> None:
    root = parsed(line_chart(POINTS, title="Did not attend", unit="%", target=5, narrow=narrow))
    assert root.get("role") == "img"
    assert [child.tag for child in root[:2]] == ["title", "desc"]
    assert root[0].text == "Did not attend"
    assert root[1].text == (
        "Line chart. It was 10.8% in Q1 and 6.7% in Q4. The target is 5%. The table below has every figure."
    )


def test_a_line_breaks_where_a_figure_is_missing() -> None:
    svg = line_chart(POINTS, title="t")
    assert svg.count('class="app-chart__line"') == 1
    assert svg.count("<circle") == 3
    assert "Q2" not in svg


def test_every_figure_stands_at_its_dot_and_the_narrow_one_writes_the_first_and_last() -> None:
    wide = [one.text for one in parsed(line_chart(POINTS, title="t", unit="%")).iter("text")]
    narrow = [one.text for one in parsed(line_chart(POINTS, title="t", unit="%", narrow=True)).iter("text")]
    assert [text for text in wide if text in ("10.8%", "5.9%", "6.7%")] == ["10.8%", "5.9%", "6.7%"]
    assert [text for text in narrow if text in ("10.8%", "5.9%", "6.7%")] == ["10.8%", "6.7%"]


@pytest.mark.parametrize("points", [[], [Point("Q1", None)], [Point("Q1", 0)], [Point("Q1", 3.0)]])
def test_a_line_of_little_is_still_a_chart(points: list[Point]) -> None:
    assert parsed(line_chart(points, title="t")).tag == "svg"


def test_a_line_without_figures_says_so() -> None:
    assert describe_line([Point("Q1", None)]) == "There are no figures to draw."


def test_stages_differ_in_shape_and_a_missing_score_is_left_out() -> None:
    svg = change_chart(CHANGES, title="Confidence")
    assert svg.count("app-chart__dot--before") == 2
    assert svg.count("app-chart__dot--after") == 1
    assert svg.count("app-chart__dot--later") == 1
    assert svg.count("app-chart__span") == 1
    assert "Neglect &lt;3" in svg
    assert "<desc>Dot chart of average scores of 2 courses. The table below has every figure.</desc>" in svg


@pytest.mark.parametrize(
    "svg", [line_chart(POINTS, title="t", target=5), change_chart(CHANGES, title="t", narrow=True)]
)
def test_colours_are_attributes_and_there_is_no_style_nor_script(svg: str) -> None:
    assert "style" not in svg
    assert "<script" not in svg
    for element in parsed(svg).iter():
        if element.tag in {"line", "circle", "rect", "text"}:
            assert element.get("fill") or element.get("stroke")


def test_a_score_stands_where_its_number_says() -> None:
    root = parsed(change_chart([Change("A", 0, 10, 5)], title="t"))
    scale = {one.text: one.get("x") for one in root.iter("text")}
    rings = [one.get("cx") for one in root.iter("circle")]
    assert rings == [scale["0"], scale["10"]]


def test_the_vertical_axis_starts_at_nought() -> None:
    root = parsed(line_chart([Point("a", 90), Point("b", 100)], title="t"))
    axis = next(one for one in root.iter("line") if one.get("class") == "app-chart__axis")
    nought = next(one for one in root.iter("text") if one.text == "0")
    assert float(nought.get("y") or 0) - float(axis.get("y1") or 0) == 5


@pytest.mark.parametrize(
    ("largest", "end", "step"),
    [(0, 1, 1), (1, 1, 0.25), (4, 4, 1), (5, 6, 2), (10.8, 15, 5), (12, 15, 5), (100, 100, 25), (486, 600, 200)],
)
def test_axis_ends_at_a_round_number_above_the_largest(largest: float, end: float, step: float) -> None:
    assert nice_top(largest) == (end, step)


@pytest.mark.parametrize(
    ("part", "whole", "rate"), [(1, 1, None), (9, 9, None), (1, 10, 10.0), (0, 10, 0.0), (3, 12, 25.0)]
)
def test_no_rate_of_fewer_than_ten_people(part: int, whole: int, rate: float | None) -> None:
    assert rate_or_none(part, whole) == rate


@pytest.mark.parametrize(
    ("value", "largest", "share"), [(0, 0, 0), (5, 0, 0), (124, 124, 100), (88, 124, 71.0), (-3, 9, 0)]
)
def test_bars_start_at_nought(value: float, largest: float, share: float) -> None:
    assert bar_share(value, largest) == share


def test_numbers_have_at_most_one_figure_after_the_point() -> None:
    assert [plain(one) for one in (8, 8.0, 7.94, 0.05)] == ["8", "8", "7.9", "0.1"]
    coordinates = re.findall(r' (?:x|y|x1|x2|y1|y2|cx|cy)="([^"]+)"', line_chart(POINTS, title="t"))
    assert all(re.fullmatch(r"-?\d+(\.\d)?", one) for one in coordinates)
