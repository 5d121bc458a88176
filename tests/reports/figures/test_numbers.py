"""Rounding, in one place and half-up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.figures.numbers import average, pounds, rate


@pytest.mark.rule("R141")
@pytest.mark.parametrize(
    ("part", "whole", "wanted"),
    [
        (0, 0, None),
        (3, 0, None),
        (0, 7, 0.0),
        (7, 7, 1.0),
        (1, 3, 0.3333),
        (2, 3, 0.6667),
        (1, 16_000, 0.0001),
        (1, 20_000, 0.0001),  # 0.00005: half goes up, where binary rounding would give 0
        (1, 20_001, 0.0),
        (310, 477, 0.6499),
    ],
)
def test_a_rate_is_rounded_half_up_to_4_places_and_is_nothing_over_nothing(
    part: int, whole: int, wanted: float | None
) -> None:
    assert rate(part, whole) == wanted


@pytest.mark.parametrize(
    ("amount", "wanted"),
    [("0", 0), ("5785.00", 5785), ("14.95", 14.95), ("0.10", 0.1), ("2.005", 2.01), ("99999999.99", 99999999.99)],
)
def test_pounds_are_whole_numbers_where_they_can_be(amount: str, wanted: float) -> None:
    found = pounds(Decimal(amount))
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(("total", "wanted"), [(None, None), ("7.85", 7.9), ("7.84", 7.8), (Decimal("5"), 5.0)])
def test_an_average_is_rounded_half_up(total: Decimal | None, wanted: float | None) -> None:
    assert average(total) == wanted
