"""What bare does away from the web, each in a process of its own: ``python -m bench.bare prepare|upsert|send ...``.

The answer is one line of JSON.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

DATES, DATES_MORE = 50, 1000
BATCH = 2000


def prepare() -> dict[str, Any]:
    """The tables, 50 open dates with 12 of 25 places taken, and 1,000 that the catalogue does not show."""
    from django.db import connection
    from django.utils import timezone

    from .models import Booking, Message, Session, Staff

    with connection.schema_editor() as editor:
        for model in (Session, Booking, Message, Staff):
            editor.create_model(model)
    now = timezone.now()
    sessions = Session.objects.bulk_create(
        Session(
            title=f"Working together to safeguard children {n}",
            venue=f"Oakfield Centre {n % 7}",
            starts_at=now + dt.timedelta(days=10 + n),
            capacity=25,
            is_open=n < DATES,
        )
        for n in range(DATES + DATES_MORE)
    )
    Booking.objects.bulk_create(
        Booking(session=session, person=n, status="booked", place_number=n, booked_at=now)
        for session in sessions[:DATES]
        for n in range(1, 13)
    )
    return {"first": sessions[DATES].pk}


def upsert(path: str) -> dict[str, Any]:
    """A file of staff brought in as it is: nothing checked, nothing noted, one table."""
    from .models import Staff

    began = time.perf_counter()
    with Path(path).open(newline="") as file:
        rows = [
            Staff(**{name: value or None if "_date" in name else value for name, value in row.items()})
            for row in csv.DictReader(file)
        ]
    columns = [field.name for field in Staff._meta.concrete_fields if field.name not in ("id", "email")]
    Staff.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["email"], update_fields=columns
    )
    return {"seconds": time.perf_counter() - began, "rows": len(rows)}


def send(start: str) -> dict[str, Any]:
    """Send what waits, one connection each, when the file ``start`` is there. A process of two."""
    from django.core.mail import EmailMultiAlternatives
    from django.db import connection, transaction

    from .models import Message

    connection.ensure_connection()
    Path(f"{start}.{os.getpid()}").touch()
    while not Path(start).exists():
        time.sleep(0.005)
    sent = 0
    while True:
        with transaction.atomic():
            waiting = Message.objects.filter(state="waiting").select_for_update(skip_locked=True)
            message = waiting.order_by("pk").first()
            if message is None:
                return {"sent": sent}
            Message.objects.filter(pk=message.pk).update(state="sending")
        email = EmailMultiAlternatives(message.subject, message.text, "training@example.org", [message.recipient])
        email.attach_alternative(message.html, "text/html")
        email.send()
        Message.objects.filter(pk=message.pk).update(state="sent")
        sent += 1


def fill_outbox(path: str) -> dict[str, Any]:
    """Put the mails of a file of JSON lines into the outbox."""
    from .models import Message

    rows = [Message(**json.loads(line)) for line in Path(path).read_text().splitlines()]
    Message.objects.bulk_create(rows, batch_size=BATCH)
    return {"waiting": len(rows)}


COMMANDS = {"prepare": prepare, "upsert": upsert, "send": send, "fill_outbox": fill_outbox}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare.settings"
    django.setup()
    print(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:])))
