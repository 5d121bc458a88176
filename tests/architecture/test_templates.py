"""What a strict content security policy and a page that works without scripts ask of every template."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(r"""\sstyle\s*=|<style|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\bsrc=)""")
FOREIGN = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*["'](?:https?:)?//""")
# Mail and PDF are no pages: mail clients need a few style attributes, and a PDF has its own stylesheet.
NOT_PAGES = ("mail/", "email/", "_pdf.html")


def is_page(path: Path) -> bool:
    return not any(part in path.as_posix() for part in NOT_PAGES)


@pytest.mark.parametrize("path", [p for p in TEMPLATES if is_page(p)], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_inline_script_or_style_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text()
    assert not INLINE.search(text)
    assert not FOREIGN.search(text)


@pytest.mark.parametrize("path", [p for p in TEMPLATES if is_page(p)], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_form_leaves_the_checking_to_the_server(path: Path) -> None:
    text = re.sub(r"\{%.*?%\}", "", path.read_text())
    for form in re.findall(r"<form\b[^>]*>", text):
        assert "novalidate" in form, form
