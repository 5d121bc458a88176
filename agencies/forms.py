"""Forms about people and their roles. Choices are always limited to the partnership."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.permissions import Role
from competencies.models import Group
from core.models import Partnership

from .domain.appointing import APPOINTABLE
from .models import Agency, Person


class MyDetailsForm(forms.Form):
    """Name, job and work. The agency is chosen once; a later change is made by the training team."""

    first_name = forms.CharField(max_length=100, label="First name")
    last_name = forms.CharField(
        max_length=100, label="Last name", help_text="Your name appears on certificates exactly as you type it"
    )
    job_title = forms.CharField(max_length=150, label="Job title")
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        required=False,
        label="Which organisation do you work or volunteer for?",
        empty_label="My organisation is not listed",
        help_text="Your organisation may be charged if you do not attend, so choose the right one",
    )
    groups = forms.ModelMultipleChoiceField(
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What does your work involve?",
        help_text="Select all that apply. If you are not sure, leave this empty and ask your manager",
    )

    def __init__(self, *args: Any, partnership: Partnership, agency_fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agency_fixed:
            del self.fields["agency"]
        else:
            self.fields["agency"].queryset = Agency.objects.of(partnership)  # type: ignore[attr-defined]
        groups = Group.objects.filter(framework__partnership=partnership).select_related("framework")
        self.fields["groups"].queryset = groups  # type: ignore[attr-defined]


class AppointmentForm(forms.Form):
    """Who is appointed to which role."""

    email = forms.EmailField(
        label="Work e-mail of the person", help_text="They must already be known to the partnership"
    )
    role = forms.ChoiceField(choices=[(role.value, role.label) for role in APPOINTABLE], label="Role")
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(), required=False, label="Agency", help_text="Only for an agency lead"
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.fields["agency"].queryset = Agency.objects.of(partnership)  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        self.person = Person.objects.of(self.partnership).filter(email=email).first()
        if self.person is None:
            raise forms.ValidationError(
                "Nobody with this address is known to the partnership. Check the address, or import them first."
            )
        return email

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
