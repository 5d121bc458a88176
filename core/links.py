"""One-time links: made, shown in a mail, opened and used. Opening one changes nothing; only a POST uses it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from base64 import urlsafe_b64encode

from django.conf import settings

from .models import OneTimeLink, Partnership
from .models.link import new_nonce


def _token(nonce: bytes, key: str) -> str:
    digest = hmac.new(key.encode(), b"one-time-link:" + nonce, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_link(*, partnership: Partnership, purpose: str, object_id: int, expires_at: dt.datetime) -> OneTimeLink:
    """An unsaved link, for callers that create many at once; ``make_link`` for one."""
    nonce = new_nonce()
    return OneTimeLink(
        partnership=partnership,
        purpose=purpose,
        object_id=object_id,
        nonce=nonce,
        token_hash=_hash(_token(nonce, settings.SECRET_KEY)),
        expires_at=expires_at,
    )


def make_link(*, partnership: Partnership, purpose: str, object_id: int, expires_at: dt.datetime) -> OneTimeLink:
    """The link of one purpose and object: the existing one with a new end, or a new one."""
    new = new_link(partnership=partnership, purpose=purpose, object_id=object_id, expires_at=expires_at)
    values = {"partnership": partnership, "nonce": new.nonce, "token_hash": new.token_hash, "expires_at": expires_at}
    link, made = OneTimeLink.objects.get_or_create(purpose=purpose, object_id=object_id, defaults=values)
    if not made and link.expires_at != expires_at:
        link.expires_at = expires_at
        link.save(update_fields=["expires_at"])
    return link


def token_of(link: OneTimeLink) -> str:
    """The token for the mail, worked out anew each time and stored nowhere. Every mail of one link shows the same."""
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        token = _token(bytes(link.nonce), str(key))
        if hmac.compare_digest(_hash(token), link.token_hash):
            return token
    link.token_hash = _hash(_token(bytes(link.nonce), settings.SECRET_KEY))
    link.save(update_fields=["token_hash"])
    return _token(bytes(link.nonce), settings.SECRET_KEY)


def find_link(token: str, *, purpose: str, partnership: Partnership) -> OneTimeLink | None:
    """The link a token opens, still open or not; None for another purpose or partnership or an altered token."""
    if len(token) > 100:
        return None
    return OneTimeLink.objects.filter(token_hash=_hash(token), purpose=purpose, partnership=partnership).first()


def is_open(link: OneTimeLink, *, now: dt.datetime) -> bool:
    return link.revoked_at is None and now <= link.expires_at
