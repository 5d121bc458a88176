"""How the text of a cell becomes a value. A wrong one raises ``ValueError`` with the sentence that the person reads.

They are django-import-export widgets, so that the same declaration serves its fields.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from import_export.widgets import Widget

from core.periods import LONDON

from .cleaning import word_key

EXAMPLE_DATE = "Write it as 2025-03-27 or 27/03/2025"
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4})")
_MOMENT = re.compile(r"(\S+?)[ T]+(\d{1,2}):(\d{2})(?::\d{2})?")


def quoted(text: str) -> str:
    """``text`` as it stands in a message: short and between quotation marks."""
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"


def one_of(words: Iterable[str]) -> str:
    return ", ".join(words)


class TextWidget(Widget):
    """Text up to ``most`` characters."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if len(value) > self.most:
            raise ValueError(f"has {len(value):,} characters; the most is {self.most}")
        return value


class NameWidget(TextWidget):
    """A person's name: it has letters and does not begin like a formula."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value[0] in "=+@＝＋＠" or not any(letter.isalpha() for letter in value):
            raise ValueError(f"{quoted(value)} is not a name")
        return super().clean(value)


class EmailWidget(Widget):
    """An e-mail address in lower case."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if len(value) > 254:
            raise ValueError(f"has {len(value):,} characters; the most is 254")
        address = value.lower()
        if not is_address(address):
            raise ValueError(f"{quoted(value)} is not an email address")
        return address


@lru_cache(maxsize=4096)
def is_address(address: str) -> bool:
    """Whether this is an e-mail address."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


class ChoiceWidget(Widget):
    """One of the words of a list, without regard to case and spaces. ``words`` gives each word's value."""

    def __init__(self, words: Mapping[str, Any], *, shown: Iterable[str] = ()) -> None:
        super().__init__()
        self.words = {word_key(word): value for word, value in words.items()}
        self.shown = one_of(shown or words)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            return self.words[word_key(value)]
        except KeyError:
            raise ValueError(f"{quoted(value)} is not one of: {self.shown}") from None


class ListWidget(Widget):
    """Values separated by semicolons, each once, each cleaned by ``item``."""

    def __init__(self, item: Widget) -> None:
        super().__init__()
        self.item = item

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        parts = [part.strip() for part in value.split(";")]
        return list(dict.fromkeys(self.item.clean(part) for part in parts if part))


@lru_cache(maxsize=4096)
def parse_day(text: str) -> dt.date:
    """A date written ``2025-03-27`` or ``27/03/2025``. Raises ``ValueError`` with a sentence."""
    match = _DAY.fullmatch(text)
    if not match:
        raise ValueError(f"{quoted(text)} is not a date. {EXAMPLE_DATE}")
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"{quoted(text)} is a date that does not exist") from None
    if not 1900 <= found.year <= 2200:
        raise ValueError(f"{quoted(text)} is not a date of our time")
    return found


@lru_cache(maxsize=4096)
def parse_moment(text: str) -> dt.datetime:
    """A local time written ``2025-03-27 09:30``. Raises ``ValueError`` for one that the clocks skip."""
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f"{quoted(text)} is not a date with a time. Write it as 2025-03-27 09:30")
    day = parse_day(match[1])
    try:
        clock = dt.time(int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError(f"{quoted(text)} is a time that does not exist") from None
    moment = dt.datetime.combine(day, clock, tzinfo=LONDON)
    if moment.astimezone(dt.UTC).astimezone(LONDON).time() != clock:
        raise ValueError(f"{quoted(text)} does not exist: the clocks went forward in that hour")
    return moment


class DayWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        # A spreadsheet writes a date cell with a time of midnight when its column is formatted so.
        return parse_day(value.removesuffix(" 00:00:00").removesuffix(" 00:00"))


class MomentWidget(Widget):
    """A local time. With ``day_alone`` a date without a time is the beginning of its day."""

    def __init__(self, *, day_alone: bool = False) -> None:
        super().__init__()
        self.day_alone = day_alone

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return parse_moment(f"{value} 00:00" if self.day_alone and _DAY.fullmatch(value) else value)


class IntegerWidget(Widget):
    """A whole number between two bounds."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self.least, self.most = least, most

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise ValueError(f"{quoted(value)} is not a whole number")
        number = int(value)
        if not self.least <= number <= self.most:
            raise ValueError(f"{number:,} is not between {self.least} and {self.most:,}")
        return number


class DecimalWidget(Widget):
    """A number of at most two decimal places from 0 up to ``most``; a pound sign and commas for thousands are
    forgiven.
    """

    def __init__(self, most: str) -> None:
        super().__init__()
        self.most = Decimal(most)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = re.sub(r"^£\s*", "", value)
        if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d*)?", text):
            text = text.replace(",", "")
        if not re.fullmatch(r"-?[0-9]{0,12}(\.[0-9]*)?", text) or not re.search("[0-9]", text):
            raise ValueError(f"{quoted(value)} is not a number")
        return self._within(Decimal(text), value)

    def _within(self, number: Decimal, value: str) -> Decimal:
        try:
            rounded = number.quantize(Decimal("0.01"))
        except InvalidOperation:
            raise ValueError(f"{quoted(value)} is not a number") from None
        if rounded != number:
            raise ValueError(f"{quoted(value)} has more than two decimal places")
        if not 0 <= rounded <= self.most:
            raise ValueError(f"{quoted(value)} is not between 0 and {self.most:,}")
        return rounded
