"""The demo's printed sign-ins work in development only."""

import pytest
from django.test import Client

from tests.factories import PASSWORD, UserFactory


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("demo", "allowed", "signs_in"), [(True, False, False), (True, True, True), (False, False, True)]
)
def test_demo_sign_ins_are_refused_unless_settings_allow_them(settings, demo, allowed, signs_in) -> None:
    settings.DEMO_SIGN_INS = allowed
    user = UserFactory(is_demo=demo)
    assert Client().login(username=user.email, email=user.email, password=PASSWORD) is signs_in


@pytest.mark.django_db
def test_a_demo_session_ends_where_demo_sign_ins_are_refused(client: Client, settings) -> None:
    settings.DEMO_SIGN_INS = True
    client.force_login(UserFactory(is_demo=True))
    assert client.get("/my/details/").status_code != 302
    settings.DEMO_SIGN_INS = False
    assert client.get("/my/details/").status_code == 302
