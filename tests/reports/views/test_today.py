"""The administrator's Today, the list of dates it leads to, and where everyone begins."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from core.heartbeats import BEAT, WORKER, beat
from core.models import Job, Partnership
from tests.factories import (
    BookingFactory,
    PartnershipFactory,
    PersonFactory,
    SessionFactory,
    UserFactory,
    in_days,
    person_with_account,
    sign_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def admin(client: Client, partnership: Partnership) -> Client:
    return sign_in(client, person_with_account(partnership, Role.ADMINISTRATOR))


def test_today_says_when_nothing_needs_anyone_and_what_comes_next(admin: Client, partnership: Partnership) -> None:
    page = admin.get("/manage/").content.decode()
    assert "Nothing needs you right now." in page
    assert "No date in the next 2 weeks." in page


def test_today_lists_what_needs_the_administrator(admin: Client, partnership: Partnership) -> None:
    session = SessionFactory(partnership=partnership, starts_at=in_days(3), capacity=10)
    BookingFactory(session=session)
    SessionFactory(partnership=partnership, starts_at=in_days(-2))
    PersonFactory(partnership=partnership, user=UserFactory())
    page = admin.get("/manage/").content.decode()
    assert "3 things" in page
    assert "register not taken" in page
    assert "Needs trainer" in page
    assert f"/manage/sessions/{session.ref}/" in page
    assert "1 of 10" in page
    for address in ("/manage/sessions/?when=to_finish", "/manage/ready/?need=trainers", "/manage/people/?agency=none"):
        assert f'href="{address}"' in page
        assert admin.get(address).status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_today_costs_the_same_however_much_there_is(
    admin: Client, partnership: Partnership, django_assert_num_queries, many: int
) -> None:
    for _ in range(many):
        for days in (3, -2):
            BookingFactory(session=SessionFactory(partnership=partnership, starts_at=in_days(days)))
        PersonFactory(partnership=partnership, user=UserFactory())
        Job.objects.create(partnership=partnership, kind="none", title="Importing")
    admin.get("/manage/")
    with django_assert_num_queries(26):
        admin.get("/manage/")


def test_background_work_shows_jobs_and_whether_the_engine_works(admin: Client, partnership: Partnership) -> None:
    Job.objects.create(
        partnership=partnership, kind="none", title="Importing 412 rows", state="running", done=2, total=4
    )
    Job.objects.create(partnership=partnership, kind="none", title="Importing 3 rows", state="failed")
    page = admin.get("/manage/").content.decode()
    assert 'aria-label="Importing 412 rows" max="4" value="2"' in page
    assert "Failed" in page
    assert "Standing still" in page
    beat(WORKER, BEAT, at=timezone.now())
    assert "Standing still" not in admin.get("/manage/").content.decode()


def test_another_partnerships_work_is_not_shown(admin: Client, partnership: Partnership) -> None:
    Job.objects.create(partnership=PartnershipFactory(), kind="none", title="Zebraquartz")
    page = admin.get("/manage/", headers={"host": "testserver"})
    assert "Zebraquartz" not in page.content.decode()


@pytest.mark.parametrize("dates", [1, 3])
def test_the_list_of_dates_costs_the_same_however_long(
    admin: Client, partnership: Partnership, django_assert_num_queries, dates: int
) -> None:
    for number in range(dates):
        SessionFactory(partnership=partnership, starts_at=in_days(3 + number))
    admin.get("/manage/ready/")
    with django_assert_num_queries(8):
        admin.get("/manage/ready/")


def test_an_unknown_filter_shows_every_date_to_come(admin: Client, partnership: Partnership) -> None:
    SessionFactory(partnership=partnership, starts_at=in_days(3))
    for address in ("/manage/ready/", "/manage/ready/?need=nonsense", "/manage/ready/?need=trainers&page=99"):
        assert "1 date<" in admin.get(address).content.decode()
    assert "No date is listed here now." in admin.get("/manage/ready/?need=places").content.decode()


@pytest.mark.parametrize(
    ("roles", "address"),
    [
        ([], "/my/"),
        ([Role.AGENCY_LEAD], "/my/"),
        ([Role.TRAINER], "/deliver/"),
        ([Role.SUBGROUP_MEMBER], "/reports/"),
        ([Role.SUBGROUP_CHAIR], "/reports/"),
        ([Role.ADMINISTRATOR], "/manage/"),
        ([Role.ADMINISTRATOR, Role.TRAINER], "/manage/"),
        ([Role.TRAINER, Role.SUBGROUP_MEMBER], "/deliver/"),
    ],
)
def test_everyone_begins_where_their_work_is(
    client: Client, partnership: Partnership, roles: list[Role], address: str
) -> None:
    sign_in(client, person_with_account(partnership, *roles))
    assert client.get("/start/").headers["Location"] == address


def test_an_account_nobody_here_knows_begins_at_the_programme(client: Client, partnership: Partnership) -> None:
    sign_in(client, UserFactory())
    assert client.get("/start/").headers["Location"] == "/"
