"""What people write into a report."""

from __future__ import annotations

from typing import Any

from django import forms

from .models import QuarterlyReport

MOST_MESSAGES = 5


class WordsForm(forms.Form):
    """Key messages, risks and whether there were enough places: judgements that need an author (R147)."""

    label_size = "m"

    key_messages = forms.CharField(
        label="Key messages",
        help_text="One message on each line, 5 at most. The first sentence of each is shown in bold.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    sufficiency = forms.CharField(
        label="Were there enough places?",
        help_text="What the figures of demand and places mean, and what should follow.",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    risks = forms.CharField(
        label="Risks and actions",
        help_text="One on each line. Begin with High:, Medium: or Low: to show how serious it is.",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, data: Any = None, *, report: QuarterlyReport, worked_out: list[str]) -> None:
        """``worked_out`` are the messages shown until somebody writes some; left as they are, they go on following."""
        self.worked_out = worked_out
        words = {
            "key_messages": "\n".join(report.key_messages or worked_out),
            "sufficiency": report.sufficiency,
            "risks": report.risks,
        }
        super().__init__(data, initial=words)

    def clean_key_messages(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["key_messages"].splitlines() if line.strip()]
        if len(lines) > MOST_MESSAGES:
            raise forms.ValidationError(f"Enter {MOST_MESSAGES} key messages or fewer")
        return [] if lines == self.worked_out else lines
