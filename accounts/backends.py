"""Who may sign in at all."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class AccountBackend(AuthenticationBackend):
    """E-mail and password. The demo's printed sign-ins are refused wherever the settings do not allow them."""

    def user_can_authenticate(self, user: Any) -> bool:
        if user.is_demo and not settings.DEMO_SIGN_INS:
            return False
        return super().user_can_authenticate(user)
