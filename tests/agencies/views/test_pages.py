"""My details, people, agencies and rights."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.permissions import PERMISSIONS, Role
from agencies.models import Person
from tests.factories import AgencyFactory, PartnershipFactory, UserFactory, person_with_account, sign_in

pytestmark = pytest.mark.django_db


def test_a_new_account_says_who_it_is_and_returns_to_where_it_came_from(client: Client) -> None:
    partnership = PartnershipFactory()
    agency = AgencyFactory(partnership=partnership, email_domains=["oakfield.example"])
    user = UserFactory(email="amira@oakfield.example")
    sign_in(client, user)
    assert f'value="{agency.pk}" selected' in client.get("/my/details/").content.decode()
    answer = {
        "first_name": "Amira",
        "last_name": "Sample",
        "job_title": "Nurse",
        "agency": agency.pk,
        "next": "/training/",
    }
    response = client.post("/my/details/", answer)
    assert response.headers["Location"] == "/training/"
    assert Person.objects.get(user=user).employments.get().agency == agency


def test_details_with_errors_keep_what_was_typed_and_name_the_field(client: Client) -> None:
    sign_in(client, person_with_account(PartnershipFactory()))
    page = client.post("/my/details/", {"first_name": "", "last_name": "Sample", "job_title": "Nurse"}).content.decode()
    assert "<title>Error: My details" in page
    assert 'href="#id_first_name"' in page
    assert 'value="Sample"' in page


def test_next_never_leaves_the_site(client: Client) -> None:
    sign_in(client, person_with_account(PartnershipFactory()))
    answer = {"first_name": "A", "last_name": "B", "job_title": "C", "next": "https://evil.example/"}
    assert client.post("/my/details/", answer).headers["Location"] == "/my/details/"


def test_another_partnerships_agency_cannot_be_chosen(client: Client) -> None:
    partnership, foreign = PartnershipFactory(), AgencyFactory()
    from tests.factories import host_for

    host_for(partnership, "testserver")
    user = UserFactory()
    sign_in(client, user)
    answer = {"first_name": "A", "last_name": "B", "job_title": "C", "agency": foreign.pk}
    assert client.post("/my/details/", answer).status_code == 200
    assert not Person.objects.filter(user=user).exists()


@pytest.mark.parametrize("people", [1, 3])
def test_people_list_costs_the_same_however_long(client: Client, django_assert_num_queries, people: int) -> None:
    partnership = PartnershipFactory()
    admin = person_with_account(partnership, Role.ADMINISTRATOR)
    for _ in range(people):
        person_with_account(partnership)
    sign_in(client, admin)
    client.get("/manage/people/")
    with django_assert_num_queries(9):
        client.get("/manage/people/")


@pytest.mark.parametrize("count", [1, 3])
def test_agency_list_costs_the_same_however_long(client: Client, django_assert_num_queries, count: int) -> None:
    partnership = PartnershipFactory()
    admin = person_with_account(partnership, Role.ADMINISTRATOR)
    for _ in range(count):
        AgencyFactory(partnership=partnership)
    sign_in(client, admin)
    client.get("/manage/agencies/")
    with django_assert_num_queries(8):
        client.get("/manage/agencies/")


def test_people_are_found_by_part_of_name_or_address(client: Client) -> None:
    partnership = PartnershipFactory()
    sign_in(client, person_with_account(partnership, Role.ADMINISTRATOR))
    person_with_account(partnership, first_name="Zuzanna", last_name="Wojcik", email="zw@police.example")
    assert "Zuzanna" in client.get("/manage/people/?q=woj+zuz").content.decode()
    assert "Nobody matches" in client.get("/manage/people/?q=%00nobody").content.decode()


def test_rights_page_shows_the_whole_vocabulary_and_only_administrators_appoint(client: Client) -> None:
    partnership = PartnershipFactory()
    sign_in(client, person_with_account(partnership, Role.SUBGROUP_CHAIR))
    page = client.get("/manage/rights/").content.decode()
    assert all(
        permission.description.replace("’", "’") in page.replace("&#x27;", "'") for permission in PERMISSIONS.values()
    )
    assert "Appoint someone" not in page
    assert client.post("/manage/rights/appoint/", {}).status_code == 403


def test_appointing_and_ending_on_the_page(client: Client) -> None:
    partnership = PartnershipFactory()
    admin = person_with_account(partnership, Role.ADMINISTRATOR)
    person = person_with_account(partnership)
    sign_in(client, admin)
    client.post("/manage/rights/appoint/", {"email": person.email.upper(), "role": Role.SUBGROUP_MEMBER})
    assert person.user.has_perm("reports.read", partnership)
    appointment = person.appointments.get()
    client.post(f"/manage/rights/{appointment.pk}/end/")
    assert not type(person.user).objects.get(pk=person.user.pk).has_perm("reports.read", partnership)
    page = client.post("/manage/rights/appoint/", {"email": "nobody@x.example", "role": Role.TRAINER}).content.decode()
    assert "Nobody with this address is known" in page


def test_ending_an_appointment_of_another_partnership_is_not_found(client: Client) -> None:
    partnership = PartnershipFactory()
    from tests.factories import host_for

    host_for(partnership, "testserver")
    sign_in(client, person_with_account(partnership, Role.ADMINISTRATOR))
    foreign = person_with_account(PartnershipFactory(), Role.TRAINER).appointments.get()
    assert client.post(f"/manage/rights/{foreign.pk}/end/").status_code == 404
