"""The Nu HTML Checker, the validator of the W3C, finds no error in any page, style or picture."""

import json
import subprocess
import warnings
from pathlib import Path

import pytest

from tests.services.conftest import ROOT, program

CHECKER = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"
# What the checker does not know yet: a part of its message, and why it is right all the same.
NOT_YET_KNOWN = {
    "Property “paint-order” doesn't exist": "SVG 2 for text; CSS Fill and Stroke 3",
    "Property “vector-effect” doesn't exist": "SVG 2, presentation attribute",
}
MEANT = {
    "The “list” role is unnecessary": "Safari takes a list without marks for none",
    "Article lacks heading": "a quotation is known by its speaker",
}


def check(*arguments) -> list[dict]:
    """Return what the checker says about files or folders."""
    if not CHECKER.exists():
        pytest.fail("npm ci --prefix tests/quality has not run; .ci/run does.", pytrace=False)
    command = [program("java"), "-jar", str(CHECKER), "--format", "json", "--stdout"]
    done = subprocess.run(
        [*command, "--exit-zero-always", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    return json.loads(done.stdout)["messages"]


def errors(messages, named=None) -> set[str]:
    """Return the errors as sentences; each kind of warning is shown once at the end of the run."""
    found, doubtful = set(), {}
    for message in messages:
        text = message["message"]
        name = Path(message.get("url", "")).name
        where = f"{(named or {}).get(name, name)}:{message.get('lastLine', '')}"
        if any(part in text for part in [*NOT_YET_KNOWN, *MEANT]):
            continue
        if message["type"] != "info":
            found.add(f"{where}: {text} — {message.get('extract', '').strip()[:120]}")
        elif message.get("subType") == "warning":
            doubtful.setdefault(text, where)
    for text, where in doubtful.items():
        warnings.warn(f"{where}: {text}", stacklevel=1)
    return found


@pytest.mark.filterwarnings("default")
def test_every_page_is_valid(crawl, tmp_path):
    named = {f"{number:04}.html": page for number, page in enumerate(crawl.pages)}
    for name, page in named.items():
        (tmp_path / name).write_bytes(page.body)

    found = errors(check(tmp_path), {name: page.address for name, page in named.items()})

    assert found == set()


@pytest.mark.parametrize(
    ("kind", "pattern"), [("--css", "css/*.css"), ("--svg", "img/*.svg"), ("--svg", "*s/*.svg")]
)
def test_every_style_sheet_and_picture_is_valid(kind, pattern):
    files = sorted((ROOT / "static").glob(pattern))

    assert files
    assert errors(check(kind, *files)) == set()
