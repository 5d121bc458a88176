"""The kinds of mail. Each app registers its own; a mail is two templates, ``.txt`` and ``.html``, and plain facts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from .links import token_of
from .models import HostName, OneTimeLink, OutboxMessage


@dataclass(frozen=True)
class MailKind:
    """One kind of mail.

    ``template`` is the path without ending: ``bookings/mail/booked`` has ``booked.txt``, whose first line is
    ``Subject: …``, and ``booked.html``. ``hold`` kinds (money letters) are held for a person when it is unknown
    whether they left; ``secret`` kinds (sign-in codes) leave before all others and lose their facts when they are over.
    ``link_path`` is the address of a one-time link, with ``{token}`` where the token goes.
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


@dataclass
class Surroundings:
    """What several mails need from the database, read once for all of them."""

    hosts: dict[int, str] = field(default_factory=dict)
    links: dict[int, OneTimeLink] = field(default_factory=dict)


def surroundings_of(messages: Collection[OutboxMessage]) -> Surroundings:
    """Two statements for any number of messages: their partnerships' host names and their one-time links."""
    partnerships = {message.partnership_id for message in messages if message.partnership_id}
    hosts: dict[int, str] = {}
    for row in HostName.objects.filter(partnership__in=partnerships).order_by("-pk"):
        hosts[row.partnership_id] = row.host  # the first of a partnership is written last and stays
    links = {message.facts["link_id"] for message in messages if "link_id" in message.facts}
    return Surroundings(hosts, OneTimeLink.objects.in_bulk(links) if links else {})


def _context(message: OutboxMessage, kind: MailKind, surroundings: Surroundings) -> dict[str, Any]:
    def absolute(path: str) -> str:
        if message.partnership is None:
            return f"{settings.SITE_BASE_URL}{path}"
        return message.partnership.link_to(path, host=surroundings.hosts.get(message.partnership.pk, ""))

    context: dict[str, Any] = {**message.facts, "partnership": message.partnership, "message": message}
    if "path" in message.facts:
        context["address"] = absolute(message.facts["path"])
    if "link_id" in message.facts:
        token = token_of(surroundings.links[message.facts["link_id"]])
        context["address"] = absolute(kind.link_path.format(token=token))
    context["home"] = absolute("/")
    return context


def _render(name: str, context: dict[str, Any], *, escape: bool) -> str:
    """Django's own rendering, but plain text keeps its apostrophes and ampersands."""
    template: Any = get_template(name)
    return str(template.template.render(Context(context, autoescape=escape)))


def render_mail(message: OutboxMessage, surroundings: Surroundings | None = None) -> RenderedMail:
    """Subject, text and HTML of a message, from its stored facts.

    ``facts["path"]`` or ``facts["link_id"]`` become ``address`` in the templates: the one main link, built from the
    configured base address of the partnership. Raises KeyError for a kind or a link that does not exist.
    """
    kind = MAIL_KINDS[message.kind]
    context = _context(message, kind, surroundings or surroundings_of([message]))
    first, _, text = _render(f"{kind.template}.txt", context, escape=False).lstrip().partition("\n")
    subject = re.sub(r"\s+", " ", first.removeprefix("Subject:")).strip()
    html = _render(f"{kind.template}.html", {**context, "subject": subject}, escape=True)
    return RenderedMail(subject, text.strip() + "\n", html)
