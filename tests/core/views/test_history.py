"""Who did what can be found by act, by thing and by day, and stays inside the partnership."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from core.audit import record
from core.models import Partnership
from tests.factories import at

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 23:59")


def noted(partnership: Partnership, action: str = "booking.placed", **values: Any) -> None:
    record(action, partnership, **{"partnership": partnership, "by": None, "now": NOW, **values})


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    partnership: Partnership, admin: Client, count: int, own_statements: Callable[[Client, str], int]
) -> None:
    for n in range(count):
        noted(partnership, reference=f"B-{n}")
    assert own_statements(admin, "/manage/history/") == 4
    assert admin.get("/manage/history/").content.decode().count(">B-") == count


def test_an_act_is_told_in_words(partnership: Partnership, admin: Client) -> None:
    someone: Any = get_user_model()._default_manager.get(email="admin@aldermere.example")
    noted(partnership, by=someone, before={"seats": 20, "same": 1}, after={"seats": 25, "same": 1}, reason="Asked")
    noted(partnership, "certificate.released")
    page = admin.get("/manage/history/").content.decode()
    for words in ("Booking placed", "admin@aldermere.example", "Seats: 20 → 25", "Reason: Asked", "The service"):
        assert words in page
    assert "Same:" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=charge.waived", ["C-1"]),
        ("reference=b-1", ["B-1"]),
        ("day=2/3/2026", ["B-1", "C-1"]),
        ("day=3/3/2026", ["B-2"]),
        ("day=3/3/2026&action=charge.waived", []),
        ("object_type=core.partnership&object_id=1000000", []),
        ("object_id=99999999999999999999999", []),
    ],
)
def test_it_is_narrowed_by_act_thing_and_london_day(
    partnership: Partnership, admin: Client, query: str, found: list[str]
) -> None:
    noted(partnership, reference="B-1")
    noted(partnership, "charge.waived", reference="C-1")
    noted(partnership, reference="B-2", now=NOW + dt.timedelta(minutes=1))
    page = admin.get(f"/manage/history/?{query}").content.decode()
    assert [name for name in ("B-1", "B-2", "C-1") if f">{name}<" in page] == found


@pytest.mark.parametrize("query", ["day=31/2/2026", "action=nothing", "reference=%00", "object_id=x", "page=-1"])
def test_what_cannot_be_read_is_said_and_breaks_nothing(partnership: Partnership, admin: Client, query: str) -> None:
    noted(partnership)
    answer = admin.get(f"/manage/history/?{query}")
    assert answer.status_code == 200
    assert ("<title>Error:" in answer.content.decode().replace("\n", "")) == (not query.startswith("page"))


def test_others_see_nothing(
    partnership: Partnership, other_partnership: Partnership, admin: Client, learner: Client
) -> None:
    noted(other_partnership, reference="FOREIGN")
    assert "FOREIGN" not in admin.get("/manage/history/").content.decode()
    assert learner.get("/manage/history/").status_code == 403
