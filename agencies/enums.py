"""Choices shared by the models, forms and imports of agencies."""

from django.db import models


class Sector(models.TextChoices):
    """What kind of body an agency is; reports group by it (R01)."""

    LOCAL_AUTHORITY = "local_authority", "Local authority"
    POLICE = "police", "Police"
    HEALTH = "health", "Health (NHS)"
    EDUCATION_STATE = "education_state", "Education - state-funded"
    EDUCATION_INDEPENDENT = "education_independent", "Education - independent"
    EARLY_YEARS = "early_years", "Early years and childcare"
    JUSTICE = "justice", "Probation and justice"
    VOLUNTARY = "voluntary", "Voluntary, community and faith"
    PRIVATE = "private", "Private provider"
    HOUSING = "housing", "Housing"
    FIRE = "fire", "Fire and rescue"
    OTHER = "other", "Other"
    SELF_EMPLOYED = "self_employed", "Self-employed"


class ChargeTier(models.TextChoices):
    """What an agency pays by. Set by the administrator, never by the learner (R56)."""

    A = "A", "A: statutory partner"
    B = "B", "B: contributing partner"
    C = "C", "C: small charity or community group"
    D = "D", "D: large charity"
    E = "E", "E: school, college or early years"
    F = "F", "F: private or profit-making"
    G = "G", "G: outside the area"


class Contribution(models.TextChoices):
    """What an agency gives to the partnership."""

    MONEY = "money", "Money"
    IN_KIND = "in_kind", "In kind"
    BOTH = "both", "Money and in kind"
    NONE = "none", "None"
