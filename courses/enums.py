"""Choices shared by the models, forms and imports of courses."""

from django.db import models


class LengthBand(models.TextChoices):
    """What a session is priced by. Several days are priced per day in the full-day band."""

    BRIEFING = "briefing", "Briefing"
    HALF_DAY = "half_day", "Half day"
    FULL_DAY = "full_day", "Full day"
    E_LEARNING = "e_learning", "E-learning"


class Mode(models.TextChoices):
    """How a course is given."""

    IN_PERSON = "in_person", "Face to face"
    VIRTUAL = "virtual", "Online, live"
    E_LEARNING = "e_learning", "E-learning"


class CourseState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


class SessionStatus(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class ManagerApproval(models.TextChoices):
    """What a booking asks of the line manager (R46)."""

    NONE = "none", "Nothing"
    DECLARATION = "declaration", "The learner declares that their manager supports it"
    EMAIL = "email", "The manager agrees by e-mail before the place is confirmed"
