"""Kinds of mail for tests of the engine, which knows nothing of the field's own mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from core.mail import MAIL_KINDS, MailKind, register_mail
from core.models import OutboxMessage, Partnership
from core.outbox import new_message

NOTE = MailKind("tried_note", "A note", "tried/note", link_path="/survey/{token}/")
LETTER = MailKind("tried_letter", "A letter about money", "tried/note", hold=True)
CODE = MailKind("tried_code", "A sign-in code", "tried/note", secret=True)


@contextmanager
def tried_kinds() -> Iterator[None]:
    """The kinds above and their templates, for the length of a ``with`` block."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "mail_templates")
    before = dict(MAIL_KINDS)
    for kind in (NOTE, LETTER, CODE):
        register_mail(kind)
    try:
        with override_settings(TEMPLATES=templates):
            yield
    finally:
        MAIL_KINDS.clear()
        MAIL_KINDS.update(before)


def message(partnership: Partnership, recipient: str, *, kind: MailKind = NOTE, **values: Any) -> OutboxMessage:
    """An unsaved message that is due now."""
    due_at = values.pop("due_at", dt.datetime.now(dt.UTC))
    facts = {"title": "A note", "text": "Words.", "path": "/my/", **values.pop("facts", {})}
    return new_message(
        kind=kind.name,
        partnership=partnership,
        about=partnership,
        recipient=recipient,
        due_at=due_at,
        facts=facts,
        **values,
    )
