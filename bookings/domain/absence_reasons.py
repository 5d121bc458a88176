"""From free text to the reason codes of an absence (domain 2.8)."""

from __future__ import annotations

from bookings.enums import AbsenceReason
from core.imports.cleaning import word_key

# What people write for a reason, beside its code and its word: the first match counts.
REASON_WORDS = (
    ("sick", AbsenceReason.SICKNESS),
    ("ill", AbsenceReason.SICKNESS),
    ("bereave", AbsenceReason.BEREAVEMENT),
    ("funeral", AbsenceReason.BEREAVEMENT),
    ("family", AbsenceReason.FAMILY),
    ("caring", AbsenceReason.FAMILY),
    ("childcare", AbsenceReason.FAMILY),
    ("court", AbsenceReason.OPERATIONAL),
    ("operational", AbsenceReason.OPERATIONAL),
    ("pressure", AbsenceReason.WORK_PRESSURE),
    ("workload", AbsenceReason.WORK_PRESSURE),
    ("left the agency", AbsenceReason.LEFT_AGENCY),
    ("leave", AbsenceReason.LEAVE),
    ("holiday", AbsenceReason.LEAVE),
    ("error", AbsenceReason.BOOKED_IN_ERROR),
    ("mistake", AbsenceReason.BOOKED_IN_ERROR),
    ("forgot", AbsenceReason.FORGOT),
    ("wrong", AbsenceReason.WRONG_PLACE),
    ("it failure", AbsenceReason.IT_FAILURE),
    ("technical", AbsenceReason.IT_FAILURE),
    ("connection", AbsenceReason.IT_FAILURE),
    ("travel", AbsenceReason.TRAVEL),
    ("weather", AbsenceReason.TRAVEL),
    ("traffic", AbsenceReason.TRAVEL),
    ("train", AbsenceReason.TRAVEL),
    ("no reply", AbsenceReason.NO_REPLY),
)


def reason_code(text: str) -> str:
    """The reason code that free text comes nearest to; "" for no text. It decides nothing by itself (domain 2.8)."""
    key = word_key(text)
    if not key:
        return ""
    for code, label in AbsenceReason.choices:
        if key in {word_key(code), word_key(label)}:
            return str(code)
    return str(next((code for word, code in REASON_WORDS if word in key), AbsenceReason.OTHER))
