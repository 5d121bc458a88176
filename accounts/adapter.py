"""Account mails leave through the outbox like every other mail, so a slow mail server never holds up a sign-in page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils import timezone

from core.mail import MailKind, register_mail
from core.models import HostName, Partnership
from core.outbox import queue_message

from .models import User

ACCOUNT_MAIL = register_mail(
    MailKind(
        "account",
        "Sign-in codes, address confirmations and security notices",
        "accounts/mail/account",
        secret=True,
    )
)


class AccountAdapter(DefaultAccountAdapter):
    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built from the configured base address: the request's own may be forged (A13)."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        partnership = self._partnership()
        if partnership is None:
            return f"{settings.SITE_BASE_URL}{path}"
        host = HostName.objects.filter(partnership=partnership).values_list("host", flat=True).first()
        return partnership.link_to(path, host=host or "")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        rendered = self.render_mail(template_prefix, email, context)
        user = context.get("user")
        queue_message(
            kind=ACCOUNT_MAIL.name,
            partnership=self._partnership(),
            about=user if isinstance(user, User) and user.pk else User(pk=0),
            recipient=email,
            stage=f"{template_prefix.rsplit('/', 1)[-1]}-{uuid4().hex[:12]}",
            due_at=timezone.now(),
            facts={"subject": rendered.subject, "body": rendered.body},
        )

    def _partnership(self) -> Partnership | None:
        return getattr(self.request, "partnership", None)

    def format_email_subject(self, subject: str) -> str:
        return subject
