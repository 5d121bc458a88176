"""Every form comes out in our markup, its errors link to what they name, and it never relies on the browser."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.forms import formset_factory
from django.template.loader import render_to_string

from core.forms import Checkboxes, DateField, Radios
from core.gallery import SampleForm


class DateForm(forms.Form):
    held = DateField(label="Date of the session", help_text="For example, 12 3 2026")


def date_form(day: str, month: str, year: str) -> DateForm:
    return DateForm({"held_day": day, "held_month": month, "held_year": year})


def whole_page(form: forms.Form) -> str:
    return render_to_string("components/error_summary.html", {"form": form}) + str(form)


def ids_of(page: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', page)


@pytest.fixture
def wrong() -> SampleForm:
    form = SampleForm({"held_day": "31", "held_month": "2", "held_year": "2026", "email": "office"})
    form.is_valid()
    return form


def test_every_line_of_the_error_summary_links_to_an_element_of_the_form(wrong: SampleForm) -> None:
    summary = render_to_string("components/error_summary.html", {"form": wrong})
    targets = re.findall(r'href="#([^"]+)"', summary)
    ids = ids_of(str(wrong))
    assert len(targets) == len(wrong.errors) == 10
    assert [target for target in targets if target not in ids] == []


def test_everything_that_describes_a_control_exists_once(wrong: SampleForm) -> None:
    page = whole_page(wrong)
    ids = ids_of(page)
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split()
    assert "id_note-info" in described
    assert [one for one in described if ids.count(one) != 1] == []
    assert len(ids) == len(set(ids))


def test_a_group_of_radio_buttons_is_linked_at_its_first_button(wrong: SampleForm) -> None:
    assert wrong["how"].first_id == "id_how_0"
    assert 'href="#id_how_0"' in whole_page(wrong)


def test_no_control_is_left_to_the_browser_to_check() -> None:
    page = str(SampleForm())
    assert " required" not in page
    assert "placeholder" not in page
    assert " style=" not in page


@pytest.mark.parametrize(
    ("field", "css"),
    [
        ("name", "govuk-input govuk-input--error"),
        ("secret", "govuk-password-input__input"),
        ("places", "govuk-input--width-3"),
        ("agency", "govuk-select govuk-select--error"),
        ("how", "govuk-radios__input"),
        ("needs", "govuk-checkboxes__input"),
        ("agree", "govuk-checkboxes__input"),
        ("slides", "govuk-file-upload"),
        ("note", "govuk-textarea govuk-js-character-count"),
        ("held", "govuk-date-input__input"),
    ],
)
def test_each_kind_of_field_has_its_own_markup(wrong: SampleForm, field: str, css: str) -> None:
    assert css in wrong[field].as_field_group()


def test_a_text_area_says_its_limit_and_lets_the_person_type_on() -> None:
    page = SampleForm()["note"].as_field_group()
    assert 'data-maxlength="200"' in page
    assert "You can enter up to 200 characters" in page
    assert " maxlength=" not in page


def test_values_are_kept_when_something_else_is_wrong(wrong: SampleForm) -> None:
    page = str(wrong)
    assert 'value="office"' in page
    assert 'name="held_day" type="text" inputmode="numeric" autocomplete="off" value="31"' in page


def test_what_a_person_typed_is_escaped() -> None:
    form = SampleForm({"name": '"><script>alert(1)</script>'})
    assert "<script>" not in whole_page(form)


@pytest.mark.parametrize(
    ("label", "field", "message"),
    [
        ("Name for the certificate", forms.CharField(), "Enter the name for the certificate"),
        ("Your name", forms.CharField(), "Enter your name"),
        ("NHS number", forms.CharField(), "Enter the NHS number"),
        ("Agency", forms.ChoiceField(choices=[("1", "A")]), "Select the agency"),
        ("Do you agree?", forms.ChoiceField(choices=[("1", "A")], widget=Radios), "Answer “Do you agree?”"),
        ("I agree", forms.BooleanField(), "Tick the box “I agree”"),
        ("Slides", forms.FileField(), "Select the slides"),
        ("Own words", forms.CharField(error_messages={"required": "Say it"}), "Say it"),
    ],
)
def test_an_empty_field_is_named_in_a_sentence(label: str, field: forms.Field, message: str) -> None:
    field.label = label
    form = type("OneField", (forms.Form,), {"one": field})({})
    assert form.errors["one"] == [message]


def test_a_wrong_email_address_gets_an_example() -> None:
    form = type("OneField", (forms.Form,), {"one": forms.EmailField(label="Email")})({"one": "office"})
    assert form.errors["one"] == ["Enter an email address in the correct format, like name@example.com"]


@pytest.mark.parametrize(
    ("parts", "message", "first", "wrong"),
    [
        (("", "", ""), "Enter the date of the session", "id_held_0", [0, 1, 2]),
        (("", "3", "2026"), "The date must include a day", "id_held_0", [0]),
        (("12", "", "2026"), "The date must include a month", "id_held_1", [1]),
        (("12", "", ""), "The date must include a month and year", "id_held_1", [1, 2]),
        (("12", "3", "26"), "Year must include 4 numbers", "id_held_2", [2]),
        (("12", "3", "two"), "Year must include 4 numbers", "id_held_2", [2]),
        (("29", "2", "2026"), "The date must be a real date, like 27 3 2026", "id_held_0", [0, 1, 2]),
        (("x", "3", "2026"), "The date must be a real date, like 27 3 2026", "id_held_0", [0, 1, 2]),
        (("12", "13", "2026"), "The date must be a real date, like 27 3 2026", "id_held_0", [0, 1, 2]),
        (("²", "3", "2026"), "The date must be a real date, like 27 3 2026", "id_held_0", [0, 1, 2]),
    ],
)
def test_a_wrong_date_says_which_part_is_wrong(
    parts: tuple[str, str, str], message: str, first: str, wrong: list[int]
) -> None:
    form = date_form(*parts)
    assert form.errors["held"] == [message]
    assert (form["held"].first_id, form["held"].wrong_parts) == (first, wrong)


@pytest.mark.parametrize(
    "parts", [("12", "3", "2026"), (" 12 ", "03", "2026 "), ("12", "March", "2026"), ("12", "mar", "2026")]
)
def test_a_typed_date_is_understood(parts: tuple[str, str, str]) -> None:
    form = date_form(*parts)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"held": dt.date(2026, 3, 12)}


def test_a_known_date_fills_its_three_fields_and_has_not_changed() -> None:
    initial = {"held": dt.date(2026, 3, 12)}
    assert 'name="held_month" type="text" inputmode="numeric" autocomplete="off" value="3"' in str(
        DateForm(initial=initial)
    )
    assert not DateForm({"held_day": "12", "held_month": "3", "held_year": "2026"}, initial=initial).has_changed()
    assert DateForm({"held_day": "13", "held_month": "3", "held_year": "2026"}, initial=initial).has_changed()


def test_an_optional_date_may_stay_empty() -> None:
    form = type("Optional", (forms.Form,), {"held": DateField(required=False)})({"held_day": " "})
    assert form.is_valid()
    assert form.cleaned_data == {"held": None}


def test_optional_fields_say_so_unless_the_form_is_a_set_of_filters() -> None:
    fields: dict[str, Any] = {"note": forms.CharField(label="Note", required=False), "mark_optional": True}
    assert "Note (optional)" in str(type("Form1", (forms.Form,), dict(fields))())
    fields["mark_optional"] = False
    assert "(optional)" not in str(type("Form2", (forms.Form,), dict(fields))())


def test_the_answer_that_excludes_the_others_stands_last_after_or() -> None:
    form = SampleForm()
    page = form["needs"].as_field_group()
    assert page.index("govuk-checkboxes__divider") < page.index('data-behaviour="exclusive"') < page.index("No, none")
    assert [option.after_divider for option in form["needs"].options] == [False, False, True]


def test_a_hint_of_one_choice_describes_only_that_choice() -> None:
    page = SampleForm()["how"].as_field_group()
    assert re.findall(r'aria-describedby="([^"]+)"', page) == ["id_how_1_hint"]


def test_a_formset_is_summed_up_with_links_into_each_form() -> None:
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-held_day": "1", "form-1-held_day": "x"}
    formset = formset_factory(DateForm, extra=0)(data)
    assert not formset.is_valid()
    summary = render_to_string("components/error_summary.html", {"formset": formset})
    assert re.findall(r'href="#([^"]+)"', summary) == ["id_form-0-held_1", "id_form-1-held_1"]


def test_an_error_of_the_whole_form_is_said_without_a_link() -> None:
    class Whole(forms.Form):
        def clean(self) -> None:
            raise forms.ValidationError("The last place has just gone")

    summary = render_to_string("components/error_summary.html", {"form": Whole({})})
    assert "<li>The last place has just gone</li>" in summary


def test_a_form_without_errors_has_no_summary() -> None:
    assert render_to_string("components/error_summary.html", {"form": SampleForm()}).strip() == ""


def test_hidden_fields_carry_no_label() -> None:
    form = type("Hidden", (forms.Form,), {"step": forms.CharField(widget=forms.HiddenInput, initial="2")})()
    assert str(form).strip() == '<input type="hidden" name="step" value="2" id="id_step">'


def test_plain_checkboxes_of_django_look_the_same() -> None:
    for widget in (forms.CheckboxSelectMultiple, Checkboxes):
        field = forms.MultipleChoiceField(choices=[("1", "One")], widget=widget)
        option = type("Plain", (forms.Form,), {"one": field})()["one"].options[0]
        assert option.id == "id_one_0"
        assert 'class="govuk-checkboxes__input"' in option.tag
