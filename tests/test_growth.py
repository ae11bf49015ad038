"""No cliff as the record grows: plans use indexes, pages load as many rows, paging misses none."""

import base64
import json
import random
import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from django.core.exceptions import BadRequest
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from events.lists import Counts, event_listing, statement_listing
from events.models import Event, Participation, Statement, StatementParty
from network.models import ActionPlan, Document, Person
from tests import factories as make
from wpssite.base import linked, paging, plans, tally
from wpssite.base.hits import hits_of, prepared_for
from wpssite.base.keyset import Order, order_of
from wpssite.base.models import SearchDocument, Tally
from wpssite.base.paging import TOP, Listing, page_of_listing
from wpssite.base.searching import without_notes
from wpssite.base.words import parse
from wpssite.indexing import rebuild, refresh

pytestmark = pytest.mark.django_db
BIG = ["events_event", "events_statement", "events_statementparty", "base_searchdocument"]
BIG += ["events_participation", "events_event_topics", "events_statement_topics"]
ALIAS = re.compile(r'"(\w+)" ([A-Z]\d+)')
NOTHING_ASKED = {"year": None, "kind": "", "host": "", "topic": "", "network": ""}
NO_STATEMENT_ASKED = dict.fromkeys(["year", "speaker", "for", "topic", "language", "text"], "")
NOW = timezone.now()
PUBLIC = {"status": "published", "published_at": NOW - timedelta(days=1)}


def make_events(number: int, days: int, first: int = 0) -> list:
    """Make events that share `days` days, the last ones to come."""
    begin = NOW.date() - timedelta(days=days - 3)
    events = [
        Event(
            slug=f"grown-{place}",
            title=f"Grown meeting {place}",
            kind="meeting",
            starts_on=begin + timedelta(days=place % days),
            starts_time=time(12),
            zone="UTC",
            **PUBLIC,
        )
        for place in range(first, first + number)
    ]
    for event in events:
        event.derive()
    return Event.objects.bulk_create(events)


def make_statements(events: list, person, each: int = 1) -> list:
    return Statement.objects.bulk_create(
        Statement(
            slug=f"grown-{event.pk}-{place}",
            title="Grown words",
            event=event,
            date=event.starts_on,
            person=person,
            language="en",
            **PUBLIC,
        )
        for event in events
        for place in range(each)
    )


@pytest.fixture
def grown():
    """A record of a few thousand rows whose statistics the database knows."""
    topics = [make.make_topic() for _ in range(8)]
    states, person = [make.make_state() for _ in range(8)], make.make_person()
    with without_notes():
        events = make_events(600, 300)
        statements = make_statements(events, person, each=2)
        Participation.objects.bulk_create(
            Participation(event=event, organisation=states[event.pk % 8]) for event in events
        )
        StatementParty.objects.bulk_create(
            StatementParty(statement=row, organisation=states[row.pk % 8]) for row in statements
        )
        for records in (events, statements):
            through = type(records[0]).topics.through
            column = type(records[0])._meta.model_name
            through.objects.bulk_create(
                through(topic=topics[row.pk % 8], **{f"{column}_id": row.pk}) for row in records
            )
    rebuild()
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    plans.analyse()
    return {"topic": topics[1], "state": states[1], "person": person, "event": events[300]}


def pages_of(grown) -> list[str]:
    topic, state = grown["topic"].slug, grown["state"].slug
    return [
        "/",
        "/events/",
        "/events/?page=25",
        "/statements/",
        "/statements/?page=55",
        "/statements/?language=en&page=3",
        f"/statements/?topic={topic}",
        f"/statements/?for={state}&page=2",
        f"/events/?host={state}",
        grown["event"].get_absolute_url(),
        grown["event"].statements.first().get_absolute_url(),
        grown["state"].get_absolute_url(),
        grown["person"].get_absolute_url(),
        grown["topic"].get_absolute_url(),
        "/events/feed/",
        f"{grown['topic'].get_absolute_url()}feed/",
        "/search/?q=grown",
        "/search/suggest?q=gro",
    ]


# --- Plans and numbers of rows


def scans(sql: str) -> list[str]:
    """Return the steps by which SQLite would read a whole big table, without an index."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    tables = {*BIG, *(alias for table, alias in ALIAS.findall(sql) if table in BIG)}
    return [
        step
        for step in steps
        if step.split()[0] == "SCAN" and step.split()[1] in tables and "INDEX" not in step
    ]


def test_no_page_reads_a_whole_table(client, grown, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("the plans of SQLite; those of PostgreSQL depend on the size")
    monkeypatch.setattr(linked, "FEW", 20)
    for address in pages_of(grown):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        for query in queries:
            if query["sql"].lstrip().startswith(("SELECT", "WITH")):
                assert not scans(query["sql"]), (address, query["sql"])


def work(ask) -> int:
    """Return what a database does for a question: steps of SQLite, blocks of PostgreSQL."""
    if connection.vendor == "sqlite":
        steps = []
        connection.connection.set_progress_handler(lambda: steps.append(1), 1)
        try:
            ask()
        finally:
            connection.connection.set_progress_handler(None, 1)
        return len(steps)
    with CaptureQueriesContext(connection) as queries:
        ask()
    blocks = 0
    for query in list(queries):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
            plan = cursor.fetchone()[0][0]["Plan"]
        blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return blocks


@pytest.mark.parametrize("name", ["events", "statements"])
def test_a_place_far_down_a_list_is_found_as_soon_as_one_near_its_top(grown, name):
    listing = {
        "events": lambda: event_listing(NOTHING_ASKED, Counts(Event)),
        "statements": lambda: statement_listing(NO_STATEMENT_ASKED, Counts(Statement)),
    }[name]()
    rows = list(listing.rest)
    order = Order(listing.rest)
    high, low = order.place_of(rows[30]), order.place_of(rows[-60])

    for words in ("after", "before"):
        ask = getattr(listing, words)
        near_top, far_down = (work(partial(ask, place, 20)) for place in (high, low))
        assert far_down < 1.5 * near_top + 20, words
    first = work(lambda: listing.keys(TOP, 20))
    assert work(lambda: listing.keys(len(rows) - 60, 20)) < 3 * first + 20


def test_a_page_costs_as_many_queries_when_the_record_has_grown(client, grown, monkeypatch):
    monkeypatch.setattr(linked, "FEW", 20)
    for address in pages_of(grown):
        client.get(address)  # Some queries are compiled once.
    before = [cost(client, address) for address in pages_of(grown)]

    with without_notes():
        more = make_events(600, 300, first=600)
        make_statements(more, grown["person"])
    rebuild()

    assert [cost(client, address) for address in pages_of(grown)] == before


def cost(client, address: str) -> tuple[str, int]:
    """Return an address and how many queries its page costs."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return address, len(queries)


def test_the_page_of_a_record_shows_the_newest_and_leads_to_the_others(client, grown):
    for record, links in [
        (grown["state"], ["/statements/?for=", "/events/?host="]),
        (grown["topic"], ["/statements/?topic=", "/events/?topic="]),
        (grown["person"], ["/statements/?speaker="]),
    ]:
        text = client.get(record.get_absolute_url()).text
        assert len(text) < 90_000
        for link in links:
            assert f'href="{link}{record.slug}"' in text


# --- Paging by keys


def asked(number: int, **words):
    return RequestFactory().get("/", {"page": number} | {k: v for k, v in words.items() if v})


def walk(listing, size: int) -> list[list]:
    """Return the keys of every page, following the links forwards."""
    page, found = page_of_listing(asked(1), listing, size), []
    while True:
        found.append([record.pk for record in page])
        if not page.has_next():
            return found
        page = page_of_listing(asked(page.next_page_number(), after=page.after), listing, size)


def walk_back(listing, size: int, number: int) -> list[list]:
    """Return the keys of every page, following the links backwards from one."""
    page, found = page_of_listing(asked(number), listing, size), []
    while True:
        found.append([record.pk for record in page])
        if not page.has_previous():
            return found[::-1]
        number = page.previous_page_number()
        page = page_of_listing(asked(number, before=page.before), listing, size)


@pytest.mark.parametrize("deep", [0, 2, 1000])
@settings(max_examples=15, deadline=None)
@given(days=st.lists(st.integers(-40, 6), min_size=1, max_size=24), size=st.integers(1, 5))
def test_paging_visits_every_event_once_and_in_order(deep, days, size):
    Event.objects.all().delete()
    chance = random.Random(len(days))
    for place, day in enumerate(days):
        starts_on = NOW.date() + timedelta(days=day)
        clock = time(chance.choice([9, 12]))
        make.make_event(slug=f"e-{place}", starts_on=starts_on, starts_time=clock, zone="UTC")
    whole = [*Event.objects.published().upcoming(), *Event.objects.published().past()]
    listing = event_listing(NOTHING_ASKED, Counts(Event))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(paging, "DEEP", deep)
        forwards = walk(listing, size)
        backwards = walk_back(listing, size, len(forwards))

    assert [key for page in forwards for key in page] == [event.pk for event in whole]
    assert forwards == backwards


@pytest.mark.parametrize("few", [0, 1000])
def test_paging_of_statements_and_filters_is_the_whole_list(few, monkeypatch):
    monkeypatch.setattr(linked, "FEW", few)
    monkeypatch.setattr(linked, "WALKED", 7)
    monkeypatch.setattr(paging, "DEEP", 1)
    topic, person = make.make_topic(), make.make_person()
    statements = make_statements(make_events(23, 4), person, each=2)
    for row in statements[::3]:
        row.topics.add(topic)
    for words in ({}, {"topic": topic.slug}, {"speaker": person.slug}, {"language": "en"}):
        filters = NO_STATEMENT_ASKED | words
        listing = statement_listing(filters, Counts(Statement))
        published = Statement.objects.published().of_columns(filters)
        whole = [row.pk for row in linked.followed(published, published.links_asked(filters))]

        forwards = walk(listing, 4)

        assert [key for page in forwards for key in page] == whole
        assert walk_back(listing, 4, len(forwards)) == forwards
        assert listing.count == len(whole)


def test_links_between_deep_pages_carry_keys_and_filters(client, monkeypatch):
    monkeypatch.setattr(paging, "DEEP", 1)
    person = make.make_person()
    make_statements(make_events(90, 3), person)

    first = client.get("/statements/?language=en").text
    second = client.get("/statements/?language=en&page=2").text

    assert 'href="?language=en&amp;page=2&amp;after=' in first
    assert 'href="?language=en&amp;page=3&amp;after=' in second
    assert 'href="?language=en&amp;page=1" rel="prev"' in second
    assert 'rel="canonical" href="http://127.0.0.1:8000/statements/?language=en&amp;page=2"' in (
        second
    )


def word(*values) -> str:
    text = json.dumps(values, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "nonsense",
    ["x", "%00", "'", "é", "[]", word(), word(1), word("2023-01-01"), word("2023-01-01", "x"),
     word("2023-01-01", 0), word("2023-01-01", -1), word("2023-01-01", 2**63),
     word("2023-13-01", 1), word("2023-1-1", 1), word(None, 1), word("2023-01-01", 1, 2),
     word(["2023-01-01"], 1), word("2023-01-01", True), word("2023-01-01", 1.0), "A" * 5000],
)  # fmt: skip
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_key_that_this_site_did_not_write_is_refused(client, name, nonsense):
    response = client.get("/statements/", {"page": 60, name: nonsense})

    assert response.status_code == 400
    if nonsense != "%00":
        assert "must be as the links of this list have them" in response.text


@pytest.mark.parametrize(
    "moment",
    [None, "2023-01-01", "2023-01-01T00:00:00", "2023-01-01T02:00:00+02:00",
     "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-14:00",
     "9999-12-31T23:59:59.999999+00:00"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["after", "before"])
def test_nor_is_a_moment_that_no_event_begins_at(client, name, moment):
    assert client.get("/events/", {"page": 60, name: word(moment, 5)}).status_code == 400


@pytest.mark.parametrize("path", ["/statements/", "/events/", "/people/", "/topics/"])
def test_the_keys_of_these_tests_are_refused_for_what_they_say(client, path):
    first = {"/statements/": "2023-01-01", "/events/": "2023-01-01T00:00:00+00:00"}.get(path, "a")

    assert client.get(path, {"page": 60, "after": word(first, 5)}).status_code == 200
    assert client.get(path, {"page": 60, "after": word(None, 5)}).status_code == 400


@given(text=st.text(max_size=40))
def test_no_text_is_an_error_of_ours(text):
    for records in (Statement.objects.all(), Event.objects.all(), Person.objects.all()):
        order = Order(records)
        with suppress(BadRequest):
            assert order.word(order.place(text)) == text


def test_a_list_whose_places_say_nothing_goes_by_numbers(client, monkeypatch):
    """Its order is another record's, or points in two directions, or it is no QuerySet."""
    monkeypatch.setattr(paging, "DEEP", 0)
    plans = [make.make_plan() for _ in range(3)]
    records = ActionPlan.objects.published()

    for rows in (records, plans, Document.objects.published()):
        assert order_of(rows) is None
    page = page_of_listing(asked(1, after="x"), Listing(records, records, 3), 2)
    last = page_of_listing(asked(2), Listing(plans, plans, 3), 2)

    assert (page.after, page.before, last.after, last.before) == (None,) * 4
    assert [*page, *last] == [*records[:2], plans[2]]


def test_a_key_outlives_its_record(client, monkeypatch):
    monkeypatch.setattr(paging, "DEEP", 0)
    statements = make_statements(make_events(9, 9), make.make_person())
    rows = Statement.objects.published()
    listing = Listing(rows, rows, 9)
    page = page_of_listing(asked(1), listing, 3)
    following = [row.pk for row in rows[3:6]]

    page.object_list[-1].delete()

    after = page_of_listing(asked(2, after=page.after), listing, 3)
    assert [row.pk for row in after] == following
    assert len(statements) == 9


def test_there_is_no_page_behind_the_last_one(client):
    assert client.get("/statements/?page=1").status_code == 200
    assert client.get("/statements/?page=2").status_code == 404
    assert client.get("/statements/?page=0").status_code == 404


# --- Counts


def by_hand(model) -> dict:
    year, month = model.tallied
    found = {}
    for row in model.objects.published():
        begin = getattr(row, month)
        begin = begin.astimezone(UTC) if isinstance(begin, datetime) else begin
        key = getattr(row, year).year, date(begin.year, begin.month, 1)
        found[key] = found.get(key, 0) + 1
    return found


def test_the_tally_follows_every_way_of_writing():
    event = make.make_event(starts_on=date(2023, 12, 31), starts_time=time(23), zone="Asia/Tokyo")
    other = make.make_event(starts_on=date(2023, 12, 31), starts_time=time(20), zone="America/Lima")
    assert tally.published(Event) == by_hand(Event)

    make_events(40, 40)
    Event.objects.filter(slug__endswith="7").update(status="draft")
    other.delete()
    event.starts_on = date(2020, 2, 29)
    event.save()
    assert tally.published(Event) == by_hand(Event)

    soon = timezone.now() + timedelta(hours=1)
    make.make_event(status="published", published_at=soon, starts_on=date(1999, 1, 1))
    assert tally.published(Event) == by_hand(Event)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET status = 'published', published_at = created_at")
    assert tally.published(Event) == by_hand(Event)


def test_folding_and_counting_anew_change_no_number(monkeypatch):
    make_statements(make_events(30, 400), make.make_person())
    before = tally.published(Statement), tally.published(Event)
    monkeypatch.setattr(tally, "MOST_ROWS", 1)

    rows = Tally.objects.count()
    Tally.objects.fold()
    assert Tally.objects.count() < rows
    assert (tally.published(Statement), tally.published(Event)) == before
    tally.count_anew()
    assert (tally.published(Statement), tally.published(Event)) == before


def test_lost_triggers_are_set_again_after_migrate():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("insert", "update", "delete"):
                cursor.execute(f"DROP TRIGGER events_event_tally_{name}")
        else:
            for name in ("some", "update"):
                cursor.execute(f"DROP TRIGGER events_event_tally_{name} ON events_event")
    make_events(3, 3)
    assert tally.published(Event) != by_hand(Event)

    tally.install()
    make_events(3, 3, first=3)

    assert tally.published(Event) == by_hand(Event)


def test_a_narrowed_list_is_counted_up_to_a_bound(client, monkeypatch):
    monkeypatch.setattr("events.lists.COUNTED", 30)
    make_statements(make_events(50, 9), make.make_person())

    text = client.get("/statements/?language=en").text

    assert "more than 30 statements" in text
    assert "Page 1<" in text
    assert "50 statements" in client.get("/statements/").text


# --- Search


def test_a_frequent_word_is_ranked_and_counted_up_to_a_bound(client, monkeypatch):
    monkeypatch.setattr("wpssite.base.hits.MOST", 10)
    make_events(40, 40)
    old = make.make_topic(name="Grown")
    refresh()

    hits = hits_of(parse("grown"))
    page = client.get("/search/?q=grown").text

    assert hits.more
    assert len(hits) <= 20
    best = SearchDocument.objects.get(pk=hits.keys[0])
    assert (best.kind, best.record_id) == ("topics", old.pk)
    assert "more than 1,000 records" in page
    assert client.get("/search/?q=grown&kind=topics").text.count("1 record<") == 1


@pytest.fixture
def compiled_anew():
    """Compile the query of a search again, for it holds how many rows are looked at."""
    prepared_for.cache_clear()
    yield
    prepared_for.cache_clear()


def test_filters_find_what_no_sample_of_the_newest_holds(client, monkeypatch, compiled_anew):
    monkeypatch.setattr("wpssite.base.hits.MOST", 5)
    monkeypatch.setattr("wpssite.base.engines.LOOKED", 5)
    first = make.make_event(title="Grown first", starts_on=date(2001, 1, 1))
    make_events(40, 40)
    refresh()

    hits = hits_of(parse("grown"), year=2001)

    found = SearchDocument.objects.in_bulk(hits.keys).values()
    assert [row.record_id for row in found] == [first.pk]
    assert not hits.more


# --- The sitemap


def test_the_sitemap_has_every_record_in_exactly_one_part(client, monkeypatch):
    monkeypatch.setattr("wpssite.sitemaps.KEYS", 7)
    events = make_events(30, 30)
    Event.objects.filter(pk__in=[event.pk for event in events[8:22]]).delete()

    index = client.get("/sitemap.xml").text
    parts = [part.partition("<")[0] for part in index.split("http://127.0.0.1:8000")[1:]]
    text = "".join(client.get(part).text for part in parts if part.startswith("/sitemap-events"))

    for event in Event.objects.all():
        assert text.count(f"<loc>http://127.0.0.1:8000{event.get_absolute_url()}</loc>") == 1
    assert client.get("/sitemap-events.xml?p=x").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_flush_leaves_nothing_counted():
    make.make_event()
    call_command("flush", interactive=False, verbosity=0)

    assert tally.published(Event) == {}
    make.make_event()
    assert sum(tally.published(Event).values()) == 1
