"""The kinds of mail. Each app registers its own; a mail is two templates, ``.txt`` and ``.html``, and plain facts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from .links import token_of
from .models import HostName, OneTimeLink, OutboxMessage


@dataclass(frozen=True)
class MailKind:
    """One kind of mail.

    ``template`` is the path without ending: ``bookings/mail/booked`` has ``booked.txt``, whose first line is
    ``Subject: …``, and ``booked.html``. ``hold`` kinds (money letters) are held for a person when it is unknown whether they
    left; ``secret`` kinds lose their facts once sent (sign-in codes).
    """

    name: str
    description: str
    template: str
    hold: bool = False
    secret: bool = False
    link_path: str = ""


MAIL_KINDS: dict[str, MailKind] = {}


def register_mail(kind: MailKind) -> MailKind:
    MAIL_KINDS[kind.name] = kind
    return kind


@dataclass(frozen=True)
class RenderedMail:
    subject: str
    text: str
    html: str


def _context(message: OutboxMessage, kind: MailKind) -> dict[str, Any]:
    context: dict[str, Any] = {**message.facts, "partnership": message.partnership, "message": message}
    host = ""
    if message.partnership_id:
        host = HostName.objects.filter(partnership=message.partnership).values_list("host", flat=True).first() or ""

    def absolute(path: str) -> str:
        return message.partnership.link_to(path, host=host) if message.partnership else path

    if "path" in message.facts:
        context["address"] = absolute(message.facts["path"])
    if "link_id" in message.facts:
        token = token_of(OneTimeLink.objects.get(pk=message.facts["link_id"]))
        context["address"] = absolute(kind.link_path.format(token=token))
    context["home"] = absolute("/")
    return context


def render_mail(message: OutboxMessage) -> RenderedMail:
    """Subject, text and HTML of a message, from its stored facts.

    ``facts["path"]`` or ``facts["link_id"]`` become ``address`` in the templates: the one main link, built from the
    configured base address of the partnership.
    """
    kind = MAIL_KINDS[message.kind]
    context = _context(message, kind)
    first, _, text = render_to_string(f"{kind.template}.txt", context).lstrip().partition("\n")
    subject = re.sub(r"\s+", " ", first.removeprefix("Subject:")).strip()
    html = render_to_string(f"{kind.template}.html", {**context, "subject": subject})
    return RenderedMail(subject, text.strip() + "\n", html)
