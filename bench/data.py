"""Make a site of any size: the record's own members, plans and resolutions, and invented events.

    DATABASE_URL=sqlite:///events.sqlite3 python -m bench.data 10000
    DATABASE_URL=sqlite:///events.sqlite3 python -m bench.data

The database is migrated and must hold no record yet. Without a number, one made earlier is brought
to the present migrations, counts and statistics, which a kept one would lack. Everything invented
says so in its name. The same size makes the same rows, but for the days, which lie before and
shortly after `until`.
"""

import os
import sys
from datetime import date, timedelta
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpssite.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from network.models import Organisation  # noqa: E402
from wpssite.base import plans, tally  # noqa: E402
from wpssite.base.searching import without_notes  # noqa: E402
from wpssite.indexing import rebuild  # noqa: E402

from .bulk import go_on_counting, in_bulk, tidy  # noqa: E402
from .invented import make_events  # noqa: E402
from .world import make_world  # noqa: E402

DAYS_AHEAD = 60  # so that something is to come
EVENTS_AT_ONCE = 100


def make(events: int, say=lambda text: None, until: date | None = None):
    """Fill the empty database with this many events; `say` hears how far it is."""
    until = until or timezone.now().date() + timedelta(days=DAYS_AHEAD)
    with without_notes():
        with transaction.atomic():
            world = make_world(events, until)
            rebuild()
        say(f"{len(world.states)} states, {len(world.people)} people, {len(world.topics)} topics")
        began = perf_counter()
        for start in range(0, events, EVENTS_AT_ONCE):
            numbers = range(start, min(start + EVENTS_AT_ONCE, events))
            with transaction.atomic():
                make_events(world, numbers)
            passed = perf_counter() - began
            left = passed / numbers.stop * (events - numbers.stop)
            say(f"{numbers.stop:,} of {events:,} events, {passed:.0f} s, {left:.0f} s left")
    derive()
    go_on_counting(apps.get_models(include_auto_created=True))


def derive():
    """Work out anew what the site knows of its tables as a whole."""
    tally.count_anew()
    plans.analyse()


def bring_up_to_date():
    call_command("migrate", verbosity=0)
    derive()
    tidy()


def main(events: int):
    began = perf_counter()
    call_command("migrate", verbosity=0)
    if Organisation.objects.exists():
        sys.exit("Refused: this database holds records already.")
    ends = "\r" if sys.stderr.isatty() else "\n"
    with in_bulk():
        make(events, lambda text: print(f"{text}    ", end=ends, file=sys.stderr, flush=True))
    tidy()
    print(f"{events:,} events made in {perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(int(sys.argv[1])) if sys.argv[1:] else bring_up_to_date()
