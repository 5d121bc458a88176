"""Believable people, agencies, courses and bookings for every test.

Start from ``PartnershipFactory()`` and pass it on: ``SessionFactory(partnership=p)`` makes course and venue in the same
partnership. Days are written in London: ``at("2026-03-12 09:30")``.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.test import Client
from factory.django import DjangoModelFactory

from accounts.models import User
from accounts.permissions import Role
from agencies.enums import ChargeTier, Contribution, Sector
from agencies.models import Agency, AgencyMembership, Employment, Person, RoleAppointment
from bookings.enums import HOLDS_A_PLACE, BookingStatus, ChargeKind
from bookings.models import Booking, BookingNeeds, ChargingPolicy, PolicyPrice
from competencies.models import CompetencyFramework, Group
from core.models import HostName, Partnership
from core.periods import LONDON
from courses.enums import LengthBand, Mode
from courses.models import Course, CourseSession, Priority, SessionPart, Venue
from trainers.enums import DeliveryRole
from trainers.models import Delivery, PoolMember

PASSWORD = "a long enough password"
ACCOUNT_BACKEND = "accounts.backends.AccountBackend"
FAR_PAST = dt.date(2020, 1, 1)


def at(text: str) -> dt.datetime:
    """The London moment written as ``2026-03-12 09:30``."""
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


class PartnershipFactory(DjangoModelFactory):
    class Meta:
        model = Partnership

    slug = factory.Sequence(lambda n: f"partnership-{n}")
    name = factory.Sequence(lambda n: f"Wrenshire Safeguarding Children Partnership {n}")
    short_name = "Wrenshire"
    strands = factory.LazyFunction(lambda: ["children"])
    contact_email = "training@wrenshire.example"
    contact_phone = "01632 960144"


def host_for(partnership: Partnership, host: str) -> HostName:
    """Let ``host`` lead to ``partnership``: needed as soon as a test has two partnerships."""
    return HostName.objects.create(partnership=partnership, host=host)


class FrameworkFactory(DjangoModelFactory):
    class Meta:
        model = CompetencyFramework

    partnership = factory.SubFactory(PartnershipFactory)
    code = factory.Sequence(lambda n: f"framework-{n}")
    name = "Safeguarding children"
    tier_word = "Group"


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group

    class Params:
        partnership = None

    framework = factory.LazyAttribute(
        lambda made: (
            CompetencyFramework.objects.filter(partnership=made.partnership).first()
            or FrameworkFactory(**({"partnership": made.partnership} if made.partnership else {}))
        )
    )
    code = factory.Sequence(lambda n: str(n + 1))
    name = "Work mainly with children and families"
    order = factory.Sequence(int)


class AgencyFactory(DjangoModelFactory):
    """An agency with its terms: ``AgencyFactory(tier="F")``; tier A unless told, ``tier=""`` for none."""

    class Meta:
        model = Agency
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    code = factory.Sequence(lambda n: f"AG{n:04d}")
    name = factory.Sequence(lambda n: f"Oakfield Primary School {n}")
    sector = Sector.LOCAL_AUTHORITY

    @factory.post_generation
    def tier(self: Agency, create: bool, extracted: str | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted != "":
            AgencyMembership.objects.create(
                agency=self,
                charge_tier=extracted or ChargeTier.A,
                contribution=Contribution.NONE,
                effective_from=FAR_PAST,
            )


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@oakfield.example")
    password = factory.PostGenerationMethodCall("set_password", PASSWORD)

    @classmethod
    def _after_postgeneration(cls, instance: User, create: bool, results: Any = None) -> None:
        if create:
            instance.save()


class PersonFactory(DjangoModelFactory):
    """A person without an account. ``person_with_account`` makes one who can sign in."""

    class Meta:
        model = Person

    partnership = factory.SubFactory(PartnershipFactory)
    email = factory.Sequence(lambda n: f"amira{n}@oakfield.example")
    first_name = "Amira"
    last_name = factory.Sequence(lambda n: f"Sample{n}")


class EmploymentFactory(DjangoModelFactory):
    class Meta:
        model = Employment
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    agency = factory.LazyAttribute(lambda made: AgencyFactory(partnership=made.person.partnership))
    job_title = "Teaching assistant"
    manager_name = "Mo Manager"
    manager_email = "mo.manager@oakfield.example"

    @factory.post_generation
    def groups(self: Employment, create: bool, extracted: list[Group] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted:
            self.groups.set(extracted)


def person_with_account(
    partnership: Partnership,
    *roles: Role,
    agency: Agency | None = None,
    groups: list[Group] | None = None,
    **details: Any,
) -> Person:
    """A person with a verified account, a job and roles. Everyone is a practitioner without being told."""
    person = PersonFactory(partnership=partnership, **details)
    person.user = UserFactory(email=person.email)
    person.save()
    EmailAddress.objects.create(user=person.user, email=person.email, verified=True, primary=True)
    job = EmploymentFactory(person=person, agency=agency or AgencyFactory(partnership=partnership), groups=groups or [])
    for role in roles:
        appointed_at = job.agency if role == Role.AGENCY_LEAD else None
        RoleAppointment.objects.create(person=person, role=role, agency=appointed_at)
    if Role.TRAINER in roles:
        PoolMember.objects.create(partnership=partnership, person=person)
    return person


def sign_in(client: Client, who: Person | User) -> Client:
    """Sign ``who`` in as the site does. Plain ``force_login`` would pick the backend that only answers about rights."""
    user = who.user if isinstance(who, Person) else who
    client.force_login(user, backend=ACCOUNT_BACKEND)
    return client


class PolicyFactory(DjangoModelFactory):
    """5 working days' notice; absence £50 a day, £25 a half day; private agencies (F) pay £100 and £50 a place."""

    class Meta:
        model = ChargingPolicy
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    effective_from = FAR_PAST
    notice_days = 5

    @factory.post_generation
    def prices(self: ChargingPolicy, create: bool, extracted: list[tuple] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if not create:
            return
        usual = [
            (ChargeKind.ABSENCE, "", LengthBand.FULL_DAY, "50"),
            (ChargeKind.ABSENCE, "", LengthBand.HALF_DAY, "25"),
            (ChargeKind.PLACE, ChargeTier.F, LengthBand.FULL_DAY, "100"),
            (ChargeKind.PLACE, ChargeTier.F, LengthBand.HALF_DAY, "50"),
        ]
        PolicyPrice.objects.bulk_create(
            PolicyPrice(policy=self, kind=kind, tier=tier, length=length, amount=Decimal(amount))
            for kind, tier, length, amount in (usual if extracted is None else extracted)
        )


class CourseFactory(DjangoModelFactory):
    """A full day face to face. ``CourseFactory(groups=[…], priorities=["Neglect"], prerequisites=[…])``."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    code = factory.Sequence(lambda n: f"CWT{n}")
    title = factory.Sequence(lambda n: f"Core Working Together {n}")
    aim = "Work with other agencies to identify, assess and meet the needs of children."
    learning_outcomes = factory.LazyFunction(
        lambda: [
            "what current law and guidance expects of you",
            "how to spot and describe the impact of risk on a child",
        ]
    )
    length = LengthBand.FULL_DAY
    hours = Decimal("6")
    mode = Mode.IN_PERSON
    capacity = 24
    refresh_months = 36

    @factory.post_generation
    def groups(self: Course, create: bool, extracted: list[Group] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted:
            self.groups.set(extracted)

    @factory.post_generation
    def prerequisites(self: Course, create: bool, extracted: list[Course] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted:
            self.prerequisites.set(extracted)

    @factory.post_generation
    def priorities(self: Course, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        for name in (extracted or []) if create else []:
            self.priorities.add(Priority.objects.get_or_create(partnership=self.partnership, name=name)[0])


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Oakfield Centre {n}")
    address = "Mill Lane, Wrenbury WR4 2DN"
    access = "Step-free entrance, hearing loop, accessible toilet, quiet room."
    travel = "Bus 7 from Wrenbury station. Free parking behind the building."


class SessionFactory(DjangoModelFactory):
    """One day, 9:30am to 4:30pm, far enough ahead to book. Pass ``starts_at`` alone and the end follows by 7 hours."""

    class Meta:
        model = CourseSession
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    course = factory.SubFactory(CourseFactory, partnership=factory.SelfAttribute("..partnership"))
    venue = factory.SubFactory(VenueFactory, partnership=factory.SelfAttribute("..partnership"))
    ref = factory.Sequence(lambda n: f"CWT-{n:05d}")
    mode = factory.SelfAttribute("course.mode")
    capacity = factory.SelfAttribute("course.capacity")
    starts_at = factory.LazyFunction(lambda: in_days(60))
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + dt.timedelta(hours=7))

    @factory.post_generation
    def parts(self: CourseSession, create: bool, extracted: list[tuple] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create:
            for starts_at, ends_at in extracted or [(self.starts_at, self.ends_at)]:
                SessionPart.objects.create(session=self, starts_at=starts_at, ends_at=ends_at)


def in_days(days: int, clock: str = "09:30") -> dt.datetime:
    """A London moment ``days`` after today, for tests of pages that read the clock themselves."""
    day = dt.datetime.now(LONDON).date() + dt.timedelta(days=days)
    return at(f"{day:%Y-%m-%d} {clock}")


class BookingFactory(DjangoModelFactory):
    """A booking in any state, written straight to the table. A state that holds a place gets the next place number."""

    class Meta:
        model = Booking

    session = factory.SubFactory(SessionFactory)
    partnership = factory.SelfAttribute("session.partnership")
    person = factory.LazyAttribute(lambda made: PersonFactory(partnership=made.session.partnership))
    agency = factory.LazyAttribute(lambda made: _agency_of(made.person))
    policy = factory.LazyAttribute(
        lambda made: ChargingPolicy.objects.filter(partnership=made.session.partnership).first()
    )
    status = BookingStatus.BOOKED
    booked_at = factory.LazyAttribute(lambda made: made.session.starts_at - dt.timedelta(days=40))
    place_number = factory.LazyAttribute(
        lambda made: _next_place(made.session) if made.status in HOLDS_A_PLACE else None
    )


def _agency_of(person: Person) -> Agency:
    job = Employment.objects.filter(person=person).order_by("-pk").first()
    return job.agency if job else AgencyFactory(partnership=person.partnership)


def _next_place(session: CourseSession) -> int:
    taken = Booking.objects.filter(session=session, place_number__isnull=False).values_list("place_number", flat=True)
    return max(taken, default=0) + 1


class NeedsFactory(DjangoModelFactory):
    class Meta:
        model = BookingNeeds

    booking = factory.SubFactory(BookingFactory)
    access = factory.LazyFunction(lambda: ["large_print"])


def deliver(session: CourseSession, trainer: Person, role: DeliveryRole = DeliveryRole.LEAD) -> Delivery:
    """Let ``trainer`` deliver ``session``; a person not yet in the pool joins it."""
    member = PoolMember.objects.get_or_create(person=trainer, defaults={"partnership": trainer.partnership})[0]
    return Delivery.objects.create(session=session, trainer=member, role=role)
