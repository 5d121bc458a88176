"""One source for the states of a booking: code, word on every screen, mail and report, and what each means."""

from __future__ import annotations

from django.db import models


class BookingStatus(models.TextChoices):
    """The status table. The label is the word people see, everywhere the same."""

    REQUESTED = "requested", "Waiting for manager"
    BOOKED = "booked", "Booked"
    WAITING = "waiting", "Waiting list"
    OFFERED = "offered", "Place offered"
    DECLINED = "declined", "Not agreed"
    CANCELLED = "cancelled", "Cancelled"
    LATE_CANCELLED = "late_cancelled", "Cancelled late"
    ATTENDED = "attended", "Attended"
    WALK_IN = "walk_in", "Attended, not booked"
    PART = "part", "Attended part"
    DID_NOT_ATTEND = "did_not_attend", "Did not attend"
    REFUSED_LATE = "refused_late", "Arrived too late"
    SUBSTITUTED = "substituted", "Sent a colleague"
    TRANSFERRED = "transferred", "Moved to another date"
    SESSION_CANCELLED = "session_cancelled", "Cancelled by us"


S = BookingStatus
# Statuses that take one of the session's places before it is held.
HOLDS_A_PLACE = (S.REQUESTED, S.BOOKED, S.OFFERED)
# A person has at most one booking of a session in these states.
LIVE = (S.REQUESTED, S.BOOKED, S.WAITING, S.OFFERED, S.ATTENDED, S.WALK_IN, S.PART, S.DID_NOT_ATTEND, S.REFUSED_LATE)
# Came for the whole session: the certificate follows after the evaluation (T9).
ATTENDED_IN_FULL = (S.ATTENDED, S.WALK_IN)
# Ended by the register.
REGISTERED = (S.ATTENDED, S.WALK_IN, S.PART, S.DID_NOT_ATTEND, S.REFUSED_LATE)
# Raise the absence charge.
ABSENCES = (S.LATE_CANCELLED, S.DID_NOT_ATTEND, S.REFUSED_LATE)
# Raise the place fee of a tier that pays one.
PRESENCES = (S.ATTENDED, S.WALK_IN, S.PART)
# Never held a place: an application that did not become a booking.
NEVER_BOOKED = (S.WAITING, S.DECLINED, S.WALK_IN)


class AbsenceReason(models.TextChoices):
    """Why someone did not come. It decides nothing by itself: a waiver is a person's decision."""

    SICKNESS = "sickness", "Sickness"
    BEREAVEMENT = "bereavement", "Bereavement"
    FAMILY = "family", "Caring or family emergency"
    OPERATIONAL = "operational", "Operational need or court"
    WORK_PRESSURE = "work_pressure", "Other work pressure"
    LEAVE = "leave", "Leave"
    BOOKED_IN_ERROR = "booked_in_error", "Booked in error"
    FORGOT = "forgot", "Forgot"
    WRONG_PLACE = "wrong_place", "Wrong place or link"
    IT_FAILURE = "it_failure", "IT failure"
    TRAVEL = "travel", "Travel or weather"
    LEFT_AGENCY = "left_agency", "Left the agency"
    OTHER = "other", "Other"
    NO_REPLY = "no_reply", "No reply"


class AccessNeed(models.TextChoices):
    """What someone may need on the day (R51). Trainers see the word beside the name, nobody else does."""

    STEP_FREE = "step_free", "Step-free access"
    HEARING_LOOP = "hearing_loop", "Hearing loop"
    SIGN_LANGUAGE = "sign_language", "British Sign Language interpreter"
    LARGE_PRINT = "large_print", "Large print or slides in advance"
    QUIET_ROOM = "quiet_room", "A quiet room or prayer space"
    EXPRESS_MILK = "express_milk", "Somewhere to express milk"
    CAPTIONS = "captions", "Captions"


# Needs that a room must meet; online the others can be asked for.
NEEDS_OF_A_ROOM = (
    AccessNeed.STEP_FREE,
    AccessNeed.HEARING_LOOP,
    AccessNeed.SIGN_LANGUAGE,
    AccessNeed.LARGE_PRINT,
    AccessNeed.QUIET_ROOM,
    AccessNeed.EXPRESS_MILK,
)
NEEDS_ONLINE = (AccessNeed.CAPTIONS, AccessNeed.SIGN_LANGUAGE, AccessNeed.LARGE_PRINT)


class ChargeKind(models.TextChoices):
    ABSENCE = "absence", "Absence charge"
    PLACE = "place", "Place fee"


class ChargeState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    CONFIRMED = "confirmed", "Confirmed"
    WAIVED = "waived", "Waived"


class NoticeUnit(models.TextChoices):
    WORKING_DAYS = "working_days", "working days"
    CALENDAR_DAYS = "calendar_days", "calendar days"
