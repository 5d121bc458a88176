"""Signs of life of the background engine."""

from django.db import models


class Heartbeat(models.Model):
    """When a part of the engine (worker, beat, mail) was last seen working."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
