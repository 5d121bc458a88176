"""The vocabulary of permissions and who holds it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.permissions import PERMISSIONS, Role
from agencies.models import RoleAppointment
from tests.factories import AgencyFactory, PartnershipFactory, UserFactory, person_with_account


@pytest.mark.parametrize("permission", PERMISSIONS.values(), ids=lambda permission: permission.code)
def test_every_permission_says_in_words_what_it_allows_and_someone_holds_it(permission) -> None:
    assert permission.description[0].isupper()
    assert not permission.description.endswith(".")
    assert permission.roles


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.PLATFORM_ADMINISTRATOR])
def test_a_role_gives_exactly_its_permissions(role: Role) -> None:
    partnership = PartnershipFactory()
    user = person_with_account(partnership, *([] if role == Role.PRACTITIONER else [role])).user
    held = {code for code in PERMISSIONS if user.has_perm(code, partnership)}
    assert held == {code for code, p in PERMISSIONS.items() if p.roles & {role, Role.PRACTITIONER}}


@pytest.mark.django_db
def test_roles_count_in_their_own_partnership_only() -> None:
    here, there = PartnershipFactory(), PartnershipFactory()
    admin = person_with_account(here, Role.ADMINISTRATOR).user
    assert admin.has_perm("people.manage", here)
    assert not any(admin.has_perm(code, there) for code in PERMISSIONS)
    assert not any(admin.has_perm(code) for code in PERMISSIONS)


@pytest.mark.django_db
def test_nobody_may_do_anything_without_an_active_account_or_a_known_permission() -> None:
    partnership = PartnershipFactory()
    admin = person_with_account(partnership, Role.ADMINISTRATOR).user
    admin.is_active = False
    assert not admin.has_perm("people.manage", partnership)
    assert not AnonymousUser().has_perm("people.manage", partnership)
    assert not person_with_account(partnership, Role.ADMINISTRATOR).user.has_perm("people.invent", partnership)


@pytest.mark.django_db
def test_an_ended_appointment_gives_nothing(django_user_model) -> None:
    partnership = PartnershipFactory()
    person = person_with_account(partnership, Role.ADMINISTRATOR)
    RoleAppointment.objects.filter(person=person).update(start_date="2020-01-01", end_date="2020-12-31")
    assert not person.user.has_perm("people.manage", partnership)


@pytest.mark.django_db
def test_a_platform_administrator_may_do_everything_everywhere() -> None:
    partnership = PartnershipFactory()
    user = UserFactory(is_superuser=True)
    assert all(user.has_perm(code, partnership) for code in PERMISSIONS)


@pytest.mark.django_db
def test_asking_for_many_rights_costs_one_statement(django_assert_num_queries) -> None:
    partnership = PartnershipFactory()
    user = person_with_account(partnership, Role.TRAINER).user
    with django_assert_num_queries(1):
        for code in PERMISSIONS:
            user.has_perm(code, partnership)


@pytest.mark.django_db
def test_an_agency_lead_sees_the_own_staff_only() -> None:
    from agencies.models import Person

    partnership = PartnershipFactory()
    mine, other = AgencyFactory(partnership=partnership), AgencyFactory(partnership=partnership)
    lead = person_with_account(partnership, Role.AGENCY_LEAD, agency=mine)
    colleague = person_with_account(partnership, agency=mine)
    person_with_account(partnership, agency=other)
    assert set(Person.objects.visible_to(lead.user, partnership)) == {lead, colleague}
    assert list(Person.objects.visible_to(colleague.user, partnership)) == [colleague]
