"""Which object stands for the parameters of each address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .world import Place

# What no partnership has.
MISSING: dict[str, Any] = {
    "code": "NONE",
    "kind": "staff",
    "number": "Z" * 27,
    "pk": 999_999_999,
    "quarter": 4,
    "ref": "NONE-000000",
    "reference": "ZZZZZZZZ",
    "token": "z" * 43,
    "year": "1999-00",
}

# The object of a parameter at most addresses.
USUAL: dict[str, Callable[[Place], Any]] = {
    "code": lambda place: place.session.course.code,
    "kind": lambda place: "staff",
    "number": lambda place: place.certificate.number,
    "quarter": lambda place: place.report.quarter,
    "ref": lambda place: place.session.ref,
    "reference": lambda place: place.booking.reference,
    "year": lambda place: place.report.period.year_label,
}

# Addresses whose object is another one.
SPECIAL: dict[str, dict[str, Callable[[Place], Any]]] = {
    "agencies:appointment_end": {"pk": lambda place: place.administrator.appointments.get().pk},
    "core:import_check": {"pk": lambda place: place.run.pk},
    "core:import_start": {"pk": lambda place: place.run.pk},
    "core:import_undo": {"pk": lambda place: place.run.pk},
    "core:import_wrong_rows": {"pk": lambda place: place.run.pk},
    "core:job": {"pk": lambda place: place.job.pk},
    "core:job_stop": {"pk": lambda place: place.job.pk},
    "core:mail_again": {"pk": lambda place: place.message.pk},
    "core:mail_sent": {"pk": lambda place: place.message.pk},
    "evaluations:evaluate": {"token": lambda place: place.evaluation_token},
    "evaluations:initial": {"reference": lambda place: place.attended.reference},
    "evaluations:my_survey": {"reference": lambda place: place.attended.reference},
    "evaluations:survey": {"token": lambda place: place.survey_token},
}


def values_for(name: str, parameters: tuple[str, ...], place: Place | None) -> dict[str, Any]:
    """The parameters of an address: those of ``place``'s objects, or of none with ``place=None``."""
    if name.startswith(("account_", "mfa_", "usersessions_")):
        return {parameter: PACKAGES.get(parameter, "1") for parameter in parameters}
    if place is None:
        return {parameter: MISSING[parameter] for parameter in parameters}
    makers = {**USUAL, **SPECIAL.get(name, {})}
    return {parameter: makers[parameter](place) for parameter in parameters}


# Addresses of the packages we use: ids that nothing has.
PACKAGES: dict[str, Any] = {"key": "none", "uidb36": "1", "pk": 1}
