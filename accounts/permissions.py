"""The vocabulary of permissions: what each allows, in words an administrator understands, and which roles hold it.

Asked with ``user.has_perm("reports.read", partnership)``; the answer comes from ``agencies.permissions.RoleBackend``,
which knows the roles a person is appointed to. Narrower questions ("this trainer, this session") are predicates beside
the object.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    """Roles are appointments of a person at a partnership or an agency. Everyone known to it is a practitioner."""

    PRACTITIONER = "practitioner", "Practitioner"
    AGENCY_LEAD = "agency_lead", "Agency lead"
    TRAINER = "trainer", "Trainer"
    SUBGROUP_MEMBER = "subgroup_member", "Sub-group member"
    SUBGROUP_CHAIR = "subgroup_chair", "Sub-group chair"
    ADMINISTRATOR = "administrator", "Partnership administrator"
    PLATFORM_ADMINISTRATOR = "platform_administrator", "Platform administrator"


@dataclass(frozen=True)
class Permission:
    """One thing a person may do. ``roles`` hold it; a platform administrator holds all."""

    code: str
    description: str
    roles: frozenset[Role]


P, L, T = Role.PRACTITIONER, Role.AGENCY_LEAD, Role.TRAINER
S, C, A = Role.SUBGROUP_MEMBER, Role.SUBGROUP_CHAIR, Role.ADMINISTRATOR


def _permission(code: str, description: str, *roles: Role) -> Permission:
    return Permission(code, description, frozenset(roles))


PERMISSIONS: dict[str, Permission] = {
    permission.code: permission
    for permission in [
        _permission("bookings.book", "Book a place for oneself, and cancel it", P, L, T, S, C, A),
        _permission("bookings.see_own", "See one's own bookings, record and certificates", P, L, T, S, C, A),
        _permission("bookings.manage", "See and change every booking, waiting list and register", A),
        _permission("bookings.take_register", "Take the register of a session one delivers", T, A),
        _permission("charges.manage", "Review, confirm and waive charges", A),
        _permission("courses.manage", "Add and change courses, dates and venues", A),
        _permission("people.manage", "See and change agencies, people and their roles", A),
        _permission("people.see_own_agency", "See the staff of one's own agency and their training", L),
        _permission("trainers.deliver", "See the sessions one delivers", T),
        _permission("trainers.manage", "See and change the training pool", A),
        _permission("evaluations.manage", "See evaluation results of every course", A),
        _permission("imports.run", "Bring in files and take an import back", A),
        _permission("reports.read", "Read published reports", S, C, A),
        _permission("reports.draft", "Read and refresh draft reports", C, A),
        _permission("reports.publish", "Publish a report to the sub-group", C, A),
        _permission("history.read", "See who did what", A),
        _permission("rights.read", "See who may do what", A, C),
        _permission("engine.read", "See the mail log and background work", A),
        _permission("manage.today", "Open the administrator's Today page", A),
    ]
}
