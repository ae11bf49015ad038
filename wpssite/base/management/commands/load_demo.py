"""Load the record and, for trying out the desk, three logins."""

import json
from pathlib import Path
from time import perf_counter

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, transaction

from wpssite.base.groups import ensure_groups
from wpssite.base.searching import without_notes

FIXTURES = ["reference", "network", "events", "pages"]
INVENTED = ["demo_desk"]  # Every state of the desk's work; only where the demo logins are made.
PASSWORD = "demo-of-the-desk"  # Known to everyone: it stands in fixtures/README.md.
LOGINS = {"editor": "Editors", "reviewer": "Reviewers", "admin": None}


class Command(BaseCommand):
    help = "Loads the record from fixtures/ in one transaction; with DEBUG also three logins."

    def add_arguments(self, parser):
        parser.add_argument(
            "--again", action="store_true", help="load even if the record is there: rows are reset"
        )
        parser.add_argument(
            "--with-logins", action="store_true", help="make the demo logins without DEBUG too"
        )
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            help="where the fixtures are (fixtures/)",
        )

    def handle(self, *args, again, with_logins, folder, **options):
        demo = settings.DEBUG or with_logins
        with transaction.atomic():
            if again or not self.is_loaded():
                with without_notes():
                    for path in self.files(folder, [*FIXTURES, *INVENTED] if demo else FIXTURES):
                        self.load(path)
                call_command("rebuild_search", stdout=self.stdout)
            else:
                self.stdout.write(
                    "The record is loaded already; nothing done. Reset it with --again."
                )
            groups = ensure_groups()
            if demo:
                self.make_logins(groups)

    def is_loaded(self) -> bool:
        """Whether the Network itself, the one record that every other needs, is there."""
        organisations = apps.get_model("network.Organisation").objects  # The ground imports no app.
        return organisations.filter(slug="wps-focal-points-network").exists()

    def files(self, folder: Path, names: list[str]) -> list[Path]:
        """Return the fixtures in the order in which they refer to each other."""
        paths = [folder / f"{name}.json" for name in names]
        missing = [path for path in paths if not path.exists()]
        if missing:
            raise CommandError(f"Not found: {', '.join(map(str, missing))}")
        return paths

    def load(self, path: Path):
        self.stdout.write(f"{path.name} … ", ending="")
        self.stdout.flush()
        began = perf_counter()
        try:
            call_command("loaddata", path, verbosity=0)
        except (DeserializationError, ObjectDoesNotExist, DatabaseError) as error:
            raise CommandError(f"{path.name} is broken, nothing was loaded: {error}") from error
        count = len(json.loads(path.read_text(encoding="utf-8")))
        self.stdout.write(f"{count} rows, {perf_counter() - began:.1f} s")

    def make_logins(self, groups):
        for username, group in LOGINS.items():
            user, made = get_user_model().objects.get_or_create(username=username)
            if made:
                user.is_staff, user.is_superuser = True, group is None
                user.set_password(PASSWORD)
                user.save()
            user.groups.set([groups[group]] if group else [])
        names = ", ".join(LOGINS)
        self.stdout.write(f"Logins for /desk/: {names}. Password of each: {PASSWORD}")
        self.stdout.write(self.style.WARNING("Everyone knows it: never on a public server."))
