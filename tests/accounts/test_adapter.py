"""Account mails leave through the outbox and leave no secret behind."""

import pytest
from django.test import Client

from core.dispatch import send_due
from core.models import OutboxMessage
from tests.factories import PartnershipFactory, UserFactory, host_for


@pytest.mark.django_db
def test_a_sign_in_code_is_queued_and_wiped_once_sent(
    client: Client, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    from django.utils import timezone

    PartnershipFactory()
    user = UserFactory()
    client.post("/accounts/login/code/", {"email": user.email})
    message = OutboxMessage.objects.get(kind="account")
    assert message.recipient == user.email
    assert message.facts["body"]
    send_due(timezone.now())
    message.refresh_from_db()
    assert message.state == OutboxMessage.State.SENT
    assert message.facts == {}
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_known_and_unknown_addresses_get_the_same_answer(client: Client) -> None:
    PartnershipFactory()
    user = UserFactory()
    known = client.post("/accounts/login/code/", {"email": user.email})
    unknown = Client().post("/accounts/login/code/", {"email": "nobody@elsewhere.example"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "testserver:8080"])
def test_a_mailed_link_starts_with_the_configured_address_whatever_the_request_says(client: Client, host: str) -> None:
    partnership = PartnershipFactory()
    host_for(partnership, "training.wrenshire.example")
    client.post("/accounts/password/reset/", {"email": UserFactory().email}, headers={"host": host})
    body = OutboxMessage.objects.get(kind="account").facts["body"]
    assert "//training.wrenshire.example:8000/accounts/password/reset/key/" in body
    assert host not in body
