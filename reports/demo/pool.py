"""The demo's training pool, and who delivers which session."""

from __future__ import annotations

import datetime as dt
import random

from agencies.models import Person
from core.models import Partnership
from courses.models import CourseSession
from trainers.enums import DeliveryRole, TrainerKind
from trainers.models import Delivery, PoolMember

# E-mail, months since train the trainer, kind.
POOL = [
    ("amina.qureshi@acc.example.org", 18, TrainerKind.POOL),
    ("colin.burtwell@wcc.example.org", 26, TrainerKind.POOL),
    ("fiona.achebe@auh.example.org", 9, TrainerKind.POOL),
    ("jo.lindqvist@cvc.example.org", 14, TrainerKind.POOL),
    ("dev.sandhu@pol.example.org", 7, TrainerKind.POOL),
    ("karen.whitlow@pol.example.org", 30, TrainerKind.POOL),
    ("rhys.morgan@prb.example.org", 3, TrainerKind.POOL),
    ("beth.okonjo@mwr.example.org", 22, TrainerKind.POOL),
    ("sunil.perera@acc.example.org", 11, TrainerKind.POOL),
    ("marta.zielinska@wcc.example.org", 16, TrainerKind.POOL),
    ("leila.haddad@wmh.example.org", 56, TrainerKind.POOL),
    ("patrick.nolan@sec.example.org", 12, TrainerKind.COMMISSIONED),
]
# The lead of each course by the beginning of its code; the others co-deliver in turn.
LEADS = {"CP": 0, "NE": 1, "FI": 2, "PI": 2, "EX": 4, "DA": 7, "DS": 8, "EH": 9, "ON": 11, "SA": 11}


def make_pool(partnership: Partnership, *, today: dt.date, rng: random.Random) -> None:
    """The pool, and two trainers for each session but one that is still short of a co-trainer."""
    people = {person.email: person for person in Person.objects.of(partnership)}
    members = [
        PoolMember.objects.create(
            partnership=partnership,
            person=people[email],
            kind=kind,
            train_the_trainer_on=today - dt.timedelta(days=30 * months),
        )
        for email, months, kind in POOL
    ]
    sessions = list(CourseSession.objects.of(partnership).exclude(status="cancelled").select_related("course"))
    short = next((s for s in sessions if 5 < (s.first_day - today).days < 14), None)
    deliveries = [d for s in sessions for d in _deliveries(s, members, rng, alone=s == short)]
    Delivery.objects.bulk_create(deliveries)


def _deliveries(
    session: CourseSession, members: list[PoolMember], rng: random.Random, *, alone: bool
) -> list[Delivery]:
    lead = members[LEADS.get(session.course.code[:2], 3)]
    made = [Delivery(session=session, trainer=lead, role=DeliveryRole.LEAD)]
    if not alone:
        other = rng.choice([member for member in members if member != lead])
        made.append(Delivery(session=session, trainer=other, role=DeliveryRole.CO))
    return made
