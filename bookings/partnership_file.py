"""The dated ``charging_policies`` of a partnership file (R53, R57)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from agencies.enums import ChargeTier
from bookings.enums import ChargeKind, NoticeUnit
from bookings.models import Booking, Charge, ChargingPolicy, PolicyPrice
from core.errors import UnusableInput
from core.partnership_file import Loading, Table, register_section
from courses.enums import LengthBand

PriceKey = tuple[str, str, str]
Prices = dict[PriceKey, Decimal]


def load_charging_policies(loading: Loading, table: Table) -> None:
    """Add or change policies by the date from which they apply. One that bookings use can no longer change (R57)."""
    known = {policy.effective_from: policy for policy in ChargingPolicy.objects.of(loading.partnership)}
    dates: list[dt.date] = []
    for section in table.tables("charging_policies"):
        effective_from = section.day("effective_from")
        if effective_from in dates:
            raise UnusableInput(f"{section.at('effective_from')}: two policies begin on {effective_from}.")
        dates.append(effective_from)
        values, prices = _terms_of(loading, section), _prices_of(section)
        loading.done_with(section)
        policy = known.get(effective_from) or ChargingPolicy(
            partnership=loading.partnership, effective_from=effective_from
        )
        _load_policy(loading, section, policy, values, prices)
    gone = sorted(set(known) - set(dates))
    loading.notices += [f"The charging policy from {day} is no longer in the file; it stays." for day in gone]


def _terms_of(loading: Loading, section: Table) -> dict[str, Any]:
    notice = section.table("notice")
    terms = {
        "notice_days": notice.whole("days", 5, most=365),
        "notice_unit": notice.choice("unit", NoticeUnit.values, NoticeUnit.WORKING_DAYS),
        "late_grace_minutes": _minutes_of(section.table("late_grace_minutes")),
        "waiver_working_days": section.whole("waiver_working_days", 5, most=365),
    }
    loading.done_with(notice)
    return terms


def _minutes_of(grace: Table) -> dict[str, int]:
    _only(grace, LengthBand.values)
    return {length: grace.whole(length, most=480) for length in grace}


def _prices_of(section: Table) -> Prices:
    prices: Prices = {}
    absence, fees = section.table("absence"), section.table("place_fees")
    _only(absence, LengthBand.values)
    for length in absence:
        prices[ChargeKind.ABSENCE, "", length] = absence.money(length)
    _only(fees, ChargeTier.values)
    for tier in fees:
        bands = fees.table(tier)
        _only(bands, LengthBand.values)
        for length in bands:
            prices[ChargeKind.PLACE, tier, length] = bands.money(length)
    return prices


def _only(table: Table, allowed: list[str]) -> None:
    """Refuse a misspelt band or tier: what a policy does not name is free, so a slip would cost money."""
    for key in table:
        if key not in allowed:
            raise UnusableInput(f"{table.at(key)} is not known. Use only: {', '.join(allowed)}.")


def _load_policy(
    loading: Loading, section: Table, policy: ChargingPolicy, values: dict[str, Any], prices: Prices
) -> None:
    stored = (
        {(price.kind, price.tier, price.length): price.amount for price in policy.prices.all()} if policy.pk else {}
    )
    differs = stored != prices or any(getattr(policy, name) != value for name, value in values.items())
    if policy.pk and differs and is_in_use(policy):
        raise UnusableInput(
            f"{section.path}: bookings use the charging policy from {policy.effective_from}, so its terms can no "
            "longer change. Leave it as it was and give the new terms a new effective date."
        )
    loading.set_values(policy, values, f"charging policy from {policy.effective_from}")
    if stored != prices:
        policy.prices.all().delete()
        PolicyPrice.objects.bulk_create(
            PolicyPrice(policy=policy, kind=kind, tier=tier, length=length, amount=amount)
            for (kind, tier, length), amount in prices.items()
        )
        loading.changes.append(f"charging policy from {policy.effective_from}: prices")


def is_in_use(policy: ChargingPolicy) -> bool:
    """Whether a booking or a charge keeps this policy."""
    return Booking.objects.filter(policy=policy).exists() or Charge.objects.filter(policy=policy).exists()


register_section("charging_policies", load_charging_policies)
