"""Many at once: threads with a database connection each, let go at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from agencies.models import Agency, AgencyMembership, Employment, Person
from bookings.models import ChargingPolicy
from core.models import Partnership
from tests.factories import FAR_PAST, AgencyFactory, PartnershipFactory, PolicyFactory

THREADS = 20
PEOPLE = 500


def at_once(calls: Sequence[Callable[[], Any]], *, threads: int = THREADS) -> list[Any]:
    """What each call returned, or the error it raised, in their order. The first of each thread start together."""
    together = threading.Barrier(min(threads, len(calls)))
    shares = [range(first, len(calls), together.parties) for first in range(together.parties)]
    answers: list[Any] = [None] * len(calls)

    def work(share: range) -> None:
        try:
            connections["default"].ensure_connection()
            together.wait(timeout=30)
            for number in share:
                try:
                    answers[number] = calls[number]()
                except Exception as error:
                    answers[number] = error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(together.parties) as pool:
        for done in [pool.submit(work, share) for share in shares]:
            done.result()
    return answers


def errors_of(answers: Sequence[Any]) -> list[Any]:
    return [answer for answer in answers if isinstance(answer, Exception)]


@pytest.fixture
def partnership(transactional_db: None) -> Partnership:
    made: Partnership = PartnershipFactory()
    PolicyFactory(partnership=made)
    return made


@pytest.fixture
def policy(partnership: Partnership) -> ChargingPolicy:
    return ChargingPolicy.objects.get(partnership=partnership)


@pytest.fixture
def crowd(partnership: Partnership) -> list[Person]:
    """500 people who work for one agency."""
    agency: Agency = AgencyFactory(partnership=partnership)
    assert AgencyMembership.objects.filter(agency=agency, effective_from=FAR_PAST).exists()
    people = Person.objects.bulk_create(
        Person(partnership=partnership, email=f"crowd{n}@oakfield.example", first_name="Amira", last_name=f"Crowd{n}")
        for n in range(PEOPLE)
    )
    Employment.objects.bulk_create(Employment(person=person, agency=agency) for person in people)
    return people
