"""docs/rules.md is true: every rule resolves to a function that names it, and a test proves it."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


@dataclass(frozen=True)
class Rule:
    id: str
    sentence: str
    function: str
    where_changed: str
    test: str


def register() -> list[Rule]:
    rows = []
    for line in (ROOT / "docs" / "rules.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.fullmatch(r"[RT]\d+[a-z]?", cells[0]) and len(cells) == 5:
            rows.append(Rule(cells[0], cells[1], cells[2].strip("`"), cells[3], cells[4].strip("`")))
    return rows


def resolve(dotted: str) -> object:
    """The object a dotted name leads to: the longest importable module, then attributes."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            found = getattr(found, attribute)
        return found
    raise AssertionError(f"{dotted} leads nowhere")


def marked_ids() -> dict[str, set[str]]:
    """The rule ids that tests carry, and the files that carry them."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_mark = isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule"
            if is_mark:
                for argument in node.args:  # type: ignore[attr-defined]
                    found.setdefault(ast.literal_eval(argument), set()).add(str(path.relative_to(ROOT)))
    return found


RULES = register()
MARKED = marked_ids()


def test_the_register_has_rules() -> None:
    assert len(RULES) >= 20


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.function}")
def test_rule_resolves_and_is_named_where_it_lives(rule: Rule) -> None:
    target = resolve(rule.function)
    module = importlib.import_module(getattr(target, "__module__", None) or rule.function.rpartition(".")[0])
    words = f"{getattr(target, '__doc__', '') or ''} {module.__doc__ or ''}"
    assert rule.id in words, f"{rule.function} does not name {rule.id} in its docstring or its module's"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.function}")
def test_rule_has_a_test_that_carries_its_id(rule: Rule) -> None:
    assert (ROOT / rule.test).exists(), f"{rule.test} does not exist"
    assert rule.test in MARKED.get(rule.id, set()), f'{rule.test} has no @pytest.mark.rule("{rule.id}")'


@pytest.mark.parametrize("rule_id", sorted(MARKED))
def test_every_id_a_test_carries_stands_in_the_register(rule_id: str) -> None:
    assert rule_id in {rule.id for rule in RULES}, f"{rule_id} is missing from docs/rules.md"
