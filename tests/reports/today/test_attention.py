"""What Today asks of the administrator: counted right, named, and never listed when nobody is needed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.permissions import Role
from bookings.enums import BookingStatus as S
from bookings.enums import ChargeKind, ChargeState
from bookings.models import Charge, ChargingPolicy, Register
from core.models import ImportRun, OutboxMessage, Partnership
from courses.enums import SessionStatus
from reports.today.attention import attention_items
from tests.factories import (
    BookingFactory,
    CourseFactory,
    PartnershipFactory,
    PersonFactory,
    SessionFactory,
    UserFactory,
    at,
    deliver,
    person_with_account,
)
from trainers.models import TrainerAgreement

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 08:30")


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


def items(partnership: Partnership) -> dict[str, dict[str, Any]]:
    return {item["action"]: item for item in attention_items(partnership, now=NOW)}


def session(partnership: Partnership, when: str, title: str = "Neglect", **details: Any) -> Any:
    course = CourseFactory(partnership=partnership, title=title)
    return SessionFactory(partnership=partnership, course=course, starts_at=at(when), **details)


def test_nothing_is_listed_when_nothing_needs_anyone(partnership: Partnership) -> None:
    assert attention_items(partnership, now=NOW) == []


@pytest.mark.parametrize(
    ("starts", "status", "finished", "wanted"),
    [
        ("2026-02-26 09:30", SessionStatus.SCHEDULED, False, 1),
        ("2026-02-26 09:30", SessionStatus.SCHEDULED, True, 0),
        ("2026-02-26 09:30", SessionStatus.HELD, True, 0),
        ("2026-02-26 09:30", SessionStatus.CANCELLED, False, 0),
        ("2026-03-02 01:29", SessionStatus.SCHEDULED, False, 1),
        ("2026-03-02 01:30", SessionStatus.SCHEDULED, False, 0),
    ],
)
def test_a_register_is_missing_once_the_session_is_over(
    partnership: Partnership, starts: str, status: str, finished: bool, wanted: int
) -> None:
    over = session(partnership, starts, status=status)
    if finished:
        Register.objects.create(session=over, finished_at=NOW)
    found = items(partnership).get("Take registers", {"count": 0})
    assert found["count"] == wanted


def test_registers_name_the_first_two_and_how_many_more(partnership: Partnership) -> None:
    for day in (24, 25, 26, 27):
        session(partnership, f"2026-02-{day} 09:30", title=f"Course {day}")
    item = items(partnership)["Take registers"]
    assert (item["count"], item["what"]) == (4, "registers not taken")
    assert item["why"] == "Course 24, 24 February and Course 25, 25 February and 2 more"
    assert item["url"] == "/manage/sessions/?when=to_finish"


def test_charges_to_decide_are_counted_with_their_sum(partnership: Partnership) -> None:
    policy = ChargingPolicy.objects.create(partnership=partnership, effective_from=dt.date(2020, 1, 1))
    held = session(partnership, "2026-02-10 09:30", status=SessionStatus.HELD)
    for state, amount in ((ChargeState.PROPOSED, 60), (ChargeState.PROPOSED, "40.50"), (ChargeState.WAIVED, 99)):
        booking = BookingFactory(session=held, status=S.DID_NOT_ATTEND)
        Charge.objects.create(
            partnership=partnership,
            booking=booking,
            agency=booking.agency,
            policy=policy,
            kind=ChargeKind.ABSENCE,
            amount=amount,
            state=state,
            raised_at=at("2026-02-16 10:00"),
        )
    item = items(partnership)["Review charges"]
    assert (item["count"], item["what"]) == (2, "charges to confirm or waive")
    assert item["why"] == "Absences, late cancellations and place fees since 16 February 2026, £100.50"
    assert item["url"] == "/manage/charges/?state=proposed"


@pytest.mark.parametrize(("agreed", "trainers", "wanted"), [(2, 1, 1), (2, 2, 0), (1, 1, 0), (None, 1, 1), (3, 2, 1)])
def test_dates_are_short_of_trainers_against_the_agreement(
    partnership: Partnership, agreed: int | None, trainers: int, wanted: int
) -> None:
    if agreed:
        TrainerAgreement.objects.create(partnership=partnership, trainers_per_session=agreed)
        TrainerAgreement.objects.create(
            partnership=partnership, trainers_per_session=9, effective_from=dt.date(2026, 3, 3)
        )
    coming = session(partnership, "2026-03-05 09:30")
    for _ in range(trainers):
        deliver(coming, person_with_account(partnership))
    found = [item for item in attention_items(partnership, now=NOW) if "trainers" in item["what"]]
    assert len(found) == wanted


@pytest.mark.parametrize(("taken", "waiting", "wanted"), [(2, 3, 0), (1, 3, 3), (1, 0, 0)])
def test_people_wait_where_places_are_free(partnership: Partnership, taken: int, waiting: int, wanted: int) -> None:
    coming = session(partnership, "2026-03-18 09:30", capacity=2)
    for _ in range(taken):
        BookingFactory(session=coming)
    for _ in range(waiting):
        BookingFactory(session=coming, status=S.WAITING)
    found = [item for item in attention_items(partnership, now=NOW) if "waiting" in item["what"]]
    assert [(item["count"], item["url"]) for item in found] == (
        [(wanted, "/manage/ready/?need=places")] if wanted else []
    )


def test_mails_that_failed_or_are_held_are_told_apart(partnership: Partnership) -> None:
    for number, state in enumerate(("failed", "failed", "held", "sent", "waiting")):
        OutboxMessage.objects.create(
            partnership=partnership, key=f"m{number}", kind="booked", recipient="a@b.example", due_at=NOW, state=state
        )
    item = items(partnership)["See the emails"]
    assert (item["count"], item["why"]) == (3, "2 could not be delivered, 1 held for you to decide")
    assert item["url"] == "/manage/messages/?state=failed"


def test_accounts_without_an_agency_are_to_be_matched(partnership: Partnership) -> None:
    person_with_account(partnership, Role.PRACTITIONER)
    PersonFactory(partnership=partnership)
    PersonFactory(partnership=partnership, user=UserFactory())
    item = items(partnership)["Match accounts"]
    assert (item["count"], item["what"], item["url"]) == (
        1,
        "account to match to an agency",
        "/manage/people/?agency=none",
    )


@pytest.mark.parametrize(
    ("age", "refused", "state", "wanted"),
    [(6, 3, "imported", True), (8, 3, "imported", False), (1, 0, "imported", False), (1, 3, "undone", False)],
)
def test_imports_with_refused_rows_are_named_for_a_week(
    partnership: Partnership, age: int, refused: int, state: str, wanted: bool
) -> None:
    run = ImportRun.objects.create(
        partnership=partnership, kind="staff", file_name="s.csv", refused=refused, state=state
    )
    ImportRun.objects.filter(pk=run.pk).update(created_at=NOW - dt.timedelta(days=age))
    assert ("See the imports" in items(partnership)) is wanted


def test_nothing_of_another_partnership_is_listed(partnership: Partnership) -> None:
    other = PartnershipFactory()
    session(other, "2026-02-26 09:30")
    session(other, "2026-03-05 09:30")
    PersonFactory(partnership=other, user=UserFactory())
    ImportRun.objects.create(partnership=other, kind="staff", file_name="s.csv", refused=3)
    OutboxMessage.objects.create(
        partnership=other, key="x", kind="booked", recipient="a@b.example", due_at=NOW, state="failed"
    )
    assert attention_items(partnership, now=NOW) == []
