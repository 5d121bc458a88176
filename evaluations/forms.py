"""The questions of both questionnaires (domain book 5.4). Scores are radio buttons in a row, the same on every page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from core.forms import Checkboxes, Radios

from .models import ImpactAnswer, InitialEvaluation, IntendedAction
from .models.initial import ACT, AGENCIES, RECOGNISE, question

IDENTIFY_NOBODY = "Do not include details that could identify a child, adult or family"
LONG_ANSWER = 2000
AGREE = ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"]
AGREE_CHOICES = list(enumerate(AGREE, 1))


class Scale(forms.TypedChoiceField):
    """One score. ``low`` and ``high`` name the two ends of 0 to 10; other scales have a word for each choice."""

    def __init__(self, *, choices: Iterable[tuple[int, Any]], low: str = "", high: str = "", **kwargs: Any) -> None:
        listed = list(choices)
        super().__init__(choices=listed, coerce=int, widget=Radios, **kwargs)
        self.in_words = not low
        self.low, self.high = low or listed[0][1], high or listed[-1][1]


def confidence(label: str, *, low: str = "Not at all", high: str = "Completely") -> Scale:
    """A score from 0 to 10."""
    message = f"Choose a number from 0 to 10 for “{label}”"
    choices = [(number, str(number)) for number in range(11)]
    return Scale(choices=choices, label=label, low=low, high=high, error_messages={"required": message})


def agreement(name: str) -> Scale:
    """How far one agrees, from 1 to 5."""
    label = question(InitialEvaluation, name)
    message = f"Say how far you agree that {label if label.startswith('I ') else label[0].lower() + label[1:]}"
    return Scale(choices=AGREE_CHOICES, label=label, error_messages={"required": message})


def words(label: str, *, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A long answer, which nobody has to give."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LONG_ANSWER, widget=widget)


def action(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=300)


class InitialEvaluationForm(forms.Form):
    """Stage 1, at the end of a session."""

    recognise = confidence(RECOGNISE)
    act = confidence(ACT)
    agencies = confidence(AGENCIES)
    before = confidence("Looking back, how confident were you before the course?")
    aims_met = agreement("aims_met")
    relevant = agreement("relevant")
    pace = agreement("pace")
    trainers_knew = agreement("trainers_knew")
    trainers_involved = agreement("trainers_involved")
    learned_from_others = agreement("learned_from_others")
    child_at_centre = agreement("child_at_centre")
    difference_respected = agreement("difference_respected")
    place_worked = agreement("place_worked")
    overall = Scale(
        choices=InitialEvaluation.Rating.choices,
        label="Overall, how was the course?",
        error_messages={"required": "Choose how the course was overall"},
    )
    recommend = confidence("How likely are you to recommend it?", low="Not at all", high="Very likely")
    action_1 = action("First thing")
    action_2 = action("Second thing")
    action_3 = action("Third thing")
    barrier = forms.ChoiceField(
        choices=InitialEvaluation.Barrier.choices,
        label="Is anything likely to stop you using what you learned?",
        required=False,
        widget=Radios,
    )
    helped_most = words("What helped most?", help_text=IDENTIFY_NOBODY)
    should_change = words("What should we change?", help_text=IDENTIFY_NOBODY)
    may_quote = forms.BooleanField(label="You may quote what I wrote, without my name", required=False)

    ACTIONS = ("action_1", "action_2", "action_3")

    def answers(self) -> dict[str, Any]:
        """The fields of InitialEvaluation."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.ACTIONS}

    def actions(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.ACTIONS]


class ImpactSurveyForm(forms.Form):
    """Stage 2, three months on: the same three scores, what became of the intended actions, and what changed."""

    recognise = confidence(RECOGNISE)
    act = confidence(ACT)
    agencies = confidence(AGENCIES)
    used = forms.ChoiceField(
        choices=ImpactAnswer.Used.choices,
        label="Have you used what you learned?",
        widget=Radios,
        error_messages={"required": "Say whether you have used what you learned"},
    )
    changes = forms.MultipleChoiceField(
        choices=ImpactAnswer.Change.choices,
        label="What has changed in how you work?",
        help_text="Select all that apply",
        widget=Checkboxes(exclusive=ImpactAnswer.Change.NONE),
        error_messages={"required": "Select what has changed in how you work, or “Nothing has changed”"},
    )
    changed_how = words("How has it changed?", help_text=IDENTIFY_NOBODY)
    example = words(
        "Give an example of a difference it made for a child, adult or family",
        help_text="Do not include details that identify a child, adult or family",
    )
    shared = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        label="Have you shared what you learned with your team?",
        widget=Radios(inline=True),
        error_messages={"required": "Say whether you have shared what you learned with your team"},
    )
    shared_how = words("If you have, how did you share it?", rows=2)
    made_it_hard = words("What made it hard to use what you learned?", help_text=IDENTIFY_NOBODY)
    further_learning = words("What further learning do you need?", rows=2)
    may_contact = forms.BooleanField(label="You may contact me for a short call about this", required=False)

    def __init__(self, *args: Any, actions: Iterable[IntendedAction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action_ids: dict[str, int] = {}
        for planned in actions:
            self.action_ids[f"action_{planned.pk}"] = planned.pk
            self.fields[f"action_{planned.pk}"] = forms.ChoiceField(
                choices=IntendedAction.Outcome.choices,
                label=planned.text,
                widget=Radios,
                error_messages={"required": f"Say what became of “{planned.text}”"},
            )

    @property
    def action_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.action_ids]

    def clean_changes(self) -> list[str]:
        changes: list[str] = self.cleaned_data["changes"]
        if ImpactAnswer.Change.NONE in changes and len(changes) > 1:
            raise forms.ValidationError("Select what has changed, or “Nothing has changed”, not both")
        return changes

    def answers(self) -> dict[str, Any]:
        """The fields of ImpactAnswer."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.action_ids}

    def outcomes(self) -> dict[int, str]:
        """What became of each intended action, by its id."""
        return {pk: self.cleaned_data[name] for name, pk in self.action_ids.items()}
