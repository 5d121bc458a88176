"""PDFs are tagged, carry their own fonts, and fetch nothing that somebody typed."""

from __future__ import annotations

import socket
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader

from core import pdf
from core.checks import pdf_engine
from core.pdf import INSTALL, PdfUnavailable, render_many, render_pdf

needs_engine = pytest.mark.skipif(bool(pdf.missing_libraries()), reason=f"needs the PDF engine: {INSTALL}")
PAGE = """{% extends "core/base_pdf.html" %}
{% block content %}<h1>Łukasz Nguyễn</h1><p>{{ text }}</p>{{ raw|safe }}{% endblock %}"""
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture(autouse=True)
def _template(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "page_pdf.html").write_text(PAGE)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]


def made(**context: str) -> PdfReader:
    return PdfReader(BytesIO(render_pdf(template="page_pdf.html", context=context, title="A page")))


@needs_engine
def test_a_pdf_is_tagged_and_has_a_title_and_a_language() -> None:
    document = made(text="Fish & chips <b>")
    root: Any = document.trailer["/Root"]
    assert document.metadata is not None
    assert (document.metadata.title, root["/Lang"]) == ("A page", "en-GB")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    text = document.pages[0].extract_text()
    assert "Łukasz Nguyễn" in text
    assert "Fish & chips <b>" in text


@needs_engine
def test_fonts_are_embedded() -> None:
    fonts: Any = made(text="x").pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]
    assert descriptors
    assert all("/FontFile3" in d or "/FontFile2" in d for d in descriptors)


@needs_engine
@pytest.mark.parametrize(
    "raw",
    [
        '<img src="http://127.0.0.1:{port}/x.png" alt="x">',
        '<img src="https://packaged.invalid:{port}/x.png" alt="x">',
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="/static/../../etc/hostname" alt="x">',
        '<img src="/static/%2e%2e/%2e%2e/manage.py" alt="x">',
        '<link rel="stylesheet" href="http://127.0.0.1:{port}/x.css">',
        "<style>@import url(http://127.0.0.1:{port}/x.css); p {{ background: url(file:///etc/passwd) }}</style>",
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="attachment" href="/static/../manage.py">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<svg width="9" height="9"><image href="file:///etc/passwd"/><use href="http://127.0.0.1:{port}/x.svg#a"/></svg>',
    ],
)
def test_nothing_is_fetched_for_typed_text(raw: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.05)
        document = made(text="x", raw=raw.format(port=listener.getsockname()[1]))
        with pytest.raises(TimeoutError):
            listener.accept()
    assert not document.attachments
    assert len(document.pages) == 1


@needs_engine
def test_data_images_and_packaged_stylesheets_are_read() -> None:
    assert "/XObject" in made(text="x", raw=f'<img src="{PIXEL}" alt="dot">').pages[0]["/Resources"]  # type: ignore[operator]
    before = made(text="x").pages[0].mediabox.width
    linked = made(text="x", raw=f'<link rel="stylesheet" href="{settings.STATIC_URL}print.css">')
    assert linked.pages[0].mediabox.width == before
    assert pdf._static_file("print.css").name == "print.css"


@needs_engine
def test_a_batch_gives_one_document_for_each_pair() -> None:
    pairs = [(f"Page {n}", {"text": f"number {n}"}) for n in range(3)]
    documents = [PdfReader(BytesIO(made)) for made in render_many(template="page_pdf.html", documents=pairs)]
    assert [document.metadata.title for document in documents if document.metadata] == ["Page 0", "Page 1", "Page 2"]


def test_without_the_engine_the_error_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_load", lambda: None)
    with pytest.raises(PdfUnavailable, match=r"apt-get install .*libpangoft2"):
        render_pdf(template="page_pdf.html", context={}, title="x")


def test_the_system_check_warns_where_libraries_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LIBRARIES", ("libnosuchthing.so.0",))
    [warning] = pdf_engine(None)
    assert warning.id == "core.W001"
    assert "libpango" in (warning.hint or "")


def test_the_engine_is_not_loaded_before_it_is_needed() -> None:
    code = "import django, sys; django.setup(); import core.pdf; sys.exit('weasyprint' in sys.modules)"
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PATH": ""}
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, check=False).returncode
        == 0
    )
