"""The data that `make bench` measures: as much as asked for, always the same, shown by pages."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import transaction

from bench import data, pages
from bench.invented import STATEMENTS
from bench.world import FEWEST_PEOPLE, MEMBERS
from events.models import Appearance, Event, Statement
from network.models import Membership, Person
from tests.factories import errors_of
from wpssite.base import tally
from wpssite.base.models import SearchDocument, SearchFacet, StaleRecord, Tally
from wpssite.indexing import KIND_OF, write

EVENTS = 8
UNTIL = date(2026, 12, 31)
COMPARED = [Event, Statement, Appearance, Person]
NOT_THE_SAME = {"id", "created_at", "updated_at", "published_at"}  # They tell when it was made.


def content_of(model) -> list[tuple]:
    """Return what the rows of a model say, in the order in which they were made."""
    names = [field.attname for field in model._meta.concrete_fields if not field.is_relation]
    names = [name for name in names if name not in NOT_THE_SAME]
    return list(model.objects.order_by("pk").values_list(*names))


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Data made twice, each time in an empty database; thrown away at the end.

    `first` holds what the rows of the first time said, `said` what was told of the second time.
    """
    found = SimpleNamespace(first={}, said=[])
    with django_db_blocker.unblock():
        with transaction.atomic():
            data.make(EVENTS, until=UNTIL)
            found.first = {model: content_of(model) for model in COMPARED}
            transaction.set_rollback(True)
        with transaction.atomic():
            data.make(EVENTS, found.said.append, UNTIL)
            yield found
            transaction.set_rollback(True)


@pytest.fixture
def db(made, django_db_blocker):
    """The data, for one test to look at or spoil; stands in for the `db` of pytest-django."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_of_search() -> tuple:
    names = [field.name for field in SearchDocument._meta.fields if field.name != "id"]
    facets = ["document__kind", "document__record_id", "name", "value", "label"]
    return (
        sorted(SearchDocument.objects.values_list(*names), key=lambda row: tuple(map(str, row))),
        sorted(SearchFacet.objects.values_list(*facets)),
    )


def test_there_is_as_much_as_was_asked_for(db):
    assert Event.objects.published().count() == EVENTS
    assert Statement.objects.published().count() == EVENTS * STATEMENTS
    assert Appearance.objects.count() == EVENTS * STATEMENTS
    assert Membership.objects.of().full().count() >= MEMBERS - 2  # Of two, nothing is certain.


def test_progress_is_told(db, made):
    assert f"{EVENTS:,} of {EVENTS:,} events" in made.said[-1]


def test_what_is_invented_says_so(db):
    for model in (Event, Statement):
        assert not model.objects.exclude(title__startswith="Invented ").exists()
    assert Person.objects.filter(name__endswith=" (invented)").count() == FEWEST_PEOPLE


def test_records_keep_the_rules_of_their_models(db):
    assert errors_of(Event.objects.last()) == {}
    assert errors_of(Statement.objects.last()) == {}
    assert errors_of(Person.objects.last()) == {}


def test_search_knows_what_it_would_have_found_out_itself(db):
    before = rows_of_search()

    for model in (Event, Statement):
        write(KIND_OF[model], list(model.objects.values_list("pk", flat=True)))

    assert rows_of_search() == before
    assert len(before[0]) > EVENTS * STATEMENTS


def test_counts_and_statistics_of_a_kept_database_are_made_anew(db):
    Tally.objects.all().delete()

    data.derive()

    assert sum(tally.published(Event).values()) == EVENTS
    assert sum(tally.published(Statement).values()) == EVENTS * STATEMENTS


def test_no_change_waits_to_be_looked_at(db):
    assert not StaleRecord.objects.due().exists()


@pytest.mark.parametrize("name", ["home", "list", "event", "statement", "member", "search"])
def test_pages_show_it(db, client, name):
    assert client.get(pages.addresses()[name]).status_code == 200


def test_measured_pages_are_weighed_and_their_queries_counted(db, client):
    found = pages.described(client, pages.addresses()["event"])

    assert found["bytes"] > 10_000
    assert found["queries"] > 0


def test_the_same_size_makes_the_same_rows(db, made):
    assert all(rows for rows in made.first.values())
    for model, rows in made.first.items():
        assert content_of(model) == rows
