"""Stage 0 and 1: confidence before, and the evaluation at the end of a session (R64, R68)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from bookings.models import Booking


def confidence(help_text: str, *, optional: bool = False) -> models.PositiveSmallIntegerField:
    """A score from 0 (not at all) to 10 (completely)."""
    return models.PositiveSmallIntegerField(
        help_text=help_text, validators=[MaxValueValidator(10)], null=optional, blank=optional
    )


def agreement(help_text: str) -> models.PositiveSmallIntegerField:
    """A score from 1 (strongly disagree) to 5 (strongly agree)."""
    return models.PositiveSmallIntegerField(help_text=help_text, validators=[MinValueValidator(1), MaxValueValidator(5)])


RECOGNISE = "How confident are you to recognise this in your own work?"
ACT = "How confident are you to act on a concern using local procedures?"
AGENCIES = "How well do you know what other agencies do about it?"


class Baseline(models.Model):
    """Stage 0, at booking: the same three scores that are asked again at the end and three months on."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="baseline")
    recognise = confidence(RECOGNISE)
    act = confidence(ACT)
    agencies = confidence(AGENCIES)
    wants = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Baseline of {self.booking}"


class InitialEvaluation(models.Model):
    """Stage 1, at the end of the session, by every learner. Sending it releases the certificate."""

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
    overall = agreement("Overall")
    recommend = confidence("Would you recommend it?")
    helped_most = models.TextField(blank=True)
    should_change = models.TextField(blank=True)
    barrier = models.CharField(max_length=20, blank=True)
    may_quote = models.BooleanField(default=False)

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
