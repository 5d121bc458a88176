"""My delivery: a trainer's own sessions, and what to finish first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.permissions import Role
from agencies.models import Person
from core.models import Partnership
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.factories import SessionFactory, deliver, host_for, in_days, person_with_account, sign_in
from trainers.enums import DeliveryRole

As = Callable[[Person], Client]


def delivered(trainer: Person, ref: str, days: int, **details: Any) -> CourseSession:
    session = SessionFactory(partnership=trainer.partnership, ref=ref, starts_at=in_days(days), **details)
    deliver(session, trainer)
    return session


def refs(rows: list[dict[str, Any]]) -> list[str]:
    return [row["session"].ref for row in rows]


def test_registers_to_finish_stand_before_what_is_coming_and_past(as_: As, trainer: Person) -> None:
    delivered(trainer, "LATER", 30)
    delivered(trainer, "SOON", 2)
    delivered(trainer, "OPEN", -2)
    delivered(trainer, "DONE", -9, status=SessionStatus.HELD)
    delivered(trainer, "CANCELLED", 5, status=SessionStatus.CANCELLED)
    page = as_(trainer).get("/deliver/").context
    assert (refs(page["due"]), refs(page["coming"]), refs(page["past"])) == (["OPEN"], ["SOON", "LATER"], ["DONE"])


def test_sessions_of_others_and_those_one_observes_are_not_listed(
    as_: As, partnership: Partnership, trainer: Person
) -> None:
    delivered(person_with_account(partnership, Role.TRAINER), "OTHERS", 5)
    deliver(SessionFactory(partnership=partnership, ref="WATCHED"), trainer, DeliveryRole.OBSERVER)
    response = as_(trainer).get("/deliver/")
    assert refs(response.context["coming"]) == []
    assert "You have no sessions." in response.content.decode()


def test_only_trainers_have_this_page(client: Client, partnership: Partnership, learner: Person) -> None:
    assert sign_in(client, learner).get("/deliver/").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_same_statements_however_many_sessions(
    as_: As, trainer: Person, django_assert_num_queries: Any, number: int
) -> None:
    host_for(trainer.partnership, "testserver")
    for count in range(number):
        delivered(trainer, f"SOON-{count}", 2 + count)
        delivered(trainer, f"DONE-{count}", -2 - count)
    client = as_(trainer)
    with django_assert_num_queries(7):
        assert client.get("/deliver/").status_code == 200
