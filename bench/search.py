"""How long search takes, by what is asked for, on the database in DATABASE_URL.

    DATABASE_URL=sqlite:///.bench/events-10000-v1.sqlite3 python -m bench.search

The database was made by `bench.data`. Each page is asked for in this process, past the page cache,
and told in milliseconds; what is changed to see how the index follows is rolled back.
"""

import os
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpssite.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from events.models import Event, Statement  # noqa: E402
from wpssite.base.models import SearchDocument  # noqa: E402
from wpssite.indexing import refresh  # noqa: E402

from .pages import HOST, queries_of  # noqa: E402

ROUNDS = 7
FREQUENT = ["women", "peace", "security", "resolution"]


def asked() -> dict[str, dict]:
    """Return the parameters of searches by what they are."""
    statement = Statement.objects.select_related("person", "appearance__organisation").last()
    member = statement.appearance.organisation.slug
    name = statement.person.family_name
    first, second, *rest = FREQUENT
    return {
        "name of a person": {"q": name},
        "word of medium use": {"q": "mediation"},
        "most frequent word": {"q": first},
        "two frequent words": {"q": f"{first} {second}"},
        "phrase of two words": {"q": f'"{first} {second}"'},
        "frequent word without another": {"q": f"{first} -{second}"},
        "beginning of 3 letters": {"q": first[:3]},
        "beginning of 2 letters": {"q": first[:2]},
        "four frequent words": {"q": " ".join([first, second, *rest])},
        "frequent word, one member, one year": {
            "q": first,
            "member": member,
            "year": statement.date.year,
        },
    }


def timed(client, path: str) -> float:
    """Return the median of some rounds in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        client.get(path)
        times.append((perf_counter() - began) * 1000)
    return median(times)


def measure_pages():
    client = Client(headers={"host": HOST})
    for name, parameters in asked().items():
        path = f"/search/?{urlencode(parameters)}"
        queries = queries_of(client, path)
        print(f"{name:36} {timed(client, path):8.1f} ms {queries:4} queries")
    suggest = "/search/suggest?q=wo"
    print(f"{'suggestions for 2 letters':36} {timed(client, suggest):8.1f} ms")


def followed(name: str, record):
    """Save a record and tell how long the index takes to follow."""
    record.save()
    began = perf_counter()
    refresh()
    print(f"{name:36} {(perf_counter() - began) * 1000:8.1f} ms")


def main():
    print(f"{connection.vendor}: {SearchDocument.objects.count():,} records")
    measure_pages()
    with transaction.atomic():
        followed("an event saved", Event.objects.last())
        followed("a person saved", Statement.objects.last().person)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
