"""One-time links open one thing, for one purpose, in one partnership, until they end (A12)."""

from __future__ import annotations

import datetime as dt
import string
from typing import Any

import pytest

from core.links import find_link, is_open, make_link, new_link, token_of
from core.models import OneTimeLink, Partnership
from tests.factories import PartnershipFactory, at

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 08:00")
END = NOW + dt.timedelta(days=30)


@pytest.fixture
def link(partnership: Partnership) -> OneTimeLink:
    return make_link(partnership=partnership, purpose="survey", object_id=7, expires_at=END)


def found(token: str, partnership: Partnership, purpose: str = "survey") -> OneTimeLink | None:
    return find_link(token, purpose=purpose, partnership=partnership)


def test_a_token_opens_its_link_however_often_it_is_looked_at(link: OneTimeLink, partnership: Partnership) -> None:
    token = token_of(link)
    assert [found(token, partnership) for _ in range(5)] == [link] * 5
    link.refresh_from_db()
    assert (link.used_at, is_open(link, now=NOW)) == (None, True)


def test_a_token_has_256_bits_and_fits_an_address(link: OneTimeLink) -> None:
    token = token_of(link)
    assert len(token) == 43
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")


def test_only_the_hash_is_stored(link: OneTimeLink) -> None:
    link.refresh_from_db()
    row = " ".join(str(getattr(link, field.attname)) for field in OneTimeLink._meta.concrete_fields)
    assert token_of(link) not in row


def test_another_purpose_or_partnership_finds_nothing(link: OneTimeLink, partnership: Partnership) -> None:
    other = PartnershipFactory()
    assert found(token_of(link), partnership, "manager_survey") is None
    assert found(token_of(link), other) is None


def test_an_altered_token_finds_nothing(link: OneTimeLink, partnership: Partnership) -> None:
    token = token_of(link)
    one_off = [token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(len(token))]
    for wrong in [*one_off, token[:-1], token + "A", token.swapcase(), f" {token}", "", "é", "x" * 10_000, "\x00"]:
        assert found(wrong, partnership) is None


@pytest.mark.parametrize(("seconds", "still"), [(-1, True), (0, True), (1, False)])
def test_a_link_is_open_up_to_its_end(link: OneTimeLink, seconds: int, still: bool) -> None:
    assert is_open(link, now=END + dt.timedelta(seconds=seconds)) is still


def test_a_link_taken_back_is_shut(link: OneTimeLink) -> None:
    link.revoked_at = NOW
    assert not is_open(link, now=NOW)


def test_making_it_again_gives_the_same_token_with_the_new_end(link: OneTimeLink, partnership: Partnership) -> None:
    again = make_link(partnership=partnership, purpose="survey", object_id=7, expires_at=END + dt.timedelta(days=1))
    assert (again.pk, token_of(again)) == (link.pk, token_of(link))
    assert again.expires_at == END + dt.timedelta(days=1)


def test_many_can_be_made_at_once(partnership: Partnership) -> None:
    made = [new_link(partnership=partnership, purpose="survey", object_id=n, expires_at=END) for n in range(50)]
    OneTimeLink.objects.bulk_create(made)
    assert len({token_of(link) for link in made}) == 50
    assert found(token_of(made[3]), partnership) == made[3]


def test_links_outlive_a_change_of_the_secret_key(link: OneTimeLink, partnership: Partnership, settings: Any) -> None:
    old, token = settings.SECRET_KEY, token_of(link)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [old]
    assert token_of(link) == token
    settings.SECRET_KEY_FALLBACKS = []
    fresh = token_of(link)
    assert fresh != token
    assert found(fresh, partnership) == link
    assert found(token, partnership) is None
