"""What needs the administrator: how many, what, why it matters, and where to do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Sum
from django.urls import reverse

from agencies.queries import people_without_agency
from bookings.enums import ChargeState
from bookings.models import Charge
from core.models import ImportRun, OutboxMessage, Partnership
from core.periods import london_day
from core.templatetags.archway import long_date, money, plural_count
from courses.models import CourseSession

from .dates import Need, short_of_trainers, with_people_waiting, without_register

Item = dict[str, Any]
RECENT = dt.timedelta(days=7)
NAMED = 2


def attention_items(partnership: Partnership, *, now: dt.datetime) -> list[Item]:
    """The list of Today, the gravest first (ux 5); each leads to the list already narrowed to it."""
    items = [
        _registers(partnership, now),
        _charges(partnership),
        _trainers(partnership, now),
        _waiting(partnership, now),
        _mails(partnership),
        _accounts(partnership, now),
        _imports(partnership, now),
    ]
    return [item for item in items if item is not None]


def _dates_url(need: str) -> str:
    return f"{reverse('reports:dates')}?need={need}"


def _named(sessions: Iterable[CourseSession]) -> str:
    """``Neglect, 26 February and Early help, 27 February``: the first two, and how many more."""
    found = list(sessions)
    words = [f"{one.course.title}, {one.first_day.day} {one.first_day:%B}" for one in found[:NAMED]]
    more = len(found) - NAMED
    return " and ".join(words) + (f" and {more} more" if more > 0 else "")


def _registers(partnership: Partnership, now: dt.datetime) -> Item | None:
    sessions = list(without_register(partnership, now=now))
    if not sessions:
        return None
    return {
        "count": len(sessions),
        "what": "register not taken" if len(sessions) == 1 else "registers not taken",
        "why": _named(sessions),
        "url": f"{reverse('bookings:manage_sessions')}?when=to_finish",
        "action": "Take registers",
        "tone": "bad",
    }


def _charges(partnership: Partnership) -> Item | None:
    proposed = Charge.objects.of(partnership).filter(state=ChargeState.PROPOSED)
    found = proposed.aggregate(count=Count("pk"), amount=Sum("amount"), since=Min("raised_at"))
    if not found["count"]:
        return None
    sum_of, since = money(found["amount"]), long_date(found["since"])
    return {
        "count": found["count"],
        "what": "charge to confirm or waive" if found["count"] == 1 else "charges to confirm or waive",
        "why": f"Absences, late cancellations and place fees since {since}, {sum_of}",
        "url": f"{reverse('bookings:manage_charges')}?state={ChargeState.PROPOSED}",
        "action": "Review charges",
        "tone": "warn",
    }


def _trainers(partnership: Partnership, now: dt.datetime) -> Item | None:
    sessions = list(short_of_trainers(partnership, now=now))
    if not sessions:
        return None
    return {
        "count": len(sessions),
        "what": "date with too few trainers" if len(sessions) == 1 else "dates with too few trainers",
        "why": f"{_named(sessions)}. Each needs {plural_count(sessions[0].trainers_asked, 'trainer')}",
        "url": _dates_url(Need.TRAINERS),
        "action": "See the dates",
        "tone": "warn",
    }


def _waiting(partnership: Partnership, now: dt.datetime) -> Item | None:
    sessions = list(with_people_waiting(partnership, now=now))
    if not sessions:
        return None
    people = sum(session.waiting for session in sessions)
    free = sum(session.capacity - session.taken for session in sessions)
    return {
        "count": people,
        "what": f"{'person' if people == 1 else 'people'} waiting where places are free",
        "why": f"{_named(sessions)}. {plural_count(free, 'place is free,places are free')}",
        "url": _dates_url(Need.PLACES),
        "action": "See the dates",
        "tone": "info",
    }


def _mails(partnership: Partnership) -> Item | None:
    """Mails that could not be delivered, and those held because nobody knows whether they left."""
    state = OutboxMessage.State
    stuck = OutboxMessage.objects.filter(partnership=partnership, state__in=(state.FAILED, state.HELD))
    counts = dict(stuck.order_by().values_list("state").annotate(count=Count("pk")))
    if not counts:
        return None
    failed, held = counts.get(state.FAILED, 0), counts.get(state.HELD, 0)
    why = [f"{failed} could not be delivered"] if failed else []
    why += [f"{held} held for you to decide"] if held else []
    return {
        "count": failed + held,
        "what": f"email{'' if failed + held == 1 else 's'} that did not arrive",
        "why": ", ".join(why),
        "url": f"{reverse('core:mail_log')}?state={state.FAILED if failed else state.HELD}",
        "action": "See the emails",
    }


def _accounts(partnership: Partnership, now: dt.datetime) -> Item | None:
    count = people_without_agency(partnership, on=london_day(now)).count()
    if not count:
        return None
    return {
        "count": count,
        "what": f"{'account' if count == 1 else 'accounts'} to match to an agency",
        "why": "Nothing they book can be charged or reported until then",
        "url": f"{reverse('agencies:people')}?agency=none",
        "action": "Match accounts",
    }


def _imports(partnership: Partnership, now: dt.datetime) -> Item | None:
    """Files of the last week of which rows were refused."""
    runs = ImportRun.objects.filter(partnership=partnership, refused__gt=0, created_at__gte=now - RECENT)
    found = runs.exclude(state=ImportRun.State.UNDONE).aggregate(files=Count("pk"), rows=Sum("refused"))
    if not found["files"]:
        return None
    return {
        "count": found["files"],
        "what": "import with refused rows" if found["files"] == 1 else "imports with refused rows",
        "why": f"{plural_count(found['rows'], 'row')} did not go in, since {long_date(now - RECENT)}",
        "url": reverse("core:import_list"),
        "action": "See the imports",
    }
