"""Choices shared by the models and forms of the training pool."""

from django.db import models


class TrainerKind(models.TextChoices):
    POOL = "pool", "Pool member, given by their agency"
    STAFF = "staff", "Partnership staff"
    COMMISSIONED = "commissioned", "Commissioned specialist"
    EXPERT_BY_EXPERIENCE = "expert_by_experience", "Expert by experience"


class DeliveryRole(models.TextChoices):
    LEAD = "lead", "Lead"
    CO = "co", "Co-trainer"
    OBSERVER = "observer", "Observer"
