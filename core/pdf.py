"""PDFs from templates: tagged (PDF/UA-1), with their own fonts, and deaf to every address that is not ours.

WeasyPrint needs system libraries (Pango). It is loaded only when a PDF is asked for, so everything else works without.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import mimetypes
import sys
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils._os import safe_join

from .errors import RuleBroken

# Debian and Ubuntu
INSTALL = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
# Where relative addresses of a document lead. This name is never asked: our static files are read for it.
OWN_FILES = "https://packaged.invalid"
VARIANT = "pdf/ua-1"
_one_at_a_time = threading.Lock()  # Pango's font map may not be used by two threads at once


class PdfUnavailable(RuleBroken):
    """The machine lacks the libraries that draw PDFs."""

    default_message = f"PDF files cannot be made on this machine. Whoever runs it can change that with: {INSTALL}"


def missing_libraries() -> list[str]:
    """The system libraries that are not there, found without loading the renderer. Empty away from Linux: unknown."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


@cache
def _load() -> Any:
    """WeasyPrint, or None where it cannot work. It prints a banner when it fails, which nobody needs to see."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint
    except OSError:
        return None
    return weasyprint


def _engine() -> Any:
    engine = _load()
    if engine is None:
        raise PdfUnavailable
    return engine


def _static_file(name: str) -> Path:
    """A packaged file by its name below ``static/``, hashed or not. Raises ValueError for anything else."""
    found = finders.find(name)
    path = Path(found if isinstance(found, str) else safe_join(str(settings.STATIC_ROOT), name))
    if not path.is_file():
        raise ValueError(f"no packaged file {name}")
    return path


@cache
def _fetcher() -> Any:
    """Answers ``data:`` addresses and our own static files; refuses every other address, file or host."""
    urls: Any = _engine().urls
    base: Any = urls.URLFetcher

    class OwnFilesOnly(base):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            beginning = f"{OWN_FILES}{settings.STATIC_URL}"
            if not url.startswith(beginning):
                return super().fetch(url, headers)  # which allows data: alone
            path = _static_file(url.removeprefix(beginning).partition("?")[0])
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return urls.URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": kind})

    return OwnFilesOnly(allowed_protocols=["data"], allow_redirects=False)


@cache
def _fonts() -> Any:
    """One for all documents: finding the machine's fonts and unpacking our own takes longer than drawing a page."""
    return _engine().text.fonts.FontConfiguration()


@cache
def _stylesheet(name: str) -> Any:
    """A stylesheet below ``static/``, read once."""
    address = f"{OWN_FILES}{settings.STATIC_URL}{name}"
    return _engine().CSS(url=address, url_fetcher=_fetcher(), font_config=_fonts())


def _draw(html: str, stylesheet: str) -> bytes:
    document = _engine().HTML(string=html, base_url=f"{OWN_FILES}/", url_fetcher=_fetcher())
    styles = [_stylesheet(stylesheet)] if stylesheet else []
    drawn: bytes = document.write_pdf(font_config=_fonts(), stylesheets=styles, pdf_variant=VARIANT)
    return drawn


def render_pdf(
    *, template: str, context: dict[str, Any], title: str, language: str = "en-GB", stylesheet: str = ""
) -> bytes:
    """The PDF of a template that extends ``core/base_pdf.html``.

    ``title`` and ``language`` become the document's own. ``stylesheet`` names a file below ``static/``, such as
    ``certificate.css``; it is read once, which is quicker than a ``<link>`` in the template. Typed text reaches neither
    the network nor a file of the machine. Raises PdfUnavailable where the machine cannot draw.
    """
    _engine()
    html = render_to_string(template, {**context, "title": title, "language": language})
    with _one_at_a_time:
        return _draw(html, stylesheet)


def render_many(
    *, template: str, documents: Iterable[tuple[str, dict[str, Any]]], language: str = "en-GB", stylesheet: str = ""
) -> Iterator[bytes]:
    """One PDF after the other for pairs of title and context. Raises PdfUnavailable where the machine cannot draw."""
    for title, context in documents:
        yield render_pdf(template=template, context=context, title=title, language=language, stylesheet=stylesheet)
