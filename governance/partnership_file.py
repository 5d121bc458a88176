"""The ``terms_of_reference`` of a partnership file (R127-R136)."""

from __future__ import annotations

from core.partnership_file import Loading, Table, register_section
from governance.models import TermsOfReference

DEFAULTS = {
    "quorum_members": 5,
    "quorum_agencies": 3,
    "meetings_per_year": 6,
    "papers_working_days_before": 5,
    "action_log_working_days_after": 5,
    "minutes_working_days_after": 15,
}


def load_terms_of_reference(loading: Loading, table: Table) -> None:
    """Set the sub-group's terms of reference; without the section the defaults."""
    section = table.table("terms_of_reference")
    values = {key: section.whole(key, default, most=366) for key, default in DEFAULTS.items()}
    loading.set_dated(TermsOfReference, section, values, "terms of reference")


register_section("terms_of_reference", load_terms_of_reference)
