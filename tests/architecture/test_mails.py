"""Every kind of mail comes as text and as HTML."""

import pytest
from django.template.loader import get_template

from core.mail import MAIL_KINDS, MailKind


@pytest.mark.parametrize("kind", MAIL_KINDS.values(), ids=lambda kind: kind.name)
def test_every_mail_has_text_and_html(kind: MailKind) -> None:
    words = get_template(f"{kind.template}.txt").template.source
    assert words.lstrip().startswith("Subject:") or "{% block subject %}" in words, (
        "a mail's text begins with its subject"
    )
    get_template(f"{kind.template}.html")
    assert kind.description
