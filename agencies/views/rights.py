"""Who may do what: the permissions of each role, who is appointed, and appointing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.permissions import PERMISSIONS, Role
from agencies.domain.appointing import appoint, end_appointment
from agencies.forms import AppointmentForm
from agencies.models import RoleAppointment
from core.access import needs
from core.errors import RuleBroken

SHOWN_ROLES = [role for role in Role if role != Role.PLATFORM_ADMINISTRATOR]


def _page(request: HttpRequest, form: AppointmentForm | None) -> HttpResponse:
    current = RoleAppointment.objects.current(on=timezone.localdate())
    appointments = current.filter(person__partnership=request.partnership).select_related("person", "agency")
    rows = [
        {"description": permission.description, "held": [role in permission.roles for role in SHOWN_ROLES]}
        for permission in PERMISSIONS.values()
    ]
    appointed = [(Role(appointment.role).label, appointment) for appointment in appointments.order_by("role", "pk")]
    context = {"roles": SHOWN_ROLES, "rows": rows, "appointed": appointed, "form": form}
    return render(request, "agencies/rights.html", context)


@needs("rights.read")
def rights(request: HttpRequest) -> HttpResponse:
    """The whole vocabulary with who holds it, for administrators and the chair."""
    may_appoint = request.user.has_perm("people.manage", request.partnership)
    return _page(request, AppointmentForm(partnership=request.partnership) if may_appoint else None)


@needs("people.manage")
@require_POST
def appointment_add(request: HttpRequest) -> HttpResponse:
    """Appoint a person to a role."""
    form = AppointmentForm(request.POST, partnership=request.partnership)
    if form.is_valid():
        role, agency = form.cleaned_data["role"], form.cleaned_data["agency"]
        try:
            appoint(person=form.person, role=role, agency=agency, by=request.user, now=timezone.now())
        except RuleBroken as error:
            form.add_error("agency", str(error))
        else:
            messages.success(request, f"{form.person} is now {role.label.lower()}.")
            return redirect("agencies:rights")
    return _page(request, form)


@needs("people.manage")
@require_POST
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an appointment at once."""
    mine = RoleAppointment.objects.filter(person__partnership=request.partnership)
    appointment = get_object_or_404(mine.select_related("person"), pk=pk)
    try:
        end_appointment(appointment=appointment, by=request.user, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{appointment.person} is no longer {Role(appointment.role).label.lower()}.")
    return redirect("agencies:rights")
