"""A file that was brought in: what it held, what it changed, and how to take it back."""

from __future__ import annotations

from typing import Any

from django.db import models

from .partnership import Partnership


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: Any, partnership: Partnership) -> ImportRunQuerySet:
        """The partnership's imports, for those who may bring files in."""
        return self.filter(partnership=partnership) if user.has_perm("imports.run", partnership) else self.none()


class ImportRun(models.Model):
    """One upload or command-line import. ``undo`` keeps what each touched row was before, for 24 hours."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        CHECKED = "checked", "Checked"
        IMPORTED = "imported", "Imported"
        REFUSED = "refused", "Refused"
        UNDONE = "undone", "Undone"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m/", null=True, blank=True)
    started_by_id = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    good_rows_only = models.BooleanField(default=False)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    # The first rows of each kind and what is worth knowing, as the check page shows them; gone with the upload.
    preview = models.JSONField(default=dict)
    undo = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"

    @property
    def good(self) -> int:
        """How many rows are right, whether they change anything or not."""
        return self.new + self.changed + self.unchanged
