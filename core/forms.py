"""How every form of the service looks and speaks: GOV.UK markup, links that resolve, errors in sentences.

``{{ form }}`` renders all fields, ``{{ form.email.as_field_group }}`` one, and ``components/error_summary.html`` the
list at the top. It holds for the forms of packages (allauth) as well, because Django asks the renderer for the field's
template.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

MONTH_NAMES = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
REQUIRED_BY_DJANGO = str(forms.Field.default_error_messages["required"])
EMAIL_EXAMPLE = "Enter an email address in the correct format, like name@example.com"
# Widget class, kind of field, class of the control. The first match counts, so narrower classes stand first.
KINDS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes", "govuk-checkboxes__input"),
    (forms.RadioSelect, "radios", "govuk-radios__input"),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
    (forms.Select, "select", "govuk-select"),
    (forms.Textarea, "textarea", "govuk-textarea"),
    (forms.FileInput, "file", "govuk-file-upload"),
    (forms.PasswordInput, "password", "govuk-input govuk-password-input__input govuk-js-password-input-input"),
    (forms.MultiWidget, "group", "govuk-input"),
    (forms.widgets.Input, "input", "govuk-input"),
)
CHOOSING_KINDS = {"checkboxes", "radios", "select", "file"}
OWN_ARTICLES = {"the", "a", "an", "your", "our", "any", "one", "each", "this"}
TICKED_KINDS = {"checkboxes", "checkbox", "radios"}
FIELDSET_KINDS = {"checkboxes", "radios", "date", "group"}
NEVER_MARKED_OPTIONAL = {"checkboxes", "checkbox", "hidden"}


def sentence_label(label: str) -> str:
    """``label`` as it stands in the middle of a sentence: "Work email" becomes "work email", "NHS number" stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def required_message(label: str, kind: str) -> str:
    """What to say when nothing was entered, where the form has no words of its own."""
    if kind == "checkbox":
        return f"Tick the box “{label}”"
    if label.endswith("?"):
        return f"Answer “{label}”"
    article = "" if label.split(" ")[0].lower() in OWN_ARTICLES else "the "
    return f"{'Select' if kind in CHOOSING_KINDS else 'Enter'} {article}{sentence_label(label)}"


@dataclass(frozen=True)
class Option:
    """One radio button or checkbox, ready for the template."""

    tag: SafeString
    id: str
    label: str
    hint: str
    hint_id: str
    after_divider: bool


class ServiceBoundField(forms.BoundField):
    """A field that knows its ids: where an error links to, and what describes the control."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages.get("required") == REQUIRED_BY_DJANGO:
            field.error_messages["required"] = required_message(str(self.label), self.kind)
        if isinstance(field, forms.EmailField):
            field.error_messages.setdefault("invalid", EMAIL_EXAMPLE)

    @cached_property
    def kind(self) -> str:
        """Which of the templates in ``components/fields/`` shows this field."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, DateInput):
            return "date"
        return next((kind for known, kind, _ in KINDS if isinstance(widget, known)), "input")

    @property
    def template(self) -> str:
        return f"components/fields/{self.kind}.html"

    @property
    def in_fieldset(self) -> bool:
        return self.kind in FIELDSET_KINDS

    @property
    def first_id(self) -> str:
        """The id that an error links to: the first control of the field that needs the person."""
        if self.kind in {"checkboxes", "radios", "group"}:
            return f"{self.auto_id}_0"
        if self.kind == "date":
            return f"{self.auto_id}_{min(self.wrong_parts, default=0)}"
        return self.id_for_label or self.auto_id

    @property
    def wrong_parts(self) -> list[int]:
        """Which of day (0), month (1) and year (2) are wrong; all three when the date as a whole is."""
        if not self.errors:
            return []
        codes = " ".join(str(error.code) for error in self.errors.as_data()).split()
        parts = [number for number, part in enumerate(DATE_PARTS) if part in codes]
        return parts or [0, 1, 2]

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}_hint" if self.help_text and self.auto_id else ""

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error" if self.errors and self.auto_id else ""

    @property
    def character_limit(self) -> int | None:
        limit = getattr(self.field, "max_length", None)
        return limit if self.kind == "textarea" and isinstance(limit, int) else None

    @property
    def limit_id(self) -> str:
        return f"{self.auto_id}-info" if self.character_limit else ""

    @property
    def described_by(self) -> str:
        return " ".join(filter(None, [self.limit_id, self.hint_id, self.error_id]))

    @property
    def shows_optional(self) -> bool:
        """Optional fields say so; a form of filters sets ``mark_optional = False``."""
        marks = getattr(self.form, "mark_optional", True)
        return bool(marks and not self.field.required and self.kind not in NEVER_MARKED_OPTIONAL)

    @property
    def label_size(self) -> str:
        """``s``, ``m``, ``l`` or ``xl``; a form chooses with ``label_size``."""
        return str(getattr(self.form, "label_size", "s"))

    @property
    def inline(self) -> bool:
        return bool(getattr(self.field.widget, "inline", False))

    def control_class(self) -> str:
        """Classes of the control: GOV.UK's, the error's, and those the form gave the widget."""
        widget = self.field.widget
        base = next((css for known, _, css in KINDS if isinstance(widget, known)), "govuk-input")
        wrong = f"{base.split()[0]}--error" if self.errors and self.kind not in TICKED_KINDS else ""
        counted = "govuk-js-character-count" if self.character_limit else ""
        return " ".join(filter(None, [base, wrong, counted, str(widget.attrs.get("class", ""))]))

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Never ``required`` nor a placeholder: errors come from the server, and hints stay visible."""
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return attrs
        attrs |= {"class": self.control_class(), "placeholder": False}
        if self.character_limit:
            attrs["maxlength"] = False
        attrs.pop("aria-describedby", None)
        if self.described_by and not self.in_fieldset:
            attrs["aria-describedby"] = self.described_by
        if self.in_fieldset:
            attrs.pop("aria-invalid", None)
        return attrs

    @cached_property
    def options(self) -> list[Option]:
        """The radio buttons or checkboxes, each with its hint, and the one that excludes the others last."""
        widget = self.field.widget
        hints: Mapping[str, str] = getattr(widget, "hints", {})
        exclusive = getattr(widget, "exclusive", None)
        options = []
        for choice in self.subwidgets:
            value, ident = str(choice.data["value"]), str(choice.id_for_label)
            hint = hints.get(value, "")
            if hint:
                choice.data["attrs"]["aria-describedby"] = f"{ident}_hint"
            if exclusive is not None and value == exclusive:
                choice.data["attrs"]["data-behaviour"] = "exclusive"
            last = exclusive is not None and value == exclusive
            options.append(Option(choice.tag(), ident, str(choice.choice_label), hint, f"{ident}_hint", last))
        return options

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The three inputs of a date, each knowing whether it is wrong."""
        inputs = self.subwidgets[0].data["subwidgets"]
        return [
            {**inputs[number], "label": part.capitalize(), "wrong": number in self.wrong_parts}
            for number, part in enumerate(DATE_PARTS)
        ]


class ServiceFormRenderer(TemplatesSetting):
    """Set as ``FORM_RENDERER``: all forms, also those of packages, come out in our look."""

    form_template_name = "components/fields/form.html"
    field_template_name = "components/fields/field.html"
    bound_field_class = ServiceBoundField


class Radios(forms.RadioSelect):
    """Radio buttons with a hint under some of them; ``inline`` for two short answers."""

    def __init__(self, *args: Any, hints: Mapping[str, str] | None = None, inline: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints, self.inline = hints or {}, inline


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes with hints; ``exclusive`` is the value of "No, none of these", which stands last after "or"."""

    def __init__(
        self, *args: Any, hints: Mapping[str, str] | None = None, exclusive: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hints, self.exclusive = hints or {}, exclusive


DATE_PARTS = ("day", "month", "year")


class DateInput(forms.MultiWidget):
    """Day, month and year in three fields."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off", **(attrs or {})}
        super().__init__({part: forms.TextInput(attrs=dict(number)) for part in DATE_PARTS})

    def decompress(self, value: Any) -> list[Any]:
        return [value.day, value.month, value.year] if isinstance(value, dt.date) else [None, None, None]


class DateField(forms.DateField):
    """A typed date. Forgives spaces and month names; says which part is missing."""

    widget = DateInput

    def to_python(self, value: Any) -> dt.date | None:
        if not isinstance(value, list | tuple):
            return super().to_python(value)
        parts = [str(part or "").strip() for part in value]
        if not any(parts):
            return None
        missing = [part for part, text in zip(DATE_PARTS, parts, strict=True) if not text]
        if missing:
            raise ValidationError(f"The date must include a {' and '.join(missing)}", code=" ".join(missing))
        return self._real_date(parts)

    def _real_date(self, parts: list[str]) -> dt.date:
        day, month, year = parts
        if month[:3].lower() in (names := [name[:3] for name in MONTH_NAMES]):
            month = str(names.index(month[:3].lower()) + 1)
        if not year.isdecimal() or len(year) != 4:
            raise ValidationError("Year must include 4 numbers", code="year")
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            raise ValidationError("The date must be a real date, like 27 3 2026", code="invalid") from None
