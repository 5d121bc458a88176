"""Joining: an account becomes the person the partnership knows, or a new one."""

from __future__ import annotations

import pytest

from agencies.domain.joining import SharedMailbox, claim_person, is_shared_mailbox, join_partnership
from agencies.models import Person
from agencies.queries import people_without_agency, suggested_agency
from core.models import AuditEvent
from tests.factories import AgencyFactory, GroupFactory, PartnershipFactory, PersonFactory, UserFactory, at

NOW = at("2026-03-02 09:00")


def join(user, partnership, **changes):
    values = {"first_name": "Amira", "last_name": "Sample", "job_title": "Nurse", "agency": None, "groups": []}
    return join_partnership(user=user, partnership=partnership, now=NOW, **{**values, **changes})


@pytest.mark.django_db
@pytest.mark.rule("R05")
def test_an_account_takes_over_the_person_imported_with_its_address() -> None:
    person = PersonFactory(email="amira@oakfield.example")
    user = UserFactory(email="amira@oakfield.example")
    assert claim_person(user=user, partnership=person.partnership, now=NOW) == person
    assert claim_person(user=user, partnership=person.partnership, now=NOW) == person
    assert AuditEvent.objects.filter(action="person.joined").count() == 1


@pytest.mark.django_db
def test_a_person_who_has_an_account_is_never_taken_over() -> None:
    person = PersonFactory(email="amira@oakfield.example", user=UserFactory(email="old@oakfield.example"))
    user = UserFactory(email="amira@oakfield.example")
    assert claim_person(user=user, partnership=person.partnership, now=NOW) is None
    person.refresh_from_db()
    assert person.user.email == "old@oakfield.example"


@pytest.mark.django_db
def test_a_person_of_another_partnership_is_not_claimed() -> None:
    PersonFactory(email="amira@oakfield.example")
    assert (
        claim_person(user=UserFactory(email="amira@oakfield.example"), partnership=PartnershipFactory(), now=NOW)
        is None
    )


@pytest.mark.django_db
def test_joining_makes_a_person_with_work_and_joining_again_corrects_it() -> None:
    partnership = PartnershipFactory()
    agency, group = AgencyFactory(partnership=partnership), GroupFactory(partnership=partnership)
    user = UserFactory()
    person = join(user, partnership, agency=agency, groups=[group])
    assert (person.name, person.email) == ("Amira Sample", user.email)
    join(user, partnership, first_name="Amirah", agency=AgencyFactory(partnership=partnership))
    person = Person.objects.get(user=user)
    job = person.employments.get()
    assert (person.first_name, job.agency, job.job_title, list(job.groups.all())) == ("Amirah", agency, "Nurse", [])


@pytest.mark.django_db
def test_without_an_agency_the_account_waits_to_be_matched() -> None:
    partnership = PartnershipFactory()
    person = join(UserFactory(), partnership)
    assert list(people_without_agency(partnership, on=NOW.date())) == [person]


@pytest.mark.parametrize(
    ("email", "shared"),
    [
        ("office@school.example", True),
        ("Info@x.example", True),
        ("amira@x.example", False),
        ("officer.kay@x.example", False),
    ],
)
def test_shared_mailboxes_are_spotted(email: str, shared: bool) -> None:
    assert is_shared_mailbox(email) is shared


@pytest.mark.django_db
def test_a_shared_mailbox_cannot_join_and_is_told_why() -> None:
    with pytest.raises(SharedMailbox, match="your own work address"):
        join(UserFactory(email="office@school.example"), PartnershipFactory())


@pytest.mark.django_db
def test_the_agency_is_suggested_from_the_domain_unless_two_share_it() -> None:
    partnership = PartnershipFactory()
    police = AgencyFactory(partnership=partnership, email_domains=["police.example"])
    AgencyFactory(email_domains=["police.example"])
    assert suggested_agency("kay@Police.example", partnership=partnership) == police
    assert suggested_agency("kay@other.example", partnership=partnership) is None
    AgencyFactory(partnership=partnership, email_domains=["police.example"])
    assert suggested_agency("kay@police.example", partnership=partnership) is None
