"""Free text becomes a reason code."""

import pytest

from bookings.domain.absence_reasons import reason_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ""),
        ("sickness", "sickness"),
        ("Off SICK", "sickness"),
        ("work_pressure", "work_pressure"),
        ("Caring or family emergency", "family"),
        ("operational need", "operational"),
        ("in court", "operational"),
        ("annual leave", "leave"),
        ("left the agency", "left_agency"),
        ("no reply", "no_reply"),
        ("booked by mistake", "booked_in_error"),
        ("wrong link", "wrong_place"),
        ("train cancelled", "travel"),
        ("the dog ate it", "other"),
    ],
)
def test_reason_code(text: str, code: str) -> None:
    assert reason_code(text) == code
