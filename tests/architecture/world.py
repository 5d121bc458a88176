"""Two partnerships with one of everything, and everyone who may ask for a page."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.permissions import Role
from agencies.models import Agency, Person
from bookings.domain.certificates import release_certificate
from bookings.enums import BookingStatus, ChargeKind
from bookings.models import Booking, Certificate, Charge, Register
from core.links import make_link, token_of
from core.models import ImportRun, Job, OutboxMessage, Partnership
from courses.models import CourseSession
from evaluations.models import ImpactFollowUp
from reports.models import QuarterlyReport
from tests import factories as make

HOST, OTHER_HOST = "aldermere.test", "elsewhere.test"

# The columns of access.csv. "deactivated" signed in before the account was closed; the last two hold a one-time link.
ACTORS = [
    "anonymous",
    "practitioner",
    "other_agency",
    "other_partnership",
    "agency_lead",
    "trainer",
    "other_trainer",
    "subgroup_member",
    "subgroup_chair",
    "administrator",
    "foreign_administrator",
    "platform",
    "deactivated",
    "survey_link",
    "evaluation_link",
]


@dataclass
class Place:
    """One partnership with one of everything that has an address."""

    partnership: Partnership
    agency: Agency
    session: CourseSession
    held: CourseSession
    booking: Booking
    attended: Booking
    certificate: Certificate
    charge: Charge
    survey_token: str
    evaluation_token: str
    report: QuarterlyReport
    job: Job
    message: OutboxMessage
    run: ImportRun
    practitioner: Person
    administrator: Person
    trainer: Person


def survey_token(attended: Booking, later: dt.datetime) -> str:
    """The token of an impact survey that is open."""
    now = timezone.now()
    follow_up = ImpactFollowUp.objects.create(
        partnership=attended.partnership,
        booking=attended,
        due_on=now.date() - dt.timedelta(days=10),
        closes_on=now.date() + dt.timedelta(days=80),
        invited_at=now,
    )
    return _token("impact_survey", attended.partnership, follow_up.pk, later)


def evaluation_token(held: CourseSession, later: dt.datetime) -> str:
    """The token of an evaluation that waits to be sent."""
    waiting = make.BookingFactory(session=held, status=BookingStatus.ATTENDED)
    return _token("evaluation", held.partnership, waiting.pk, later)


def _token(purpose: str, partnership: Partnership, object_id: int, later: dt.datetime) -> str:
    return token_of(make_link(partnership=partnership, purpose=purpose, object_id=object_id, expires_at=later))


def build_place(host: str, marker: str = "") -> Place:
    """A partnership at ``host``; ``marker`` is planted in its texts so that a leak would show."""
    now = timezone.now()
    partnership = make.PartnershipFactory(name=f"Partnership {host} {marker}")
    make.host_for(partnership, host)
    policy = make.PolicyFactory(partnership=partnership)
    agency = make.AgencyFactory(partnership=partnership, name=f"Agency {host} {marker}")
    learner = make.person_with_account(partnership, agency=agency, last_name=f"Learner{marker}")
    trainer = make.person_with_account(partnership, Role.TRAINER, agency=agency, last_name=f"Trainer{marker}")
    course = make.CourseFactory(partnership=partnership, title=f"Course {host} {marker}")
    session = make.SessionFactory(partnership=partnership, course=course)
    held = make.SessionFactory(partnership=partnership, course=course, starts_at=make.in_days(-100), status="held")
    for one in (session, held):
        make.deliver(one, trainer)
    Register.objects.create(session=held, finished_at=now)
    attended = make.BookingFactory(session=held, person=learner, status=BookingStatus.ATTENDED)
    absent = make.BookingFactory(session=held, status=BookingStatus.DID_NOT_ATTEND)
    later = now + dt.timedelta(days=30)
    return Place(
        partnership=partnership,
        agency=agency,
        session=session,
        held=held,
        booking=make.BookingFactory(session=session, person=learner),
        attended=attended,
        certificate=release_certificate(booking=attended, by=None, now=now),
        charge=Charge.objects.create(
            partnership=partnership,
            booking=absent,
            agency=absent.agency,
            policy=policy,
            kind=ChargeKind.ABSENCE,
            amount=50,
            raised_at=now,
        ),
        survey_token=survey_token(attended, later),
        evaluation_token=evaluation_token(held, later),
        # A report's address is its quarter, so the two partnerships report on different ones.
        report=QuarterlyReport.objects.create(
            partnership=partnership, year=2025, quarter=2 if marker else 1, figures_at=now
        ),
        job=Job.objects.create(partnership=partnership, kind="none", title=f"Job {marker}", state=Job.State.FINISHED),
        message=OutboxMessage.objects.create(
            partnership=partnership,
            key=f"test:{host}",
            kind="account",
            recipient=f"reader{marker.lower()}@x.example",
            due_at=later,
            facts={"subject": f"Hello {marker}", "body": "x"},
        ),
        run=ImportRun.objects.create(partnership=partnership, kind="agencies", file_name=f"agencies{marker}.csv"),
        practitioner=learner,
        administrator=make.person_with_account(partnership, Role.ADMINISTRATOR),
        trainer=trainer,
    )


def accounts(here: Place, there: Place) -> dict[str, Any]:
    """The account of each actor who signs in."""
    at_home = here.partnership
    return {
        "practitioner": here.practitioner.user,
        "other_agency": make.person_with_account(at_home).user,
        "other_partnership": there.practitioner.user,
        "agency_lead": make.person_with_account(at_home, Role.AGENCY_LEAD, agency=here.agency).user,
        "trainer": here.trainer.user,
        "other_trainer": make.person_with_account(at_home, Role.TRAINER).user,
        "subgroup_member": make.person_with_account(at_home, Role.SUBGROUP_MEMBER).user,
        "subgroup_chair": make.person_with_account(at_home, Role.SUBGROUP_CHAIR).user,
        "administrator": here.administrator.user,
        "foreign_administrator": there.administrator.user,
        "platform": make.UserFactory(is_superuser=True, is_staff=True),
        "deactivated": make.person_with_account(at_home, Role.ADMINISTRATOR).user,
    }


def client_of(actor: str, here: Place, users: dict[str, Any]) -> Client:
    """A browser of ``actor`` at the first partnership's host."""
    client = Client(headers={"host": HOST}, raise_request_exception=True)
    if actor in users:
        make.sign_in(client, users[actor])
    if actor == "deactivated":
        type(users[actor]).objects.filter(pk=users[actor].pk).update(is_active=False)
    if actor == "survey_link":
        client.get(f"/survey/{here.survey_token}/")
    if actor == "evaluation_link":
        client.get(f"/evaluate/{here.evaluation_token}/")
    return client


def every_url() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each named address of the service with the names of its parameters."""
    yield from _walk(get_resolver(), "", ())


def _walk(resolver: URLResolver, namespace: str, names: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in resolver.url_patterns:
        inner = names + tuple(pattern.pattern.converters) + _regex_names(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace, inner)
        elif isinstance(pattern, URLPattern):
            name = pattern.name or inspect.unwrap(pattern.callback).__qualname__
            yield f"{namespace}{name}", tuple(dict.fromkeys(inner))


def _regex_names(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    regex = pattern.pattern.regex
    return tuple(name for name in regex.groupindex if name not in pattern.pattern.converters)


def address(name: str, place: Place, values: dict[str, Any]) -> str:
    """The path of ``name`` with the given values."""
    return reverse(name, kwargs=values)
