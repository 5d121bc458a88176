"""The catalogue with its free places, and booking one of them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from .models import Booking, Message, Session


def catalogue(request: HttpRequest) -> HttpResponse:
    sessions = list(Session.objects.filter(is_open=True).order_by("starts_at"))
    booked = Booking.objects.filter(session__in=sessions, status="booked").values_list("session")
    taken: dict[int, int] = dict(booked.annotate(number=Count("pk")))
    rows = [
        {
            "pk": session.pk,
            "title": session.title,
            "venue": session.venue,
            "starts_at": session.starts_at,
            "capacity": session.capacity,
            "free": session.capacity - taken.get(session.pk, 0),
        }
        for session in sessions
    ]
    return render(request, "bare/catalogue.html", {"sessions": rows})


def book(request: HttpRequest, session_id: int) -> HttpResponse:
    with transaction.atomic():
        session = Session.objects.select_for_update(no_key=True).get(pk=session_id)
        taken = Booking.objects.filter(session=session, status="booked").count()
        free = taken < session.capacity
        booking = Booking.objects.create(
            session=session,
            person=int(request.POST["person"]),
            status="booked" if free else "waiting",
            place_number=taken + 1 if free else None,
            booked_at=timezone.now(),
        )
        Message.objects.create(
            recipient=f"person{booking.person}@example.org",
            subject=f"{booking.status}: {session.title}",
            text="",
            html="",
        )
    return redirect(f"/booking/{booking.pk}/")
