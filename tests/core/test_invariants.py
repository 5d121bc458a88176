"""What must hold at all times is checked, and a violation is named."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agencies.models import Employment
from bookings.models import Booking
from core.invariants import owner_path, rows_across_partnerships, stuck_messages
from core.models import OutboxMessage, Partnership
from core.outbox import queue_many
from tests.factories import AgencyFactory, BookingFactory, EmploymentFactory, PersonFactory
from tests.support.kinds import message

pytestmark = pytest.mark.django_db


def test_every_row_of_a_partnership_knows_the_way_to_it() -> None:
    assert (owner_path(Booking), owner_path(Employment)) == ("partnership", "person__partnership")
    assert owner_path(Employment.groups.through).endswith("partnership")
    assert owner_path(Partnership) == ""


def test_rows_of_two_partnerships_side_by_side_are_no_violation() -> None:
    BookingFactory()
    BookingFactory()
    assert rows_across_partnerships() == []


def test_a_row_that_points_across_is_named(partnership: Partnership, other_partnership: Partnership) -> None:
    job = EmploymentFactory(person=PersonFactory(partnership=partnership))
    booking = BookingFactory()
    Employment.objects.filter(pk=job.pk).update(agency=AgencyFactory(partnership=other_partnership))
    Booking.objects.update(partnership=other_partnership)
    found = rows_across_partnerships()
    assert f"agencies.Employment {job.pk}: its agency belongs to another partnership." in found
    assert f"bookings.Booking {booking.pk}: its session belongs to another partnership." in found


@pytest.mark.parametrize(("minutes", "stuck"), [(19, 0), (21, 1)])
def test_a_message_that_nobody_takes_back_is_named(partnership: Partnership, minutes: int, stuck: int) -> None:
    queue_many([message(partnership, "a@example.org")])
    claimed = timezone.now() - dt.timedelta(minutes=minutes)
    OutboxMessage.objects.update(state=OutboxMessage.State.SENDING, claimed_at=claimed)
    assert len(stuck_messages()) == stuck


def test_the_command_counts(partnership: Partnership, other_partnership: Partnership) -> None:
    out = StringIO()
    call_command("verify_invariants", stdout=out)
    assert out.getvalue().endswith("\n0 violations\n")
    EmploymentFactory(person=PersonFactory(partnership=partnership))
    Employment.objects.update(agency=AgencyFactory(partnership=other_partnership))
    with pytest.raises(CommandError, match=r"^1 violation$") as failed:
        call_command("verify_invariants", stdout=StringIO())
    assert failed.value.returncode == 1
