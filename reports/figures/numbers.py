"""How the report's numbers are rounded and written."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

PLACES = Decimal("0.0001")
PENCE = Decimal("0.01")


def rate(part: int, whole: int) -> float | None:
    """``part`` of ``whole`` as a number from 0 to 1, rounded half-up to 4 places; None over nothing (R141)."""
    if not whole:
        return None
    return float((Decimal(part) / Decimal(whole)).quantize(PLACES, ROUND_HALF_UP))


def pounds(amount: Decimal) -> int | float:
    """Money as a plain number for JSON: 5785, or 14.95 where there are pence."""
    exact = amount.quantize(PENCE, ROUND_HALF_UP)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def average(total: float | Decimal | None, places: int = 1) -> float | None:
    """A mean rounded half-up; None where nobody answered."""
    if total is None:
        return None
    return float(Decimal(str(total)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
