"""The demo's sign-ins: one for each role, with a password that works in development only."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from agencies.domain.appointing import appoint
from agencies.models import Agency, Person
from core.models import Partnership

PASSWORD = "learning-together"


@dataclass(frozen=True)
class SignIn:
    """One printed sign-in; ``agency`` only for an agency lead."""

    label: str
    email: str
    roles: tuple[Role, ...]
    agency: str = ""


SIGN_INS = [
    SignIn("Administrator", "grace.adeyemi@acc.example.org", (Role.ADMINISTRATOR,)),
    SignIn("Practitioner", "jade.whitaker@acc.example.org", ()),
    SignIn("Trainer", "amina.qureshi@acc.example.org", (Role.TRAINER,)),
    SignIn("Sub-group member", "marcus.bell@pol.example.org", (Role.SUBGROUP_MEMBER,)),
    SignIn("Sub-group chair", "helen.orrell@icb.example.org", (Role.SUBGROUP_CHAIR,)),
    SignIn("Agency lead", "sam.tennant@cvc.example.org", (Role.AGENCY_LEAD,), "CVC"),
]
PLATFORM = SignIn("Platform administrator", "platform@archway.example.org", (Role.PLATFORM_ADMINISTRATOR,))
# Appointed without a printed sign-in.
OTHER_ROLES = [
    ("tom.hesketh@acc.example.org", Role.ADMINISTRATOR),
    ("colin.burtwell@wcc.example.org", Role.TRAINER),
    ("jo.lindqvist@cvc.example.org", Role.TRAINER),
]


def make_sign_ins(partnership: Partnership) -> None:
    """Make the accounts and appoint their people; safe to repeat."""
    now = timezone.now()
    password = make_password(PASSWORD)
    people = {person.email: person for person in Person.objects.of(partnership).filter(email__in=_emails())}
    for sign_in in SIGN_INS:
        person = people[sign_in.email]
        person.user = _account(sign_in.email, password)
        person.save(update_fields=["user"])
        agency = Agency.objects.of(partnership).get(code=sign_in.agency) if sign_in.agency else None
        for role in sign_in.roles:
            appoint(person=person, role=role, agency=agency, by=None, now=now)
    for email, role in OTHER_ROLES:
        appoint(person=people[email], role=role, agency=None, by=None, now=now)
    platform = _account(PLATFORM.email, password)
    User.objects.filter(pk=platform.pk).update(is_superuser=True, is_staff=True)


def _emails() -> list[str]:
    return [sign_in.email for sign_in in SIGN_INS] + [email for email, _ in OTHER_ROLES]


def _account(email: str, password: str) -> User:
    """The account of ``email``; ``password`` is hashed already, once for all of them."""
    user, _ = User.objects.get_or_create(email=email, defaults={"password": password, "is_demo": True})
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user


def sign_in_lines(address: str) -> list[str]:
    """What to print: the address and a sign-in for each role that exists."""
    emails = set(User.objects.filter(is_demo=True).values_list("email", flat=True))
    shown = [sign_in for sign_in in [*SIGN_INS, PLATFORM] if sign_in.email in emails]
    if not shown:
        return []
    lines = [f"Open {address} and sign in. The password is the same for all: {PASSWORD}"]
    return lines + [f"  {sign_in.label:<24}{sign_in.email}" for sign_in in shown]
