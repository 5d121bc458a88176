"""Forms of booking, of the register and of the certificate check. They say what is missing; the rules decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from agencies.models import Agency
from bookings.domain.marking import Marking
from bookings.enums import NEEDS_OF_A_ROOM, NEEDS_ONLINE, AccessNeed
from bookings.models import Booking, Mark
from core.forms import Checkboxes
from core.models import Partnership
from courses.enums import ManagerApproval, Mode
from courses.models import CourseSession

NONE = "none"
HALF = "govuk-!-width-one-half"


class NeedsForm(forms.Form):
    """What someone needs on the day (R51). Food is asked only where there is some."""

    label_size = "m"
    access = forms.MultipleChoiceField(
        label="Do you need any of these?",
        help_text="Only the trainers and the training team see this. We delete it 30 days after the course.",
        widget=Checkboxes(exclusive=NONE),
        error_messages={"required": "Select what you need, or “No, none of these”"},
    )
    other = forms.CharField(
        label="Anything else we should arrange",
        help_text="What would help on the day. There is no need to say why.",
        max_length=300,
        required=False,
    )
    diet = forms.CharField(
        label="Food allergies or dietary needs",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, session: CourseSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needs = NEEDS_OF_A_ROOM if session.mode == Mode.IN_PERSON else NEEDS_ONLINE
        choices = [(need.value, str(need.label)) for need in needs]
        self.fields["access"].choices = [*choices, (NONE, "No, none of these")]  # type: ignore[attr-defined]
        if not session.refreshment_cost:
            del self.fields["diet"]

    def clean_access(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["access"]
        if NONE in chosen and len(chosen) > 1:
            raise forms.ValidationError("Select what you need or “No, none of these”, not both")
        return chosen


def needs_to_keep(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as ``BookingNeeds`` keeps them: "none of these" is nothing to keep."""
    access = [one for one in answers.get("access", []) if one in AccessNeed.values]
    return {"access": access, "other": answers.get("other", ""), "diet": answers.get("diet", "")}


class ConfirmForm(forms.Form):
    """The last step. ``submission_id`` makes a second click show the first result."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput)
    place_seen = forms.BooleanField(required=False, widget=forms.HiddenInput)
    declaration = forms.BooleanField(
        label="My line manager agrees that I go",
        error_messages={"required": "Confirm that your line manager agrees that you go"},
    )

    def __init__(self, *args: Any, session: CourseSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if session.course.manager_approval == ManagerApproval.NONE:
            del self.fields["declaration"]


class CertificateNumberForm(forms.Form):
    """The number of a certificate as somebody types it from paper."""

    label_size = "m"
    number = forms.CharField(
        label="Certificate number",
        help_text="It stands at the bottom of the certificate. Spaces and dashes do not matter.",
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "govuk-!-width-two-thirds"}
        ),
        error_messages={"required": "Enter the certificate number"},
    )


LONGEST_DELAY = 600


class RegisterForm(forms.Form):
    """The whole register, for saving it at once: a mark for each person, and how late whoever came late was.

    Fields are named ``mark-<reference>``, ``minutes-<reference>`` and ``refused-<reference>``. ``seen-<reference>``
    holds what the page showed: what somebody did not touch is not sent again over a colleague's newer mark.
    """

    def __init__(self, *args: Any, bookings: Sequence[Booking], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bookings = bookings
        for booking in bookings:
            name, reference = booking.person.name, booking.reference
            self.fields[f"mark-{reference}"] = forms.ChoiceField(
                choices=Mark.choices, required=False, label=name, widget=forms.RadioSelect
            )
            self.fields[f"minutes-{reference}"] = _minutes(name)
            self.fields[f"refused-{reference}"] = forms.BooleanField(required=False, label=f"{name} was not let in")
            self.fields[f"seen-{reference}"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def markings(self) -> list[tuple[Booking, Marking]]:
        """What was changed on the form, person by person. Leaving early is asked at the end, and kept here."""
        found = []
        for booking in self.bookings:
            mark, minutes, refused, seen = (
                self.cleaned_data.get(f"{name}-{booking.reference}") for name in ("mark", "minutes", "refused", "seen")
            )
            left_early = getattr(getattr(booking, "attendance", None), "left_early", False)
            marking = Marking(mark or "", minutes, not refused, left_early)
            if mark and as_seen(marking) != seen:
                found.append((booking, marking))
        return found


def as_seen(marking: Marking) -> str:
    """A mark as the page remembers having shown it."""
    fields = marking.as_fields()
    return (
        f"{fields['mark']}.{fields['minutes_late'] if fields['minutes_late'] is not None else ''}.{fields['let_in']:d}"
    )


def _minutes(name: str) -> forms.IntegerField:
    whole = f"Minutes late for {name} must be a whole number, like 20"
    return forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LONGEST_DELAY,
        label=f"How many minutes late was {name}?",
        error_messages={"invalid": whole, "min_value": whole, "max_value": f"{name} cannot be over 10 hours late"},
    )


class FinishForm(forms.Form):
    """The end of a register: who left before the end."""

    label_size = "m"
    mark_optional = False
    left_early = forms.MultipleChoiceField(
        label="Did anyone leave before the end?",
        help_text="They attended part of the session and get no certificate. Leave this empty if nobody did.",
        required=False,
        widget=Checkboxes(),
    )

    def __init__(self, *args: Any, present: Sequence[Booking], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(booking.reference, booking.person.name) for booking in present]
        self.fields["left_early"].choices = choices  # type: ignore[attr-defined]
        if not present:
            del self.fields["left_early"]


class WalkInForm(forms.Form):
    """Someone who came without a booking and is not known yet."""

    first_name = forms.CharField(
        label="First name",
        max_length=100,
        widget=forms.TextInput(attrs={"class": HALF}),
        error_messages={"required": "Enter their first name"},
    )
    last_name = forms.CharField(
        label="Last name",
        max_length=100,
        widget=forms.TextInput(attrs={"class": HALF}),
        error_messages={"required": "Enter their last name"},
    )
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(),
        label="Agency",
        empty_label="Choose an agency",
        error_messages={"required": "Choose the agency they work for"},
    )
    email = forms.EmailField(
        label="Work email address",
        required=False,
        help_text="We send the evaluation and the certificate there",
        widget=forms.EmailInput(attrs={"class": HALF, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.of(partnership)  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()
