"""Which charging policy applies: the one in force on the day of booking, and none before the first (R57, R60)."""

from __future__ import annotations

import datetime as dt

from bookings.models import ChargingPolicy
from core.models import Partnership


def policy_for(partnership: Partnership, on: dt.date) -> ChargingPolicy | None:
    """The policy in force on ``on``; None when the partnership had none by then, so that nothing can be charged
    (R57).
    """
    policy: ChargingPolicy | None = ChargingPolicy.objects.of(partnership).in_force(on=on).first()
    return policy
