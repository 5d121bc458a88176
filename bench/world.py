"""A partnership for one row: agencies, people with accounts and sign-ins, courses, dates. Not measured."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as SignIn
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import User
from accounts.permissions import Role
from agencies.enums import ChargeTier, Sector
from agencies.models import Agency, AgencyMembership, Employment, Person, RoleAppointment
from bookings.enums import HOLDS_A_PLACE, BookingStatus
from bookings.models import Booking, ChargingPolicy
from competencies.models import Group
from core.middleware.session_lifetime import SEEN_AT, SIGNED_IN_AT
from core.partnership_file import load_partnership
from core.periods import at_clock, london_day
from courses.enums import LengthBand, Mode
from courses.models import Course, CourseSession, Priority, SessionPart, Venue

from .stage import Stage, host_of

FILE = Path(settings.BASE_DIR) / "partnerships" / "aldermere.toml"
BACKEND = "accounts.backends.AccountBackend"
OUTCOMES = [
    "what current law and guidance expects of you",
    "how to spot and describe the impact of risk on a child",
    "when to share information, with whom, and how to record it",
    "how to challenge a decision that you think is wrong",
]


class World:
    """The partnership of the demo's file under a name and a host of the row's own."""

    def __init__(self, stage: Stage, row: str) -> None:
        text = re.sub(r"^slug = .*$", f'slug = "{row}"', FILE.read_text(), flags=re.MULTILINE)
        text = re.sub(r"^host_names = .*$", f'host_names = ["{host_of(row)}"]', text, flags=re.MULTILINE)
        path = stage.folder / f"{row}.toml"
        path.write_text(text)
        self.now, self.row, self.stage = timezone.now(), row, stage
        self.partnership = load_partnership(path=path, by=None, now=self.now).partnership
        self.groups = list(Group.objects.filter(framework__partnership=self.partnership))
        self.policy = ChargingPolicy.objects.of(self.partnership).in_force(on=london_day(self.now)).first()
        self.agencies = self._agencies(60)
        self.venues = Venue.objects.bulk_create(
            Venue(
                partnership=self.partnership,
                name=f"Oakfield Centre {n}",
                address="Mill Lane, Wrenbury WR4 2DN",
                access="Step-free entrance, hearing loop.",
                travel="Bus 7 from Wrenbury station.",
            )
            for n in range(7)
        )
        self.courses = self._courses(15)
        self._sessions = self._people = 0

    def _agencies(self, count: int) -> list[Agency]:
        sectors, tiers = Sector.values, ChargeTier.values
        agencies = Agency.objects.bulk_create(
            Agency(partnership=self.partnership, code=f"AG{n:02}", name=f"Agency {n}", sector=sectors[n % len(sectors)])
            for n in range(count)
        )
        AgencyMembership.objects.bulk_create(
            AgencyMembership(agency=agency, charge_tier=tiers[n % len(tiers)]) for n, agency in enumerate(agencies)
        )
        return agencies

    def _courses(self, count: int) -> list[Course]:
        priorities = list(Priority.objects.filter(partnership=self.partnership))
        courses = Course.objects.bulk_create(
            Course(
                partnership=self.partnership,
                code=f"WT{n:03}",
                title=f"Working together to safeguard children {n}",
                aim="Work with other agencies to identify, assess and meet the needs of children.",
                learning_outcomes=OUTCOMES,
                length=LengthBand.FULL_DAY,
                hours=6,
                mode=Mode.VIRTUAL if n % 3 == 0 else Mode.IN_PERSON,
                refresh_months=36,
            )
            for n in range(count)
        )
        for n, course in enumerate(courses):
            course.groups.set(self.groups[n % 4 : n % 4 + 2])
            course.priorities.set([priorities[n % len(priorities)]])
        return courses

    def people(self, count: int) -> list[Person]:
        """People with a verified account and a job in one of the agencies."""
        first = self._people
        self._people += count
        emails = [f"person{n}@{self.row}.example.org" for n in range(first, self._people)]
        users = User.objects.bulk_create(User(email=email, password="!none") for email in emails)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
        )
        people = Person.objects.bulk_create(
            Person(partnership=self.partnership, user=user, email=user.email, first_name="Sam", last_name=f"Person{n}")
            for n, user in enumerate(users, start=first)
        )
        jobs = Employment.objects.bulk_create(
            Employment(
                person=person,
                agency=self.agencies[n % len(self.agencies)],
                job_title="Social worker",
                manager_name="Jo Marsh",
                manager_email=f"manager{n % len(self.agencies)}@{self.row}.example.org",
            )
            for n, person in enumerate(people)
        )
        links = Employment.groups.through
        links.objects.bulk_create(
            links(employment_id=job.pk, group_id=self.groups[n % 4].pk) for n, job in enumerate(jobs)
        )
        return people

    def administrator(self) -> Person:
        person = self.people(1)[0]
        RoleAppointment.objects.create(person=person, role=Role.ADMINISTRATOR)
        return person

    def sign_in(self, people: Sequence[Person]) -> list[str]:
        """A sign-in for each person as the site makes one: the value of the session cookie."""
        users = User.objects.in_bulk([person.user_id for person in people])
        clock = self.now.timestamp()
        keys, rows = [], []
        for person in people:
            user = users[person.user_id]
            kept = {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: BACKEND,
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                SIGNED_IN_AT: clock,
                SEEN_AT: clock + 3600,  # so that no request of a short measurement is the one that notes the use
            }
            keys.append(get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"))
            rows.append(
                SignIn(
                    session_key=keys[-1],
                    session_data=SessionStore().encode(kept),
                    expire_date=self.now + dt.timedelta(hours=12),
                )
            )
        SignIn.objects.bulk_create(rows)
        return keys

    def sessions(self, count: int, *, capacity: int = 25, days_ahead: int = 40) -> list[CourseSession]:
        """Dates that may be booked, one a day from ``days_ahead`` on; before today with a negative number."""
        first = self._sessions
        self._sessions += count
        today = london_day(self.now)
        rows = []
        for n in range(count):
            course, day = self.courses[n % len(self.courses)], today + dt.timedelta(days=days_ahead + n % 300)
            rows.append(
                CourseSession(
                    partnership=self.partnership,
                    ref=f"WT-{first + n:05}",
                    course=course,
                    venue=self.venues[n % len(self.venues)],
                    mode=course.mode,
                    capacity=capacity,
                    status="held" if days_ahead < 0 else "scheduled",
                    starts_at=at_clock(day, 9, 30),
                    ends_at=at_clock(day, 16, 30),
                )
            )
        made = CourseSession.objects.bulk_create(rows, batch_size=1000)
        SessionPart.objects.bulk_create(
            (SessionPart(session=session, starts_at=session.starts_at, ends_at=session.ends_at) for session in made),
            batch_size=1000,
        )
        return made

    def book(
        self, session: CourseSession, people: Sequence[Person], status: str = BookingStatus.BOOKED
    ) -> list[Booking]:
        """Bookings written straight to the table, with places from 1 on where the state holds one."""
        jobs = dict(Employment.objects.filter(person__in=people).values_list("person_id", "agency_id"))
        return Booking.objects.bulk_create(
            Booking(
                partnership=self.partnership,
                session=session,
                person=person,
                agency_id=jobs[person.pk],
                policy=self.policy,
                status=status,
                place_number=number if status in HOLDS_A_PLACE else None,
                booked_at=session.starts_at - dt.timedelta(days=60),
            )
            for number, person in enumerate(people, start=1)
        )


def tidy() -> None:
    """Let PostgreSQL know the sizes of our tables, as it finds out by itself after a while."""
    with connection.cursor() as cursor:
        names = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        cursor.execute(f"ANALYZE {', '.join(names)}")
