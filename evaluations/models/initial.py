"""Stage 0 and 1: confidence before, and the evaluation at the end of a session (R64, R68)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from bookings.models import Booking
from core.models import Partnership
from core.periods import end_of_day, london_day

from .asking import Asked, AskedQuerySet


def confidence(help_text: str, *, optional: bool = False) -> models.PositiveSmallIntegerField:
    """A score from 0 (not at all) to 10 (completely)."""
    return models.PositiveSmallIntegerField(
        help_text=help_text, validators=[MaxValueValidator(10)], null=optional, blank=optional
    )


def agreement(help_text: str) -> models.PositiveSmallIntegerField:
    """A score from 1 (strongly disagree) to 5 (strongly agree)."""
    validators = [MinValueValidator(1), MaxValueValidator(5)]
    return models.PositiveSmallIntegerField(help_text=help_text, validators=validators)


def within(lowest: int, highest: int, *names: str) -> models.Q:
    """The condition that every one of ``names`` lies on its scale, whoever writes the row."""
    condition = models.Q()
    for name in names:
        condition &= models.Q(**{f"{name}__gte": lowest, f"{name}__lte": highest})
    return condition


def question(model: type[models.Model], name: str) -> str:
    """The words of the question that a field of a questionnaire holds the answer to."""
    return str(model._meta.get_field(name).help_text)  # type: ignore[union-attr]


RECOGNISE = "How confident are you to recognise this in your own work?"
ACT = "How confident are you to act on a concern using local procedures?"
AGENCIES = "How well do you know what other agencies do about it?"
CONFIDENCE = ("recognise", "act", "agencies")
LINK_LIFE = dt.timedelta(days=180)
AGREEMENT = (
    "aims_met",
    "relevant",
    "pace",
    "trainers_knew",
    "trainers_involved",
    "learned_from_others",
    "child_at_centre",
    "difference_respected",
    "place_worked",
)


def own_answers(user: Any, partnership: Partnership) -> models.Q:
    """Whose answers ``user`` may read: one's own, and all for whoever manages evaluations. Never an agency's lead."""
    if user.has_perm("evaluations.manage", partnership):
        return models.Q()
    return models.Q(booking__person__user=user)


class AnswerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, partnership: Partnership) -> AnswerQuerySet:
        """Answers about one's own bookings; all of the partnership's for whoever manages evaluations (T10)."""
        return self.filter(own_answers(user, partnership), booking__partnership=partnership)


class Baseline(models.Model):
    """Stage 0, at booking: the same three scores that are asked again at the end and three months on."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="baseline")
    recognise = confidence(RECOGNISE)
    act = confidence(ACT)
    agencies = confidence(AGENCIES)
    wants = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=within(0, 10, *CONFIDENCE), name="baseline_scores_on_scale")]

    def __str__(self) -> str:
        return f"Baseline of {self.booking}"


class InitialRequest(Asked):
    """One attendance asked, by mail, for its initial evaluation."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="initial_request")

    objects = AskedQuerySet.as_manager()

    class Meta(Asked.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Request to evaluate {self.booking}"

    @property
    def link_object_id(self) -> int:
        """Which object the one-time link of this request is for: the booking."""
        return self.booking_id

    @property
    def link_expires_at(self) -> dt.datetime:
        """Afterwards the evaluation is sent from the signed-in page; there it never closes."""
        assert self.invited_at is not None
        return end_of_day(london_day(self.invited_at) + LINK_LIFE)


class InitialEvaluation(models.Model):
    """Stage 1, at the end of the session, by every learner. It releases the certificate and is never changed."""

    class Rating(models.IntegerChoices):
        POOR = 1, "Poor"
        FAIR = 2, "Fair"
        GOOD = 3, "Good"
        VERY_GOOD = 4, "Very good"
        EXCELLENT = 5, "Excellent"

    class Barrier(models.TextChoices):
        NONE = "none", "Nothing"
        TIME = "time", "Time"
        MANAGEMENT = "management", "Support from management"
        TOOLS = "tools", "Tools or procedures"
        AGENCIES = "agencies", "Other agencies"

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="initial_evaluation")
    sent_at = models.DateTimeField()
    recognise = confidence(RECOGNISE)
    act = confidence(ACT)
    agencies = confidence(AGENCIES)
    before = confidence("Looking back, how confident were you before the course?")
    aims_met = agreement("The aims were met")
    relevant = agreement("The content was relevant to my role")
    pace = agreement("The pace and level were right")
    trainers_knew = agreement("The trainers knew the subject")
    trainers_involved = agreement("The trainers involved everyone")
    learned_from_others = agreement("I learned from people in other agencies")
    child_at_centre = agreement("The child’s or adult’s experience stayed at the centre")
    difference_respected = agreement("Different backgrounds and needs were respected")
    place_worked = agreement("The venue or joining online worked")
    overall = agreement("Overall, how was the course?")
    recommend = confidence("How likely are you to recommend it?")
    helped_most = models.TextField(blank=True)
    should_change = models.TextField(blank=True)
    barrier = models.CharField(max_length=20, choices=Barrier.choices, blank=True)
    may_quote = models.BooleanField(default=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=within(0, 10, *CONFIDENCE, "before", "recommend") & within(1, 5, *AGREEMENT, "overall"),
                name="initial_scores_on_scale",
            )
        ]

    def __str__(self) -> str:
        return f"Initial evaluation of {self.booking}"


class IntendedAction(models.Model):
    """Something a learner will do differently; three months later we ask what became of it."""

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        PARTLY = "partly", "Partly done"
        NOT_YET = "not_yet", "Not yet"
        NOT_RELEVANT = "not_relevant", "No longer relevant"

    evaluation = models.ForeignKey(InitialEvaluation, on_delete=models.PROTECT, related_name="actions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    outcome = models.CharField(max_length=15, choices=Outcome.choices, blank=True)

    class Meta:
        ordering = ["evaluation_id", "position"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "position"], name="one_action_per_position")]

    def __str__(self) -> str:
        return self.text
