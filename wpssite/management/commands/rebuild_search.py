"""Write the rows of search anew from the record."""

from time import perf_counter

from django.core.management.base import BaseCommand

from wpssite.indexing import rebuild


class Command(BaseCommand):
    help = (
        "Writes what search knows of every public record anew, in one transaction. Needed once "
        "after an upgrade that says so, and after writing to the database past Django."
    )

    def handle(self, *, verbosity, **options):
        began, done = perf_counter(), {}

        def say(kind, number):
            done[kind.name] = done.get(kind.name, 0) + number
            if verbosity > 1:
                self.stdout.write(f"{kind.name}: {done[kind.name]}")

        number = rebuild(say)
        self.stdout.write(f"search: {number} records, {perf_counter() - began:.1f} s")
