"""Translations: gather the strings of the site, and refuse what is not translated."""

import contextlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands import makemessages
from django.test.utils import override_settings
from jinja2 import Environment

# The desk is in English, so its own strings are not translated.
DESK = ["admin/*", "*/admin/*", "*/reversion/*", "tests/*", ".venv/*", "bench/*"] + [
    f"wpssite/base/{name}.py"
    for name in ("admin", "desk", "forms", "groups", "history", "imports", "inlines", "meanwhile",
                 "resources", "sheets", "site_admin", "standing")
]  # fmt: skip
SOURCES = ["wpssite", "events", "network", "templates", "locale"]


class Translatable(makemessages.BuildFile):
    """A file that `makemessages` reads; Django knows its own templates, not the public ones."""

    def preprocess(self):
        folders = Path(self.path).parts
        if self.is_templatized and "templates" in folders and "desk" not in folders:
            Path(self.work_path).write_text(calls_of_gettext(Path(self.path).read_text()))
        else:
            super().preprocess()


def calls_of_gettext(source: str) -> str:
    """Return the texts of a template that are translated, as Python that gettext can read."""
    found = Environment(extensions=["jinja2.ext.i18n"]).extract_translations(source)
    calls = [(name, [texts] if isinstance(texts, str) else texts) for _line, name, texts in found]
    return "\n".join(
        f"{name}({', '.join(map(repr, filter(None, texts)))})" for name, texts in calls
    )


class Makemessages(makemessages.Command):
    build_file_class = Translatable


class Command(BaseCommand):
    help = (
        "Gather the strings to translate into locale/ and compile them; needs gettext. "
        "With --check, change nothing and fail when a string is missing or stale."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="look, change nothing")

    def handle(self, *, check, **options):
        if check:
            self.refuse_missing()
        else:
            gather()
            call_command("compilemessages", verbosity=0)

    def refuse_missing(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in SOURCES:
                shutil.copytree(settings.BASE_DIR / name, Path(folder, name))
            missing = missing_in(Path(folder))
        if missing:
            raise CommandError(f"Not translated:\n{missing}")
        self.stdout.write("Every string of the public site is translated.")


def gather(folder: Path = settings.BASE_DIR):
    """Write the strings found below `folder` into its catalogues."""
    languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    with override_settings(LOCALE_PATHS=[folder / "locale"]):
        call_command(
            Makemessages(), locale=languages, ignore_patterns=DESK, no_obsolete=True,
            add_location=None, no_location=True, verbosity=0,
        )  # fmt: skip


def missing_in(folder: Path) -> str:
    """Return the entries without a sure translation, as gettext prints them."""
    with contextlib.chdir(folder):
        gather(folder)
    found = []
    for catalogue in sorted(folder.glob("locale/*/LC_MESSAGES/django.po")):
        for kind in ("--untranslated", "--only-fuzzy"):
            command = ["msgattrib", kind, "--no-obsolete", "--no-wrap", catalogue]
            text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            lines = [line for line in text.splitlines() if line.startswith("msgid ")]
            found += [f"{catalogue.parts[-3]}: {line}" for line in lines if line != 'msgid ""']
    return "\n".join(found)
