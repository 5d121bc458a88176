"""Long work with progress: a row that a person can watch and that survives a killed worker."""

from __future__ import annotations

from typing import Any

from django.db import models

from .partnership import Partnership


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any, partnership: Partnership) -> JobQuerySet:
        """The partnership's background work, for those who may see the engine."""
        return self.filter(partnership=partnership) if user.has_perm("engine.read", partnership) else self.none()


class Job(models.Model):
    """A piece of long work. ``kind`` names a function registered with ``core.jobs``; ``arguments`` are plain values."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to start"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        STOPPED = "stopped", "Stopped"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    file = models.FileField(upload_to="jobs/%Y/%m/", null=True, blank=True)
    started_by_id = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.FINISHED, self.State.FAILED, self.State.STOPPED}

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
