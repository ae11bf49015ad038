"""The rules of the house that a machine can read: floors, sizes, templates, migrations."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
# Who may import whom; what is not named here is not ours.
FLOORS = {
    "wpssite.base": {"wpssite.base"},
    "network": {"wpssite.base", "network"},
    "events": {"wpssite.base", "network", "events"},
    "wpssite": {"wpssite", "wpssite.base", "network", "events"},
}
MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 300, 40, 150
NOT_OURS = {".git", ".venv", "media", "staticfiles", "__pycache__", "node_modules", "test-results"}
NOT_OURS |= {".hypothesis", ".pytest_cache", ".ruff_cache", ".djlint_cache", ".idea", ".vscode"}
NOT_OURS |= {".bench"}
LOCAL = {".env", "db.sqlite3"}
# A path of one machine, as opposed to the same word inside a web address.
MACHINE_PATH = re.compile(r"(?<![\w.~%-])/(?:tmp|work|root)/")
REGISTRY = re.compile(r"pythonhosted\.org|registry\.npmjs|pypi\.org/simple|--index-url|/pypi-")
MAY_NAME_A_TEMPORARY_FOLDER = {".ci/run", "tests/test_house.py"}
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def product_modules() -> list[Path]:
    folders = [ROOT / name for name in ("wpssite", "network", "events")]
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def written_modules() -> list[Path]:
    """Modules that people write; migrations are made by a command."""
    return [path for path in product_modules() if path.parent.name != "migrations"]


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def text_files() -> list[tuple[Path, str]]:
    found = []
    for path in sorted(ROOT.rglob("*")):
        ours = NOT_OURS.isdisjoint(path.relative_to(ROOT).parts) and path.name not in LOCAL
        if ours and path.is_file():
            try:
                found.append((path, path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue  # A picture or a font.
    return found


def floor_of(module: str) -> str | None:
    """Return the floor that a dotted name stands on, or None for a package that is not ours."""
    below = [floor for floor in FLOORS if module == floor or module.startswith(f"{floor}.")]
    return max(below, key=len, default=None)


def imports(path: Path, source: str) -> set[tuple[int, str]]:
    """Return (line, dotted name) for every import in a module, inside functions too."""
    package = name_of(path.parent).replace("/", ".").split(".")
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {(node.lineno, alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            found |= {(node.lineno, f"{origin}.{alias.name}") for alias in node.names}
    return found


def upward(path: Path, source: str) -> list[str]:
    """Return a sentence for each import of a floor that the module's own floor must not know."""
    floor = floor_of(name_of(path).removesuffix(".py").replace("/", "."))
    return [
        f"Open {name_of(path)}, line {line}: {floor} must not import {name}."
        for line, name in sorted(imports(path, source))
        if floor_of(name) and floor_of(name) not in FLOORS[floor]
    ]


def functions(path: Path):
    """Yield (name, first line, number of lines) for each function in a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def test_imports_go_down_only():
    found = [line for path in product_modules() for line in upward(path, path.read_text())]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("wpssite/base/periods.py", "from network.models import Organisation"),
        ("wpssite/base/periods.py", "from .. import catalogue"),
        ("wpssite/base/web.py", "import wpssite.views"),
        ("network/views.py", "def view():\n    from events.models import Event"),
        ("network/models/people.py", "from wpssite.search import find"),
        ("network/models/people.py", "from wpssite import urls"),
        ("events/views.py", "import wpssite.catalogue as kinds"),
    ],
)
def test_an_upward_import_is_seen(path, source):
    assert upward(ROOT / path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("wpssite/base/periods.py", "from .moments import day_text"),
        ("network/models/people.py", "from ..formats import x\nfrom wpssite.base import text"),
        ("events/models/events.py", "from network.models import Person\nimport django.db"),
        ("wpssite/views.py", "from events.models import Event\nfrom .catalogue import KINDS"),
    ],
)
def test_an_import_that_goes_down_is_left_alone(path, source):
    assert upward(ROOT / path, source) == []


def test_modules_stay_short():
    lengths = {path: len(path.read_text().splitlines()) for path in written_modules()}
    found = [
        f"Open {name_of(path)}: {length} lines; split it by subject at {MODULE_LINES}."
        for path, length in lengths.items()
        if length > MODULE_LINES
    ]

    assert not found, "\n".join(found)


def test_functions_stay_short():
    found = [
        f"Open {name_of(path)}, line {line}: {name} has {length} lines, at most {FUNCTION_LINES}."
        for path in written_modules()
        for name, line, length in functions(path)
        if length > FUNCTION_LINES
    ]

    assert not found, "\n".join(found)


def test_every_module_says_what_it_is():
    found = [
        f"Open {name_of(path)}: it has no docstring."
        for path in written_modules()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert not found, "\n".join(found)


def test_views_ask_querysets_in_words():
    found = [
        f"Open {name_of(path)}, line {number}: give the QuerySet a word instead of .filter()."
        for path in written_modules()
        if path.name == "views.py" or path.parent.name == "views"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"\.(filter|exclude)\(", line)
    ]

    assert not found, "\n".join(found)


def test_the_language_is_changed_in_one_way():
    """Functions of pages ask `base/language.py`, which must hear of it."""
    found = [
        f"Open {name_of(path)}: change the language by in_language()."
        for path in product_modules()
        if path.name != "language.py"
        and re.search(r"translation\.(override|activate)|import .*\boverride\b", path.read_text())
    ]

    assert not found, "\n".join(found)


def test_templates_stay_short():
    lengths = {path: len(path.read_text().splitlines()) for path in templates()}
    found = [
        f"Open {name_of(path)}: {length} lines; move a part into an include at {TEMPLATE_LINES}."
        for path, length in lengths.items()
        if length > TEMPLATE_LINES
    ]

    assert not found, "\n".join(found)


def inline_code(html: str) -> list[str]:
    """Return what the content security policy would refuse in a page."""
    scripts = [match["attributes"] for match in SCRIPT.finditer(html)]
    return (
        [match[0] for match in INLINE_STYLE.finditer(html)]
        + [match[0] for match in HANDLER.finditer(html)]
        + [f"<script{a}>" for a in scripts if "src=" not in a and "application/ld+json" not in a]
    )


def test_templates_hold_no_inline_script_or_style():
    found = [
        f"Open {name_of(path)}: {code!r} belongs into static/."
        for path in templates()
        if path.suffix in {".html", ".svg"}
        for code in inline_code(path.read_text())
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<a href="/"\n onclick="go()">',
        "<img src=x onerror=go()>",
    ],
)
def test_inline_code_is_seen(html):
    assert inline_code(html)


def test_scripts_from_files_and_structured_data_are_left_alone():
    html = '<script src="/x.js" defer></script><script type="application/ld+json">{}</script>'

    assert inline_code(html) == []


def test_files_name_no_machine_and_no_registry():
    found = [
        f"Open {name_of(path)}: it names {match[0]!r}, which only one machine has."
        for path, text in text_files()
        if name_of(path) not in MAY_NAME_A_TEMPORARY_FOLDER
        for pattern in (MACHINE_PATH, REGISTRY)
        for match in pattern.finditer(text)
    ]

    assert not found, "\n".join(found)


@pytest.mark.django_db
def test_the_models_have_their_migrations(capsys):
    try:
        call_command("makemigrations", "--check", "--dry-run")
    except SystemExit:
        pytest.fail(f"Run manage.py makemigrations:\n{capsys.readouterr().out}", pytrace=False)

    assert "No changes detected" in capsys.readouterr().out
