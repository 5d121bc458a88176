"""The ``trainer_agreement`` of a partnership file (R83, R87, R88)."""

from __future__ import annotations

from core.partnership_file import Loading, Table, register_section
from trainers.models import TrainerAgreement

DEFAULTS = {
    "trainers_per_session": 2,
    "release_days": 5,
    "delivery_days": 3,
    "pool_meetings_per_year": 4,
    "pool_meeting_hours": 2,
    "train_the_trainer_months": 36,
}


def load_trainer_agreement(loading: Loading, table: Table) -> None:
    """Set what is asked of trainers and their agencies; without the section the defaults."""
    section = table.table("trainer_agreement")
    values = {key: section.whole(key, default, most=366) for key, default in DEFAULTS.items()}
    loading.set_dated(TrainerAgreement, section, values, "trainer agreement")


register_section("trainer_agreement", load_trainer_agreement)
