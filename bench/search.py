"""How long search takes at size, on the database in DATABASE_URL. Leaves nothing behind.

    DATABASE_URL=sqlite:///bench.sqlite3 python manage.py migrate
    DATABASE_URL=sqlite:///bench.sqlite3 python bench/search.py 20000

Makes events of 120 to 260 words from a vocabulary as uneven as a language, with topics and hosts,
in one transaction that is rolled back.
"""

import os
import random
import statistics
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpssite.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from events.models import Event, Participation  # noqa: E402
from network.models import Organisation, Topic  # noqa: E402
from wpssite.base.models import SearchDocument, SearchFacet  # noqa: E402
from wpssite.base.searching import without_notes  # noqa: E402
from wpssite.base.words import parse  # noqa: E402
from wpssite.indexing import rebuild, refresh  # noqa: E402
from wpssite.search import facets_of, result  # noqa: E402

CHANCE = random.Random(1325)
ROUNDS = 7
LETTERS = "abcdefghijklmnoprstuv"
PUBLIC = {"status": "published", "published_at": timezone.now() - timedelta(days=1)}


def vocabulary(size: int = 20_000) -> tuple[list[str], list[float]]:
    """Return words and how often each occurs: the second half as often as the first, and so on."""
    words = {"".join(CHANCE.choices(LETTERS, k=CHANCE.randint(3, 10))) for _ in range(size)}
    words = sorted(words)
    CHANCE.shuffle(words)
    return words, [1 / (rank + 2) for rank in range(len(words))]


def make_records(number: int, words, weights):
    states = Organisation.objects.bulk_create(
        Organisation(slug=f"bench-{n}", name=f"Bench {n}", kind="state", **PUBLIC)
        for n in range(200)
    )
    topics = Topic.objects.bulk_create(
        Topic(slug=f"bench-{n}", name=f"Bench {n}", **PUBLIC) for n in range(40)
    )
    events = [make_event(n, words, weights) for n in range(number)]
    for event in events:
        event.derive()
    events = Event.objects.bulk_create(events, batch_size=500)
    hosts = [
        Participation(event=event, organisation=state, order=order, role="host")
        for event in events
        for order, state in enumerate(CHANCE.sample(states, 4))
    ]
    Participation.objects.bulk_create(hosts, batch_size=2000)
    about = Event.topics.through
    links = [about(event=e, topic=topic) for e in events for topic in CHANCE.sample(topics, 3)]
    about.objects.bulk_create(links, batch_size=2000)
    return states


def make_event(number: int, words, weights) -> Event:
    text = CHANCE.choices(words, weights, k=CHANCE.randint(120, 260))
    return Event(
        slug=f"bench-{number}",
        title=" ".join(text[:6]).capitalize(),
        summary=" ".join(text[6:40]),
        public_note=" ".join(text[40:]),
        kind="meeting",
        language=CHANCE.choice(["en", "en", "fr", "ja"]),
        starts_on=timezone.now().date() - timedelta(days=CHANCE.randrange(9000)),
        starts_precision="day",
        zone="UTC",
        **PUBLIC,
    )


def timed(work) -> tuple[float, object]:
    """Return the median of some rounds in milliseconds, and what the work returned."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        answer = work()
        times.append((perf_counter() - began) * 1000)
    return statistics.median(times), answer


def measure(name: str, text: str, **asked):
    query = parse(text)
    hits = SearchDocument.objects.public().matching(query).narrowed(**asked)
    page, _rows = timed(
        lambda: [result(r, query) for r in hits.best_first(query).for_results()[:20]]
    )
    counts, (_options, number) = timed(lambda: facets_of(hits))
    print(f"{name:34} {number:>7} hits   page {page:7.1f} ms   counts {counts:7.1f} ms")


def measure_all(words, states):
    common = words[:12]
    measure("rare word", words[-50])
    measure("word of medium use", words[300])
    measure("most frequent word", common[0])
    measure("two frequent words", f"{common[0]} {common[1]}")
    measure("phrase of two frequent words", f'"{common[0]} {common[1]}"')
    measure("frequent word without another", f"{common[0]} -{common[1]}")
    measure("beginning of 3 letters", common[0][:3])
    measure("beginning of 2 letters", common[0][:2])
    measure("twelve frequent words", " ".join(common))
    measure("frequent word, one member, one year", common[0], member=states[0].slug, year=2020)
    query = parse(common[0][:2])
    rows = SearchDocument.objects.public().naming(query).best_first(query)
    cost, _rows = timed(lambda: list(rows.values_list("title", "kind", "path")[:8]))
    print(f"{'suggestions for 2 letters':34} {cost:46.1f} ms")


def main(number: int):
    words, weights = vocabulary()
    with transaction.atomic():
        with without_notes():
            states = make_records(number, words, weights)
        began = perf_counter()
        rows = rebuild()
        print(f"{connection.vendor}: {rows} records, {SearchFacet.objects.count()} facet values")
        print(f"rebuild {perf_counter() - began:.1f} s")
        if connection.vendor == "postgresql":
            connection.cursor().execute("ANALYZE base_searchdocument, base_searchfacet")
        measure_all(words, states)
        states[0].name = "Renamed"
        states[0].save()
        began = perf_counter()
        refresh()
        named = SearchFacet.objects.filter(label="Renamed").count()
        print(f"a state renamed, {named} records written anew: {perf_counter() - began:.1f} s")
        event = Event.objects.first()
        event.save()
        cost = perf_counter()
        refresh()
        print(f"an event saved: {(perf_counter() - cost) * 1000:.0f} ms")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
