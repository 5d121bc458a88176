"""Brings a list of staff in, in a process of its own: ``python -m bench.bring_in SLUG FILE [check|good]``.

The answer is one line of JSON: how long it took, the counts, and the lines of the file that were refused.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import django


def main(slug: str, path: str, way: str = "") -> None:
    from django.utils import timezone

    from core.imports.registry import import_kind
    from core.imports.running import check_file, import_file
    from core.models import Partnership

    partnership, kind = Partnership.objects.get(slug=slug), import_kind("staff")
    began = time.perf_counter()
    if way == "check":
        file = check_file(partnership=partnership, kind=kind, path=Path(path), now=timezone.now())
    else:
        file = import_file(
            partnership=partnership,
            kind=kind,
            path=Path(path),
            good_rows_only=way == "good",
            by=None,
            now=timezone.now(),
        ).file
    refused = sorted({problem.line for problem in file.problems})
    print(json.dumps({"seconds": time.perf_counter() - began, "counts": file.counts(), "refused": refused}))


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
