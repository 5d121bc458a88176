"""All of the app's sweeps together, as the engine runs them: on time, late, twice, and by several processes at once."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection

from agencies.models import Person
from bookings.models import Booking
from core.models import OneTimeLink, OutboxMessage, Partnership
from core.sweeps import run_sweeps
from evaluations.models import ImpactFollowUp, InitialRequest
from tests.evaluations.builders import asked_to_evaluate, attendance, held_session
from tests.factories import AgencyFactory, PartnershipFactory, PersonFactory, at

OURS = {"initial_reminders", "impact_follow_ups", "impact_invitations", "impact_reminders"}
EMAILS = [
    "initial_evaluation_invited",
    "initial_evaluation_reminder",
    "impact_survey_invited",
    "impact_survey_reminder",
]


def sweep(moment: str | dt.datetime) -> None:
    outcomes = run_sweeps(at(moment) if isinstance(moment, str) else moment, only=OURS)
    assert {outcome.name for outcome in outcomes} == OURS
    assert not any(outcome.error for outcome in outcomes)


def kinds(state: str = "waiting") -> Counter[str]:
    """How many mails of each kind and stage were queued."""
    keys = OutboxMessage.objects.filter(kind__in=EMAILS, state=state).values_list("key", flat=True)
    return Counter(f"{key.split(':')[0]} {key.split(':')[2]}".strip() for key in keys)


AROUND_THE_EDGES = ("00:00", "01:30", "07:59", "08:00", "13:00", "18:00")


def moments(first: str, last: str, clocks: tuple[str, ...] = AROUND_THE_EDGES) -> Iterator[dt.datetime]:
    """Moments of every day: around the edges of sending hours, and in the hour that the clocks skip or repeat."""
    day = dt.date.fromisoformat(first)
    while day <= dt.date.fromisoformat(last):
        for clock in clocks:
            yield at(f"{day} {clock}")
        day += dt.timedelta(days=1)


@pytest.fixture
def partnership(db: None) -> Partnership:
    return PartnershipFactory()


@pytest.mark.parametrize(
    ("ended", "first_sent", "why"),
    [
        ("2025-08-31", "2025-12-01", "31 August plus three months is 30 November, a Sunday"),
        ("2025-11-30", "2026-03-02", "end of February, a Saturday"),
        ("2023-11-30", "2024-02-29", "29 February"),
        ("2025-12-29", "2026-03-30", "the clocks go forward the night before"),
        ("2026-07-25", "2026-10-26", "the clocks go back the night before"),
        ("2025-09-25", "2025-12-29", "Christmas Day and Boxing Day are skipped"),
        ("2025-10-01", "2026-01-02", "over the year's end"),
        ("2026-01-01", "2026-04-01", "into a new programme year"),
    ],
)
def test_each_survey_is_sent_once_on_its_day_whatever_the_calendar_does(
    partnership: Partnership, ended: str, first_sent: str, why: str
) -> None:
    attendance(held_session(ended, partnership=partnership))
    day = dt.date.fromisoformat(first_sent)
    for moment in moments(str(day - dt.timedelta(days=4)), str(day + dt.timedelta(days=3))):
        sweep(moment)
    (mail,) = OutboxMessage.objects.filter(kind="impact_survey_invited")
    assert mail.due_at == at(f"{first_sent} 08:00"), why


def test_a_whole_life_on_time(partnership: Partnership) -> None:
    asked_to_evaluate(held_session("2026-03-12", partnership=partnership), now=at("2026-03-12 17:30"))
    for first, last in (("2026-03-12", "2026-04-10"), ("2026-06-08", "2026-07-31"), ("2026-09-07", "2026-09-18")):
        for moment in moments(first, last, ("08:00",)):
            sweep(moment)
    assert kinds() == {
        "initial_evaluation_invited": 1,
        "initial_evaluation_reminder reminder-1": 1,
        "initial_evaluation_reminder reminder-2": 1,
        "initial_evaluation_reminder reminder-3": 1,
        "impact_survey_invited": 1,
        "impact_survey_reminder reminder-1": 1,
        "impact_survey_reminder reminder-2": 1,
    }
    assert not kinds("missed")


@pytest.mark.parametrize(
    ("back_at_work", "invited", "reminded", "missed"),
    [
        ("2026-06-15 08:00", 1, 0, 0),  # away for 3 days from the day it was due
        ("2026-06-22 08:00", 1, 0, 0),  # 8 days
        ("2026-07-22 08:00", 1, 0, 0),  # 40 days
        ("2026-09-11 08:00", 1, 0, 0),  # the window's last working day
        ("2026-09-14 08:00", 0, 0, 0),  # past the window: nothing is sent any more
    ],
)
def test_an_invitation_delayed_by_an_outage_still_goes_inside_the_window(
    partnership: Partnership, back_at_work: str, invited: int, reminded: int, missed: int
) -> None:
    attendance(held_session("2026-03-12", partnership=partnership))
    sweep("2026-06-11 12:00")
    sweep(back_at_work)
    sweep(back_at_work)
    assert kinds() == ({"impact_survey_invited": 1} if invited else {})


@pytest.mark.parametrize(
    ("back_at_work", "sent", "missed"),
    [
        ("2026-06-29 08:00", "reminder-1", []),  # 3 days late: still useful
        ("2026-07-04 08:00", "", []),  # a Saturday: nothing is decided
        ("2026-07-06 08:00", "", ["reminder-1"]),  # more than 3 days late
        ("2026-07-13 08:00", "reminder-2", ["reminder-1"]),  # of two only the later
        ("2026-08-05 08:00", "", ["reminder-1", "reminder-2"]),  # 40 days
        ("2026-09-14 08:00", "", []),  # closed
    ],
)
def test_reminders_past_their_moment_are_marked_missed(
    partnership: Partnership, back_at_work: str, sent: str, missed: list[str]
) -> None:
    attendance(held_session("2026-03-12", partnership=partnership))
    sweep("2026-06-12 08:00")
    sweep(back_at_work)
    sweep(back_at_work)
    assert kinds() == {"impact_survey_invited": 1, **({f"impact_survey_reminder {sent}": 1} if sent else {})}
    assert kinds("missed") == dict.fromkeys([f"impact_survey_reminder {stage}" for stage in missed], 1)


def test_after_40_days_of_outage_nobody_gets_more_than_one_mail_a_day(partnership: Partnership) -> None:
    """Surveys due, surveys to be reminded of and evaluations to be sent, all for the same three people."""
    people = [PersonFactory(partnership=partnership) for _ in range(3)]
    for day in ("2026-02-10", "2026-02-11", "2026-02-12", "2026-02-13", "2026-03-12", "2026-03-13"):
        session = held_session(day, partnership=partnership)
        for person in people:
            attendance(session, person=person)
    sweep("2026-05-12 08:00")
    for person in people:
        asked_to_evaluate(
            held_session("2026-06-20", partnership=partnership), now=at("2026-06-20 17:30"), person=person
        )
    before = OutboxMessage.objects.count()
    for moment in moments("2026-06-22", "2026-07-03"):
        sweep(moment)
    sent = OutboxMessage.objects.filter(kind__in=EMAILS, state="waiting", pk__gt=0).values_list("recipient", "due_at")
    a_day = Counter((recipient, due_at.date()) for recipient, due_at in sent if due_at > at("2026-06-21 00:00"))
    assert OutboxMessage.objects.count() > before
    assert set(a_day.values()) == {1}
    assert not ImpactFollowUp.objects.filter(invited_at=None).exists()


def crowd(partnership: Partnership, people: int) -> None:
    """Many who attended one session on 12 March, written in bulk."""
    session, agency = held_session("2026-03-12", partnership=partnership), AgencyFactory(partnership=partnership)
    made = Person.objects.bulk_create(
        Person(partnership=partnership, first_name="Amira", last_name=f"Sample{n}", email=f"crowd{n}@oakfield.example")
        for n in range(people)
    )
    Booking.objects.bulk_create(
        Booking(
            partnership=partnership,
            session=session,
            person=person,
            agency=agency,
            status="attended",
            booked_at=session.starts_at,
        )
        for person in made
    )


def test_a_thousand_surveys_due_go_in_seconds(partnership: Partnership) -> None:
    crowd(partnership, 1000)
    began = time.process_time()
    sweep("2026-06-12 08:00")
    assert time.process_time() - began < 10
    assert kinds() == {"impact_survey_invited": 1000}
    assert OneTimeLink.objects.filter(purpose="impact_survey").count() == 1000
    sweep("2026-06-12 08:01")
    assert kinds() == {"impact_survey_invited": 1000}


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_and_three_engines_at_once_send_each_once() -> None:
    partnership = PartnershipFactory()
    crowd(partnership, 700)
    asked = [
        asked_to_evaluate(held_session("2026-06-11", partnership=partnership), now=at("2026-06-11 17:30")) for _ in "ab"
    ]
    for moment in ("2026-06-12 08:00", "2026-06-26 08:00", "2026-07-10 08:00"):
        together([lambda moment=moment: sweep(moment)] * 3)
        together([lambda moment=moment: sweep(moment)] * 2)
        sweep(moment)
    assert kinds() == {
        "initial_evaluation_invited": 2,
        "initial_evaluation_reminder reminder-1": 2,
        "initial_evaluation_reminder reminder-3": 2,
        "impact_survey_invited": 700,
        "impact_survey_reminder reminder-1": 700,
        "impact_survey_reminder reminder-2": 700,
    }
    assert InitialRequest.objects.count() == len(asked)


def together(acts: list) -> None:
    """Run all ``acts`` in threads of their own, started at one moment; the first failure fails the test."""
    barrier, failures = threading.Barrier(len(acts)), []

    def run(act) -> None:
        try:
            barrier.wait()
            act()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
