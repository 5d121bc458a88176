"""The one decision that cannot be repaired later: foreign keys point down only (imports: import-linter)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

# From the highest to the lowest; apps on one line are siblings and never import each other.
LAYERS = [
    {"reports"},
    {"evaluations", "assurance", "governance"},
    {"bookings"},
    {"trainers"},
    {"courses"},
    {"agencies"},
    {"competencies"},
    {"accounts"},
    {"core"},
]
LEVEL = {app: len(LAYERS) - level for level, names in enumerate(LAYERS) for app in names}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in LEVEL]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        if not field.is_relation or field.auto_created or field.related_model is None:
            continue
        target = field.related_model._meta.app_label
        if target not in LEVEL or target == model._meta.app_label:
            continue
        assert LEVEL[target] < LEVEL[model._meta.app_label], f"{model._meta.label}.{field.name} points up to {target}"


def test_every_app_says_what_it_owns() -> None:
    for app in LEVEL:
        words = (Path(settings.BASE_DIR) / app / "__init__.py").read_text()
        assert all(said in words for said in ("Owns:", "Does not own:", "rules are in")), app


def test_nothing_historic_cascades() -> None:
    """Deleting a person, agency, course, session or booking must never delete history with it."""
    kept = {"agencies.Person", "agencies.Agency", "courses.Course", "courses.CourseSession", "bookings.Booking"}
    allowed = {"courses.SessionPart.session", "bookings.BookingNeeds.booking"}
    for model in our_models():
        for field in model._meta.get_fields():
            remote = getattr(field, "remote_field", None)
            if not isinstance(field, models.ForeignKey) or remote is None:
                continue
            name = f"{model._meta.label}.{field.name}"
            if field.related_model._meta.label in kept and name not in allowed:
                assert remote.on_delete is not models.CASCADE, f"{name} cascades"
