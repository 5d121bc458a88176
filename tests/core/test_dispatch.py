"""Mail leaves once, in order, and what goes wrong ends in a state that a person can read."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from core.dispatch import RETRY_MINUTES, claim_messages, release_stale_claims, send_due
from core.links import find_link, make_link, token_of
from core.mail import MailKind
from core.models import Heartbeat, OutboxMessage, Partnership
from core.outbox import queue_many
from tests.factories import at
from tests.support.kinds import CODE, LETTER, NOTE, message
from tests.support.smtp_sink import SmtpSink, smtp_sink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
State = OutboxMessage.State
NOW = at("2026-03-02 08:00")
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def states() -> dict[str, str]:
    return dict(OutboxMessage.objects.values_list("recipient", "state"))


def only() -> OutboxMessage:
    return OutboxMessage.objects.get()


def by_smtp(settings: Any, sink: SmtpSink) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_TIMEOUT = 2


def test_what_is_due_leaves_and_what_is_not_stays(partnership: Partnership) -> None:
    later = message(partnership, "later@example.org", due_at=NOW + dt.timedelta(seconds=1))
    queue_many([message(partnership, "now@example.org", due_at=NOW), later])

    assert send_due(NOW) == 1
    assert send_due(NOW) == 0

    assert [sent.to for sent in mail.outbox] == [["now@example.org"]]
    assert states() == {"now@example.org": State.SENT, "later@example.org": State.WAITING}
    sent = OutboxMessage.objects.get(state=State.SENT)
    assert (sent.subject, sent.attempts, sent.claimed_at, sent.last_error) == ("A note", 1, None, "")
    assert NOW <= sent.sent_at < NOW + dt.timedelta(seconds=30)
    assert Heartbeat.objects.filter(name="mail").exists()


def test_a_limit_is_kept(partnership: Partnership) -> None:
    queue_many([message(partnership, f"p{n}@example.org", due_at=NOW) for n in range(40)])
    assert send_due(NOW, limit=30) == 30
    assert OutboxMessage.objects.filter(state=State.WAITING).count() == 10


def test_sign_in_codes_leave_before_the_queue_and_money_letters_one_at_a_time(partnership: Partnership) -> None:
    notes = [message(partnership, f"p{n}@example.org", due_at=NOW) for n in range(3)]
    letters = [message(partnership, f"l{n}@example.org", kind=LETTER, due_at=NOW) for n in range(2)]
    queue_many([*letters, *notes, message(partnership, "code@example.org", kind=CODE, due_at=NOW)])

    batches = [[m.recipient for m in claim_messages(NOW)] for _ in range(5)]

    assert batches[0] == ["code@example.org"]
    assert sorted(batches[1]) == ["p0@example.org", "p1@example.org", "p2@example.org"]
    assert [len(batch) for batch in batches[2:]] == [1, 1, 0]


@pytest.mark.parametrize("mails", [1, 3, 25])
def test_each_mail_costs_one_statement(partnership: Partnership, mails: int, django_assert_num_queries: Any) -> None:
    """The rest is the same for one mail and for a batch: claims, host names, links and a sign of life."""
    link = make_link(partnership=partnership, purpose="survey", object_id=1, expires_at=NOW)
    facts = {"link_id": link.pk}
    queue_many([message(partnership, f"p{n}@example.org", due_at=NOW, facts=facts) for n in range(mails)])
    with django_assert_num_queries(19 + mails):
        send_due(NOW)


def test_a_mail_says_who_sends_it_and_where_to_answer(partnership: Partnership, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Training <training@example.org>"
    settings.MAIL_DOMAIN = "mail.example.org"
    facts = {"title": "O’Brien & Son's day", "text": "Fish & chips <b>"}
    queue_many(
        [message(partnership, "a@example.org", due_at=NOW, copy_to="boss@example.org", calendar=CALENDAR, facts=facts)]
    )
    send_due(NOW)
    [sent] = mail.outbox
    whole = sent.message()
    assert sent.from_email == "Aldermere Partnership <training@example.org>"
    assert (sent.reply_to, sent.cc) == (["training@aldermere.example"], ["boss@example.org"])
    assert sent.subject == "O’Brien & Son's day"
    assert "Fish & chips <b>\nhttp://aldermere.example.org:8000/my/" in sent.body
    assert "Fish &amp; chips &lt;b&gt;" in sent.alternatives[0].content
    assert whole["Message-ID"].endswith("@mail.example.org>")
    assert whole["Auto-Submitted"] == "auto-generated"
    types = [part.get_content_type() for part in whole.walk() if not part.is_multipart()]
    assert types == ["text/plain", "text/html", "text/calendar", "application/ics"]
    [calendar] = [part for part in whole.walk() if part.get_content_type() == "text/calendar"]
    assert calendar.get_param("method") == "REQUEST"


def test_a_second_sending_has_the_same_message_id_and_the_same_link(partnership: Partnership) -> None:
    link = make_link(partnership=partnership, purpose="survey", object_id=7, expires_at=NOW + dt.timedelta(days=60))
    queue_many([message(partnership, "a@example.org", due_at=NOW, facts={"link_id": link.pk})])
    send_due(NOW)
    OutboxMessage.objects.update(state=State.SENDING, claimed_at=timezone.now() - dt.timedelta(minutes=11))
    send_due(NOW)
    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert first.body == second.body
    assert f"/survey/{token_of(link)}/" in first.body
    assert find_link(token_of(link), purpose="survey", partnership=partnership) == link


@pytest.mark.parametrize(
    ("minutes", "kind", "state"),
    [
        (9, NOTE, State.SENDING),
        (11, NOTE, State.WAITING),
        (9, LETTER, State.SENDING),
        (11, LETTER, State.HELD),
    ],
)
def test_what_a_dead_process_had_claimed_is_found_again_after_ten_minutes(
    partnership: Partnership, minutes: int, kind: MailKind, state: str
) -> None:
    queue_many([message(partnership, "a@example.org", kind=kind, due_at=NOW)])
    claim_messages(NOW)
    OutboxMessage.objects.update(claimed_at=timezone.now() - dt.timedelta(minutes=minutes))
    release_stale_claims()
    assert only().state == state


@pytest.mark.parametrize(("useful_until", "state"), [(NOW, State.SENT), (NOW - dt.timedelta(seconds=1), State.MISSED)])
def test_too_late_to_be_useful_is_not_sent(partnership: Partnership, useful_until: dt.datetime, state: str) -> None:
    queue_many([message(partnership, "a@example.org", due_at=NOW - dt.timedelta(days=3), useful_until=useful_until)])
    send_due(NOW)
    assert only().state == state


def test_a_code_is_forgotten_once_it_has_left(partnership: Partnership) -> None:
    queue_many([message(partnership, "a@example.org", kind=CODE, due_at=NOW, facts={"title": "Code 123456"})])
    send_due(NOW)
    assert mail.outbox[0].subject == "Code 123456"
    assert (only().facts, only().subject) == ({}, "A sign-in code")


@pytest.mark.parametrize(
    "broken", [{"kind": "unheard_of"}, {"facts": {"link_id": 10**9}}, {"recipient": "a@x.org\nCc: b@x.org"}]
)
def test_a_mail_that_cannot_be_made_fails_and_the_others_leave(
    partnership: Partnership, broken: dict[str, object]
) -> None:
    queue_many([message(partnership, f"{n}@example.org", due_at=NOW) for n in "abc"])
    OutboxMessage.objects.filter(recipient="b@example.org").update(**broken)
    assert send_due(NOW) == 2
    failed = OutboxMessage.objects.get(state=State.FAILED)
    assert failed.last_error.startswith("The mail could not be made")


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("450 busy", State.WAITING),
        ("452 full", State.WAITING),
        ("550 no such user", State.FAILED),
        ("554 no", State.FAILED),
    ],
)
def test_the_servers_answer_decides(partnership: Partnership, settings: Any, reply: str, state: str) -> None:
    with smtp_sink(judge=lambda to: reply if to.startswith("b") else "") as sink:
        by_smtp(settings, sink)
        queue_many([message(partnership, f"{n}@example.org", due_at=NOW) for n in "abc"])
        assert send_due(NOW) == 2
    assert sorted(sink.recipients) == ["a@example.org", "c@example.org"]
    refused = OutboxMessage.objects.get(recipient="b@example.org")
    assert (refused.state, refused.last_error) == (state, reply)


def test_a_mail_put_off_is_tried_again_at_growing_gaps_and_then_given_up(
    partnership: Partnership, settings: Any
) -> None:
    gaps = []
    with smtp_sink(judge=lambda to: "451 later") as sink:
        by_smtp(settings, sink)
        queue_many([message(partnership, "a@example.org", due_at=NOW)])
        moment = NOW
        while True:
            send_due(moment)
            if only().state != State.WAITING:
                break
            gaps.append(round((only().due_at - moment).total_seconds() / 60))
            moment = only().due_at
    assert gaps == list(RETRY_MINUTES)
    assert only().state == State.FAILED


def test_a_server_that_is_away_costs_no_attempt(partnership: Partnership, settings: Any) -> None:
    with smtp_sink() as sink:
        by_smtp(settings, sink)
    queue_many([message(partnership, f"{n}@example.org", due_at=NOW) for n in range(30)])
    assert send_due(NOW) == 0
    rows = OutboxMessage.objects.values_list("state", "attempts", "due_at").order_by().distinct()
    assert list(rows) == [(State.WAITING, 0, NOW)]
    assert not Heartbeat.objects.filter(name="mail").exists()


def test_a_server_that_drops_the_line_after_the_mail(partnership: Partnership, settings: Any) -> None:
    """It may have arrived: ordinary mail goes again, a money letter waits for a person."""
    with smtp_sink(drop_after_data=True) as sink:
        by_smtp(settings, sink)
        queue_many([message(partnership, "n@example.org", due_at=NOW)])
        queue_many([message(partnership, "l@example.org", kind=LETTER, due_at=NOW)])
        send_due(NOW)
    assert states() == {"n@example.org": State.WAITING, "l@example.org": State.HELD}
    assert OutboxMessage.objects.get(state=State.WAITING).due_at > NOW


def test_a_server_that_breaks_twice_in_a_row_rests(partnership: Partnership, settings: Any) -> None:
    with smtp_sink(drop_after_data=True) as sink:
        by_smtp(settings, sink)
        queue_many([message(partnership, f"{n}@example.org", due_at=NOW) for n in range(10)])
        send_due(NOW)
    assert len(sink.messages) == 2
    assert OutboxMessage.objects.filter(state=State.WAITING, attempts=0).count() == 8


def test_a_server_that_closes_the_line_at_421_is_asked_again_later(partnership: Partnership, settings: Any) -> None:
    with smtp_sink(judge=lambda to: "421 too busy" if to.startswith("b") else "") as sink:
        by_smtp(settings, sink)
        queue_many([message(partnership, f"{n}@example.org", due_at=NOW) for n in "abc"])
        assert send_due(NOW) == 2
    put_off = OutboxMessage.objects.get(recipient="b@example.org")
    assert (put_off.state, put_off.last_error) == (State.WAITING, "421 too busy")


def test_a_server_that_hangs_holds_nobody_up_for_long(partnership: Partnership, settings: Any) -> None:
    with smtp_sink(delay=3) as sink:
        by_smtp(settings, sink)
        settings.EMAIL_TIMEOUT = 0.2
        queue_many([message(partnership, f"{n}@example.org", due_at=NOW) for n in range(10)])
        began = time.monotonic()
        send_due(NOW)
    assert time.monotonic() - began < 2.5
    assert OutboxMessage.objects.filter(state=State.WAITING).count() == 10


def test_a_server_that_takes_one_in_three_gets_the_rest_later(partnership: Partnership, settings: Any) -> None:
    asked = itertools.count()
    with smtp_sink(judge=lambda to: "" if next(asked) % 3 == 0 else "450 later") as sink:
        by_smtp(settings, sink)
        queue_many([message(partnership, f"{n}@example.org", due_at=NOW) for n in range(9)])
        moments = [NOW + dt.timedelta(hours=n) for n in range(60)]
        assert sum(send_due(moment) for moment in moments) == 9
    assert len(set(sink.recipients)) == len(sink.recipients) == 9


def test_several_mails_share_a_connection(partnership: Partnership, settings: Any) -> None:
    with smtp_sink() as sink:
        by_smtp(settings, sink)
        queue_many([message(partnership, f"{n}@example.org", due_at=NOW) for n in range(60)])
        assert send_due(NOW) == 60
    assert (len(sink.messages), sink.sessions) == (60, 3)
