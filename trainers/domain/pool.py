"""Who delivers what: the questions other rules ask about the training pool (R81, R88)."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from agencies.models import Person
from courses.models import CourseSession
from trainers.enums import DeliveryRole
from trainers.models import Delivery

# Observers learn to deliver; the session and its register are not theirs.
DELIVERS = (DeliveryRole.LEAD, DeliveryRole.CO)


def is_delivering(user: User, session: CourseSession) -> bool:
    """Whether ``user`` delivers ``session``, as lead or as co-trainer (R88)."""
    if not user.is_authenticated:
        return False
    mine = Delivery.objects.filter(session=session, role__in=DELIVERS, trainer__active=True, trainer__person__user=user)
    return mine.exists()


def trainers_of(session: CourseSession) -> QuerySet[Person]:
    """The people who deliver ``session``, lead first."""
    people = Person.objects.filter(pool_member__deliveries__session=session, pool_member__deliveries__role__in=DELIVERS)
    return people.order_by("-pool_member__deliveries__role", "last_name")
