"""Work out stored facts anew: UTC bounds and folded names."""

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from wpssite.base.publishing import Publishable


class Command(BaseCommand):
    help = (
        "Work out derived columns anew, after an upgrade of tzdata or a change of the rules. "
        "Counts what would change; --apply stores it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="Store; without it, count.")

    @transaction.atomic
    def handle(self, *, apply, **options):
        changed = 0
        for model in apps.get_models():
            if issubclass(model, Publishable):
                changed += sum(rederive(record, apply) for record in model.objects.iterator())
        what = "changed" if apply else "to change: add --apply"
        self.stdout.write(f"{changed} record(s) {what}")


def rederive(record, apply: bool) -> bool:
    """Derive the stored facts of one record anew; store them if `apply`. Return if any differ."""
    before = dict(vars(record))
    record.derive()
    differing = [name for name, value in vars(record).items() if before.get(name) != value]
    differing = [name for name in differing if not name.startswith("_")]
    if differing and apply:
        record.save(update_fields=differing)
    return bool(differing)
