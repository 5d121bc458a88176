"""What may stand in a cell: plain text of one line, without anything invisible that misleads."""

from __future__ import annotations

import re
import unicodedata

# Control characters, marks that turn the direction of writing, invisible spaces, and the mark of an unreadable letter.
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffd\ufffe\uffff]"
)
_NAMES = {
    "\n": "a line break",
    "\r": "a line break",
    "\u2028": "a line break",
    "\u2029": "a line break",
    "\t": "a tab",
    "\x00": "a NUL character",
    "\ufffd": "a letter that could not be read",
}
_GUARDED = re.compile(r"[ ']*[=+\-@\t\r\n＝＋－＠]")


def needs_guard(text: str) -> bool:
    """Whether a spreadsheet program might take ``text`` for a formula (reliability 2.5, I3)."""
    return _GUARDED.match(text) is not None


def without_guard(text: str) -> str:
    """Text as it was before ``core.exports`` put a quotation mark in front of it."""
    return text[1:] if text.startswith("'") and needs_guard(text[1:]) else text


def plain(text: str) -> str:
    """``text`` without spaces at its ends and with ordinary spaces inside."""
    return without_guard(text.replace("\xa0", " ").strip()).strip()


def has_unwanted(text: str) -> bool:
    return _UNWANTED.search(text) is not None


def unwanted_in(text: str) -> str:
    """What ``text`` holds that a cell may not, in words; empty when it is in order."""
    found = _UNWANTED.search(text)
    if not found:
        return ""
    character = found[0]
    if character in _NAMES:
        return f"holds {_NAMES[character]}"
    name = unicodedata.name(character, "").capitalize()
    return f"holds an invisible character (U+{ord(character):04X}{', ' + name if name else ''})"


def heading_key(text: str) -> str:
    """A heading without regard to case, spaces and joining marks."""
    return re.sub(r"[\s_\-\ufeff]+", "", text).casefold()


def word_key(text: str) -> str:
    """A word of a list without regard to case, spaces and the kind of dash or apostrophe."""
    text = text.replace("–", "-").replace("—", "-").replace("’", "'")
    return re.sub(r"[\s_]+", " ", text).strip().casefold()
