"""The trail cannot be changed unseen: the database refuses it, and the chain of seals finds it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from core.audit import event, record, record_many, request_address
from core.models import AuditEvent, AuditSeal, Partnership
from core.seals import BEGINNING, seal_events, verify_chain
from tests.factories import at

NOW = at("2026-03-02 08:00")


def trail_of(partnership: Partnership, count: int) -> None:
    record_many(
        event("thing.changed", partnership, partnership=partnership, by=None, now=NOW + dt.timedelta(minutes=n),
              reference=f"T-{n}", before={"n": n - 1}, after={"n": n})
        for n in range(count)
    )  # fmt: skip


@pytest.mark.django_db
def test_an_event_says_what_when_and_from_where(partnership: Partnership) -> None:
    token = request_address.set("192.0.2.7")
    facts = {"fee": Decimal("60.00"), "day": NOW.date()}
    written = record(
        "thing.changed", partnership, partnership=partnership, by=None, now=NOW, after=facts, reason="Asked"
    )
    request_address.reset(token)
    written.refresh_from_db()
    assert (written.actor_id, written.object_type, written.object_id) == (0, "core.partnership", partnership.pk)
    assert (written.address, written.after) == ("192.0.2.7", {"fee": "60.00", "day": "2026-03-02"})


@pytest.mark.django_db
def test_every_event_is_sealed_once_and_the_chain_holds(partnership: Partnership) -> None:
    trail_of(partnership, 5)
    assert (seal_events(NOW), seal_events(NOW)) == (5, 0)
    trail_of(partnership, 3)
    assert verify_chain().unsealed == 3
    assert seal_events(NOW) == 3
    report = verify_chain()
    assert (report.sealed, report.unsealed, report.broken) == (8, 0, "")
    assert AuditSeal.objects.order_by("pk").values_list("previous_hash", flat=True)[0] == BEGINNING
    assert report.head == AuditSeal.objects.order_by("-pk")[0].hash


@pytest.mark.django_db
def test_two_processes_never_fork_the_chain(partnership: Partnership) -> None:
    trail_of(partnership, 2)
    first, second = AuditEvent.objects.order_by("pk")
    AuditSeal.objects.create(event=first, previous_hash=BEGINNING, hash="a" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditSeal.objects.create(event=second, previous_hash=BEGINNING, hash="b" * 64)


@pytest.mark.django_db
def test_the_command_says_that_the_trail_holds(partnership: Partnership) -> None:
    trail_of(partnership, 2)
    seal_events(NOW)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "2 events are as they were sealed; 0 wait to be sealed." in out.getvalue()


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
@pytest.mark.parametrize("act", [lambda rows: rows.update(id=999_999), lambda rows: rows._raw_delete("default")])
def test_the_database_refuses_to_change_or_delete(
    partnership: Partnership, model: type[AuditEvent], act: Callable[..., object]
) -> None:
    trail_of(partnership, 1)
    seal_events(NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act(model.objects.all())
    assert verify_chain().broken == ""


# What somebody who owns the database server might do. Each is a statement about event or seal number %s.
ALTERATIONS = [
    "UPDATE core_auditevent SET actor_id = actor_id + 1 WHERE id = %s",
    "UPDATE core_auditevent SET action = action || 'x' WHERE id = %s",
    "UPDATE core_auditevent SET at = at + interval '1 microsecond' WHERE id = %s",
    "UPDATE core_auditevent SET reference = reference || ' ' WHERE id = %s",
    "UPDATE core_auditevent SET before = '{\"n\": 1000}' WHERE id = %s",
    "UPDATE core_auditevent SET after = '{\"n\": 1000}' WHERE id = %s",
    "UPDATE core_auditevent SET reason = 'because' WHERE id = %s",
    "UPDATE core_auditevent SET address = '192.0.2.1' WHERE id = %s",
    "UPDATE core_auditevent SET object_id = object_id + 1 WHERE id = %s",
    "UPDATE core_auditevent SET object_type = 'core.job' WHERE id = %s",
    "UPDATE core_auditevent SET partnership_id = NULL WHERE id = %s",
    "UPDATE core_auditseal SET hash = repeat('0', 64) WHERE event_id = %s",
    "DELETE FROM core_auditseal WHERE event_id = %s",
    "DELETE FROM core_auditevent WHERE id = %s",
    "WITH gone AS (DELETE FROM core_auditseal WHERE event_id = %s RETURNING event_id)"
    " DELETE FROM core_auditevent WHERE id IN (SELECT event_id FROM gone)",
]


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_hundred_alterations_by_the_owner_of_the_server_are_all_found(partnership: Partnership) -> None:
    trail_of(partnership, 60)
    seal_events(NOW)
    chance = random.Random(20260302)
    events = list(AuditEvent.objects.order_by("pk").values_list("pk", flat=True))
    found = 0
    for n in range(100):
        sid = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SET LOCAL session_replication_role = replica"
            )  # no trigger and no foreign key stands in the way
            cursor.execute(ALTERATIONS[n % len(ALTERATIONS)], [chance.choice(events[:-1])])
            assert cursor.rowcount == 1
        found += bool(verify_chain().broken)
        transaction.savepoint_rollback(sid)
    assert found == 100
    assert verify_chain().broken == ""


@pytest.mark.postgres
@pytest.mark.django_db
def test_cutting_off_the_end_shows_against_a_head_noted_earlier(partnership: Partnership) -> None:
    trail_of(partnership, 4)
    seal_events(NOW)
    head = verify_chain().head
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(ALTERATIONS[-1], [AuditEvent.objects.latest("pk").pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert verify_chain().broken == ""
    with pytest.raises(CommandError, match="its end was cut off"):
        call_command("verify_audit", "--head", head[:16])
