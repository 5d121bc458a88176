"""A lower page shows the parts that upper apps registered, in order, and leaves out those with nothing to show."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from core import panels
from core.panels import Panel, panels_for, register_panel


def test_panels_stand_in_order_and_may_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_PANELS", {})
    template = "components/empty.html"
    register_panel("courses:session", Panel(template, lambda request, subject: {"text": f"Second {subject}"}, order=2))
    register_panel("courses:session", Panel(template, lambda request, subject: {"text": "<First>"}, order=1))
    register_panel("courses:session", Panel(template, lambda request, subject: None))
    register_panel("agencies:agency", Panel(template, lambda request, subject: {"text": "Elsewhere"}))
    first, second = panels_for("courses:session", RequestFactory().get("/"), "thing")
    assert "&lt;First&gt;" in first
    assert "Second thing" in second
    assert panels_for("nowhere", RequestFactory().get("/"), None) == []
