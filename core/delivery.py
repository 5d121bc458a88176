"""One mail and the mail server: the message that is handed over, and what the server's answer means for it."""

from __future__ import annotations

import hashlib
import re
import smtplib
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from .mail import RenderedMail
from .models import OutboxMessage


class Fate(StrEnum):
    """What became of a mail that did not simply leave."""

    LATER = "later"  # the server said "not now": try again
    NEVER = "never"  # the server said no, or the mail cannot be made
    UNKNOWN = "unknown"  # the connection broke: it may have left and it may not


@dataclass(frozen=True)
class Verdict:
    """``broken`` means that the trouble is the server's, so that the next mail would meet it as well."""

    fate: Fate
    reason: str
    broken: bool = False


def message_id(message: OutboxMessage) -> str:
    """The same for each sending of one message, so that a mail program shows a double once."""
    return f"<{hashlib.sha256(message.key.encode()).hexdigest()[:40]}@{settings.MAIL_DOMAIN}>"


def sender_of(message: OutboxMessage) -> str:
    """Our configured address under the partnership's name."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if message.partnership is not None:
        name = re.sub(r"\s+", " ", message.partnership.name)
    return formataddr((name, address))


def build_email(message: OutboxMessage, rendered: RenderedMail) -> EmailMultiAlternatives:
    """The mail to hand over. Raises ValueError where a header would hold a line break."""
    reply_to = message.partnership.contact_email if message.partnership else ""
    email = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=sender_of(message),
        to=[message.recipient],
        cc=[message.copy_to] if message.copy_to else None,
        reply_to=[reply_to] if reply_to else None,
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    email.attach_alternative(rendered.html, "text/html")
    if message.calendar:
        _add_calendar(email, message.calendar)
    return email


def _add_calendar(email: EmailMultiAlternatives, calendar: str) -> None:
    """As a part that calendars act on, with its METHOD, and as a file for mail programs that know only files."""
    method = re.search(r"^METHOD:(\w+)\s*$", calendar, re.MULTILINE)
    email.attach_alternative(calendar, f"text/calendar; method={method[1] if method else 'PUBLISH'}")
    email.attach("invite.ics", calendar.encode(), "application/ics")


def _answer(code: int, text: bytes | str) -> str:
    """The server's answer as one line."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return re.sub(r"\s+", " ", f"{code} {words}")[:300]


def _by_code(code: int, text: bytes | str) -> Verdict:
    """4xx is a "not now", 5xx a "no"; 421 also closes the connection."""
    fate = Fate.LATER if 400 <= code < 500 else Fate.NEVER
    return Verdict(fate, _answer(code, text), broken=code == 421)


def verdict_of(error: Exception) -> Verdict:
    """What an error while handing over a mail means for it.

    A server that refuses us (our sign-in, our sender address) says nothing about the recipient: those mails wait. A
    connection that broke while a mail was under way leaves open whether it arrived.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        verdicts = [_by_code(code, text) for code, text in error.recipients.values()]
        return next((verdict for verdict in verdicts if verdict.fate is Fate.LATER), verdicts[0])
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):
        return Verdict(Fate.LATER, _answer(error.smtp_code, error.smtp_error), broken=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Verdict(Fate.NEVER, "The mail server cannot take this address.")
    if isinstance(error, OSError):  # SMTPException is one as well
        return Verdict(Fate.UNKNOWN, f"The connection broke ({type(error).__name__}).", broken=True)
    return Verdict(Fate.NEVER, f"The mail could not be made ({type(error).__name__}).")
