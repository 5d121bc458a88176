"""Certificates: one's own as PDF, and the public check of a number."""

from __future__ import annotations

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from bookings.documents import certificate_pdf
from bookings.domain.certificates import check_certificate, clean_number
from bookings.forms import CertificateNumberForm
from bookings.models import Certificate
from core.access import public, signed_in
from core.errors import RuleBroken
from core.views.errors import too_many_requests

from .shared import partnership_of

TRIES = {"certificate_check": "10/m/ip"}


@signed_in
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One's own certificate as a file; whoever manages bookings may have any. A withdrawn one is not given out."""
    partnership = partnership_of(request)
    released = Certificate.objects.filter(partnership=partnership, withdrawn_at=None)
    if not request.user.has_perm("bookings.manage", partnership):
        released = released.filter(booking__person__user=request.user.pk)
    found = get_object_or_404(released.select_related("booking__session__course", "partnership"), number=number)
    try:
        content = certificate_pdf(found)
    except RuleBroken as refusal:
        return render(request, "bookings/certificate_unavailable.html", {"message": str(refusal)}, status=503)
    headers = {"Content-Disposition": f'attachment; filename="certificate-{found.number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@public
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Where somebody types the number of a certificate."""
    form = CertificateNumberForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        number = clean_number(form.cleaned_data["number"])
        if number:
            return redirect("bookings:certificate_result", number)
        form.add_error("number", "Enter the number as it stands on the certificate, in letters and figures")
    return render(request, "bookings/certificate_check.html", {"form": form})


@public
def certificate_result(request: HttpRequest, number: str) -> HttpResponseBase:
    """What a number proves: initials, course, day and status, no more. 10 tries a minute from one address."""
    if not consume(request, app="bookings", action="certificate_check", config=TRIES, limit_get=True):
        return too_many_requests(request)
    found = check_certificate(number, partnership=partnership_of(request))
    form = CertificateNumberForm(initial={"number": number})
    context = {"certificate": found, "form": form, "number": number}
    return render(request, "bookings/certificate_result.html", context, status=200 if found else 404)
