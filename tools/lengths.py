"""Files of at most 400 lines, functions of at most 60: beyond that they are to be split."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools import ROOT

LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def _python_files() -> Iterator[Path]:
    """The Python files git knows or would add, without migrations (Django writes those)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        path = ROOT / name
        if path.exists() and "migrations" not in path.parts:
            yield path


def _long_functions(path: Path, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                where = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield f"{where} has {lines} lines (at most {LONGEST_FUNCTION})"


def problems() -> list[str]:
    """What is too long, in sentences."""
    found = []
    for path in _python_files():
        text = path.read_text()
        if (lines := text.count("\n")) > LONGEST_FILE:
            found.append(f"{path.relative_to(ROOT)} has {lines} lines (at most {LONGEST_FILE})")
        found += _long_functions(path, text)
    return found
