"""The form that takes a file."""

from __future__ import annotations

from typing import Any

from django import forms

from core.spreadsheets import MOST_BYTES


class UploadForm(forms.Form):
    """One CSV or XLSX file."""

    file = forms.FileField(
        label="File",
        help_text="A CSV or Excel (.xlsx) file of at most 20 MB and 60,000 rows",
        max_length=300,
        error_messages={
            "required": "Select a file",
            "empty": "The file is empty",
            "max_length": "The file’s name is too long: shorten it to 100 characters",
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 20 MB. Split it into several files")
        return file
