"""What the demo partnership ran in the first quarter of 2025-26, and how later quarters vary it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CourseQuarter:
    """One course in one quarter: how many sessions, and what became of the people who booked."""

    code: str
    sessions: int
    booked: int
    cancelled: int
    late_cancelled: int
    did_not_attend: int
    part: int
    walk_in: int

    @property
    def attended(self) -> int:
        """Booked people who came for the whole of it; walk-ins come on top."""
        return self.booked - self.cancelled - self.late_cancelled - self.did_not_attend - self.part


FIRST_QUARTER = [
    CourseQuarter("CP301", 4, 100, 9, 1, 6, 0, 2),
    CourseQuarter("CP302", 3, 73, 4, 0, 10, 0, 2),
    CourseQuarter("NE310", 2, 39, 3, 2, 2, 0, 1),
    CourseQuarter("EX320", 2, 51, 6, 0, 3, 1, 1),
    CourseQuarter("DA330", 2, 38, 3, 2, 3, 0, 1),
    CourseQuarter("EH210", 3, 65, 7, 1, 6, 2, 2),
    CourseQuarter("DS410", 2, 44, 6, 1, 1, 0, 1),
    CourseQuarter("SE340", 2, 94, 8, 3, 4, 0, 1),
    CourseQuarter("ON331", 1, 23, 0, 3, 0, 1, 1),
    CourseQuarter("FI350", 1, 15, 1, 0, 0, 0, 1),
    CourseQuarter("TT500", 1, 10, 0, 0, 0, 1, 1),
]

# Agencies as the report groups them -> their codes, then: cancelled, late, did not attend, part, walk-in, and attended
# without walk-ins. The columns add up to those of FIRST_QUARTER.
AGENCY_SHARES: list[tuple[list[str], tuple[int, int, int, int, int, int]]] = [
    (["ACC"], (9, 3, 5, 0, 1, 68)),
    (["WCC"], (6, 1, 4, 0, 5, 51)),
    (["AAS", "WPH"], (3, 0, 2, 0, 0, 20)),
    (["POL"], (4, 0, 1, 0, 2, 32)),
    (["AUH"], (4, 2, 1, 0, 0, 43)),
    (["CVC"], (2, 1, 3, 1, 0, 33)),
    (["RMG"], (2, 1, 1, 0, 0, 18)),
    (["PRB"], (0, 0, 3, 1, 0, 14)),
    (["BPS", "SOH", "PET1", "PET2", "PET4", "PET5"], (8, 2, 2, 0, 5, 81)),
    (["COL"], (1, 2, 0, 0, 0, 15)),
    (["CMN", "LAD"], (2, 0, 2, 1, 1, 25)),
    (["MWR", "CYA", "AIN", "AFC", "NCH"], (3, 0, 8, 1, 0, 33)),
    (["APS", "HRC"], (2, 1, 2, 0, 0, 16)),
    (["FRS"], (1, 0, 1, 1, 0, 3)),
]

# Courses that come round in later quarters besides those of the first.
ROTATION = [
    "CP303",
    "CP304",
    "SA334",
    "SH337",
    "PM333",
    "LA412",
    "SR413",
    "SU414",
    "DC336",
    "RE351",
    "AD301",
    "AD303",
    "IS354",
    "PC353",
]

VENUES = {
    "Oakfield Centre": (
        "Mill Lane, Aldermere AL4 2DN",
        "Step-free entrance, hearing loop, accessible toilet, quiet room",
    ),
    "Riverside Hall": ("12 Quay Street, Wexdale WX1 7PB", "Lift to all floors, accessible parking by the door"),
    "Calder Fire Station": ("Station Road, Calder Vale WX9 3HT", "Step-free, no hearing loop: tell us if you need one"),
    "St Oswin’s Hall": ("Church Walk, Aldermere AL1 5QX", "Ramp at the side door, accessible toilet"),
}

ABSENCE_REASONS = (
    ["Sickness"] * 11 + ["Operational need or court"] * 7 + ["Forgot"] * 5 + ["Caring or family emergency"] * 4
)
ABSENCE_REASONS += ["No reply"] * 4 + ["Wrong place or link"] * 2 + ["Left the agency", "Other"]
