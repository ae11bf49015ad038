"""Queries compiled once find what Django's own find, at every moment, and freeze nothing."""

import gc
import weakref
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import Count, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, Statement
from network import listing
from network.models import Organisation, Topic
from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    make_appearance,
    make_event,
    make_focal_point,
    make_member,
    make_name,
    make_participation,
    make_party,
    make_plan,
    make_point,
    make_source,
    make_statement,
    make_topic,
)
from wpssite.base.linked import in_order
from wpssite.base.prepared import NotPreparable, Prepared, by_keys, rows
from wpssite.base.web import public_record

NOW = datetime(2024, 3, 8, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def columns(record) -> dict:
    """What was loaded of a record, without what Django keeps beside it."""
    return {name: value for name, value in vars(record).items() if not name.startswith("_")}


def full_event(name: str):
    event = make_event(slug=name, topics=[make_topic(), make_topic()], sources=[make_source()])
    make_participation(event)
    for place in (1, 2, 3):
        appearance = make_appearance(event, order=place)
        statement = make_statement(event=event, appearance=appearance, person=appearance.person)
        for order in range(1, place + 1):
            make_point(statement, order=order)
    return event


def test_a_record_comes_as_django_loads_it():
    other, event = full_event("other"), full_event("this")

    ours = public_record(Event.objects.for_page)("this")[0]
    theirs = Event.objects.for_page().get(slug="this")

    assert ours == event != other
    assert columns(ours) == columns(theirs)
    for name in ("appearances", "participations", "statements", "topics", "sources", "segments"):
        rows = [columns(row) for row in getattr(ours, name).all()]
        assert rows == [columns(row) for row in getattr(theirs, name).all()], name
    assert [[point.text for point in row.points.all()] for row in ours.statements.all()] == [
        [point.text for point in row.points.all()] for row in theirs.statements.all()
    ]


def test_of_a_linked_record_only_what_pages_show_is_loaded():
    full_event("this")
    appearance = public_record(Event.objects.for_page)("this")[0].appearances.all()[0]

    assert columns(appearance.person).keys() == {"id", *appearance.person.linked}
    with pytest.raises(AssertionError, match="loaded without"):
        assert appearance.person.summary


def test_what_a_list_does_not_show_is_not_loaded():
    full_event("this")
    event = in_order(lambda: Event.objects.for_cards(), [Event.objects.get().pk])[0]

    assert {"title", "starts_utc", "slug"} <= columns(event).keys()
    assert {"description", "note", "summary"}.isdisjoint(columns(event))


def test_what_hangs_on_a_record_is_there_without_a_query(django_assert_num_queries):
    full_event("this")
    event = public_record(Event.objects.for_page)("this")[0]

    with django_assert_num_queries(0):
        assert {row.event_id for row in event.appearances.all()} == {event.pk}
        assert [row.person.name for row in event.appearances.all()]
        assert all(topic.name for topic in event.topics.all())
        assert rows(event, "appearances") == event.appearances.all()
    assert list(rows(Event.objects.get(slug="this"), "appearances")) == event.appearances.all()


def test_values_come_as_django_gives_them():
    for year in (2021, 2022, 2022):
        make_event(starts_on=date(year, 5, 1), kind=Event.Kind.DIALOGUE if year > 2021 else "")
    make_topic(name="Mediation")

    def rows(kind):
        return Event.objects.filter(kind=kind).order_by("starts_utc", "pk")

    def topics(kind):
        names = Topic.objects.order_by().values_list(Value(kind), "slug")
        return names.union(Event.objects.filter(kind=kind).order_by().values_list("kind", "slug"))

    for asked in [
        lambda kind: rows(kind).values_list("starts_on", "starts_utc", "pk"),
        lambda kind: rows(kind).values_list("pk", flat=True)[:1],
        lambda kind: rows(kind).order_by().values_list("kind").annotate(number=Count("pk")),
        lambda kind: topics(kind).order_by("slug"),
    ]:
        prepared = Prepared(asked, str)
        for kind in ("dialogue", "", "launch"):
            assert prepared(kind) == list(asked(kind))


def test_a_record_goes_with_all_that_hangs_on_it_as_soon_as_nobody_needs_it():
    full_event("this")
    event = public_record(Event.objects.for_page)("this")[0]
    gone = weakref.ref(event.appearances.all()[0].person)
    gc.disable()
    try:
        del event
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite prepares all statements")
def test_the_server_prepares_what_is_compiled_once_and_nothing_else():
    for name in ("first", "second", "third"):
        full_event(name)
    load = public_record(Event.objects.for_page)
    search = Prepared(lambda word: Event.objects.filter(slug=word), str, planned_once=False)
    for name in ("first", "second", "third"):
        load(name)
        assert [event.slug for event in search(name)] == [name]
        assert list(Event.objects.filter(title=name)) == []

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = [row[0] for row in cursor.fetchall()]
    # One for all lengths of a list of keys up to the next power of two, whatever the keys are.
    assert sum('FROM "events_point"' in text for text in prepared) == 1
    assert len(prepared) == 10


def test_nothing_but_the_values_changes_from_one_use_to_the_next():
    for name in ("first", "second"):
        full_event(name)
    load = public_record(Event.objects.for_page)
    assert connection.features.supports_json_field  # Django asks the database for it once.

    with CaptureQueriesContext(connection) as once:
        load("first")
    with CaptureQueriesContext(connection) as again:
        found = load("second")

    assert len(once) == len(again) == 10
    assert found[0].slug == "second"
    assert load("third") == []


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_hidden_record_is_not_found_and_hidden_rows_are_not_loaded(hidden):
    make_topic(slug="hidden", **hidden)
    make_event(slug="event", topics=[make_topic(slug="shown"), Topic.objects.get(slug="hidden")])

    assert public_record(Topic.objects.for_page)("hidden") == []
    event = public_record(Event.objects.for_page)("event")[0]
    assert [topic.slug for topic in event.topics.all()] == ["shown"]


def test_the_moment_is_asked_for_at_every_use():
    make_topic(slug="soon", published_at=NOW)
    load = public_record(Topic.objects.for_page)

    for moment, number in [(-1, 0), (0, 1), (-1, 0), (5, 1)]:
        with time_machine.travel(NOW + timedelta(seconds=moment), tick=False):
            assert len(load("soon")) == number


def test_a_moment_that_would_be_frozen_is_refused():
    frozen = Prepared(lambda: Topic.objects.filter(published_at__lte=timezone.now()))

    with pytest.raises(NotPreparable):
        frozen()


def test_a_value_worked_out_from_another_is_refused():
    frozen = Prepared(lambda slug: Topic.objects.annotate(length=Value(f"{slug}!")), str)

    with pytest.raises(NotPreparable):
        frozen("word")


@pytest.mark.parametrize("relation", ["parent", "sources__documents"])
def test_a_relation_of_another_kind_is_refused(relation):
    make_member()
    prepared = Prepared(lambda: Organisation.objects.prefetch_related(relation))

    with pytest.raises(NotPreparable):
        prepared()


@pytest.mark.parametrize("number", [1, 2, 3, 5, 20])
def test_records_by_keys_come_in_the_order_asked_for_with_their_own_rows(number):
    for place in range(number):
        statement = make_statement()
        make_party(statement)
        make_point(statement, text=f"Point {place}")
    keys = list(Statement.objects.order_by("-pk").values_list("pk", flat=True))

    found = in_order(Statement.objects.for_cards, keys)

    assert [row.pk for row in found] == keys
    assert [row.points.all()[0].text for row in found] == [
        f"Point {place}" for place in reversed(range(number))
    ]
    assert all(row.parties.all()[0].statement_id == row.pk for row in found)


def test_lists_of_any_length_need_few_statements():
    events = [make_event() for _ in range(20)]
    level = by_keys(Event.objects.for_cards)

    for number in range(1, 21):
        level.records([], [event.pk for event in events[:number]])

    assert {number for _alias, number in level.queries} == {1, 2, 4, 8, 16, 32}


def test_the_members_of_a_day_have_the_rows_of_that_day():
    member = make_member(starts_on=date(2017, 1, 1), ends_on=date(2023, 12, 31), kind="state")
    make_member(starts_on=date(2024, 1, 1))
    make_name(member, form="former", text="Oldland", ends_on=date(2019, 12, 31))
    make_focal_point(member, office="An office", starts_on=date(2020, 1, 1))
    make_plan(owner=member, start_year=2018, end_year=2020, stage="adopted")
    asked = {"kind": "", "region": "", "sort": ""}

    def on(year: int, **narrowed):
        found = listing.members(date(year, 6, 1), asked | narrowed)
        return [
            (row.name_then, len(row.held), [o.office for o in row.offices], len(row.plans))
            for row in found
        ]

    assert on(2016) == []
    assert on(2019) == [("Oldland", 1, [], 1)]
    assert on(2020) == [(None, 1, ["An office"], 1)]
    assert on(2021, kind="state") == [(None, 1, ["An office"], 0)]
    assert on(2021, kind="ministry") == []
