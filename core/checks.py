"""What Django's system check says about this machine."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from .pdf import INSTALL, missing_libraries


@register()
def pdf_engine(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A warning where PDFs cannot be made: everything else works."""
    missing = missing_libraries()
    if not missing:
        return []
    hint = f"Certificates and reports can be read on screen. For PDF files: {INSTALL}"
    return [Warning(f"PDF files cannot be made: {', '.join(missing)} missing.", hint=hint, id="core.W001")]
