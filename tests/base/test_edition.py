"""The edition: what counts it up, which moments part it, and what is kept for it."""

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import (
    Error,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from django.utils import timezone

from events.lists import Counts, event_listing, event_options
from events.models import Event
from network.models import Organisation
from tests.factories import (
    HIDDEN,
    make_event,
    make_event_at,
    make_member,
    make_organisation,
    make_statement,
    make_topic,
    make_user,
)
from wpssite.base import linked
from wpssite.base.edition import (
    Kept,
    Watch,
    after_commit,
    edition_now,
    kept,
    kept_values,
    moments,
)
from wpssite.base.linked import Cards, in_order
from wpssite.base.models import Change, Page, Report
from wpssite.base.publishing import Publishable, Status


def number() -> int:
    return Change.objects.total()[0]


@pytest.fixture
def counted(db):
    """Tell by how much a piece of work, a transaction of its own, counts the edition up."""

    def count(work):
        connection.run_on_commit = []  # As after a commit.
        before = number()
        work()
        return number() - before

    return count


def test_any_change_of_what_pages_show_counts_once(counted):
    event, topic = make_event(), make_topic()
    statement = make_statement(event=event)
    works = [
        lambda: make_organisation(),
        lambda: event.save(),
        lambda: (event.save(), statement.save(), make_member()),
        lambda: event.topics.add(topic),
        lambda: Event.objects.update(title="Another"),
        lambda: statement.delete(),
        lambda: Page.objects.create(slug="x", title="x", body="x"),
        lambda: Organisation.objects.bulk_create([]) or make_organisation(),
    ]
    assert [counted(work) for work in works] == [1] * len(works)


def test_what_no_page_shows_counts_nothing(counted):
    assert counted(lambda: make_user()) == 0
    assert counted(lambda: Report.objects.create(page="/", text="A misprint.")) == 0


def test_a_change_undone_with_its_savepoint_does_not_stand_for_the_next(counted):
    event = make_event()

    def work():
        with transaction.atomic():
            event.save()
            transaction.set_rollback(True)
        event.save()

    assert counted(work) == 1


@pytest.mark.django_db(transaction=True)
def test_changes_are_folded_and_their_number_stays():
    before = number()
    for _time in range(5):
        make_organisation()
    assert number() == before + 5
    assert Change.objects.count() == 1
    Change.objects.create()
    after_commit()
    assert (Change.objects.count(), number()) == (1, before + 6)


def test_each_kind_of_record_parts_editions_when_it_becomes_public(db):
    kinds = Publishable.__subclasses__()
    assert len(kinds) >= 9
    for kind in kinds:
        assert "published_at" in kind.changes_at
        for column in kind.changes_at:
            field = kind._meta.get_field(column)
            assert field.db_index, (kind, column)  # It is asked for the next moment all the time.


@pytest.mark.parametrize("minutes", [(-90, -30), (-10, 20), (30, 60)], ids=["past", "live", "next"])
def test_moments_are_begin_and_end_of_events_and_midnight(db, minutes):
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    public_at = now - timedelta(hours=5)
    begin, end = (now + timedelta(minutes=number) for number in minutes)
    make_event_at(begin, duration_minutes=(end - begin).seconds // 60, published_at=public_at)
    last, coming = moments(now, "default")
    midnight = datetime(2026, 11, 25, tzinfo=UTC)
    assert last == max(moment for moment in (public_at, begin, end) if moment <= now)
    assert coming == min(moment for moment in (begin, end, midnight) if moment > now)


def test_a_publication_to_come_is_a_moment(db):
    now = timezone.now()
    due = now + timedelta(microseconds=7)
    make_topic(status=Status.PUBLISHED, published_at=due)
    assert moments(now, "default")[1] == due
    assert moments(due, "default")[0] == due


def test_the_watch_sees_changes_and_moments(db, time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False)
    watch = Watch("default")
    seen = [watch.current()]
    assert watch.current() == seen[0]
    make_event_at(datetime(2026, 11, 24, 13, tzinfo=UTC), duration_minutes=30)
    watch.look_again()
    seen.append(watch.current())
    for hour, minute in [(13, 0), (13, 30), (24, 0)]:
        moment = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=hour, minutes=minute)
        for step in (-1, 1):
            time_machine.move_to(moment + timedelta(milliseconds=step), tick=False)
            watch.look_again()
            seen.append(watch.current())
            assert watch.current() == seen[-1]
    assert [first != second for first, second in zip(seen, seen[1:], strict=False)] == [
        True, False, True, False, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fault", [OperationalError, ProgrammingError, sqlite3.DatabaseError, FileNotFoundError]
)
def test_a_database_that_is_away_leaves_the_last_edition_current(db, monkeypatch, fault):
    watch = Watch("default")
    known = watch.current()

    def away():
        raise fault

    monkeypatch.setattr(watch, "read", away)
    watch.look_again()
    assert watch.current() == known
    fresh = Watch("default")
    monkeypatch.setattr(fresh, "read", away)
    with pytest.raises(fault if issubclass(fault, Error) else OperationalError):
        fresh.current()


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_only_asked_for_the_edition_keeps_no_connection(monkeypatch):
    closed = []
    kind = type(connections["default"])
    monkeypatch.setattr(kind, "close", lambda self: closed.append(self.connection))

    def ask():
        Watch("default").current()
        Watch("default").current()  # Now there is one, for `close` was only noted.

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    monkeypatch.undo()

    assert len(closed) == 1
    closed[0].close()


WAL = """
import fcntl, sys
with open(sys.argv[1], "r+b") as index:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)  # The first byte of SQLite's.
    except OSError:
        print("locked")
"""


def is_locked(database) -> bool:
    """Whether another process finds SQLite's lock that says that the index is in use."""
    command = [sys.executable, "-c", WAL, f"{database}-shm"]
    return subprocess.run(command, capture_output=True, check=True).stdout == b"locked\n"


def test_whoever_watches_a_file_leaves_its_locks_alone(tmp_path):
    paths = [tmp_path / "first", tmp_path / "second"]
    opened = [sqlite3.connect(path) for path in paths]
    for database in opened:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (n)")
    watch = Watch("default")
    vars(watch).update(is_remote=False, is_in_memory=False)
    signs = []

    for path, database in zip(paths, opened, strict=True):
        watch.path, watch.opened_in = str(path), None
        signs.append(watch.sign_of_change())
        assert is_locked(path)
        database.execute("INSERT INTO t VALUES (1)")
        database.commit()
        signs.append(watch.sign_of_change())
    assert all(map(is_locked, paths))
    assert len(set(signs)) == 4


@pytest.mark.django_db(transaction=True)
def test_a_value_is_kept_until_a_change():
    made = []

    def make():
        made.append(Event.objects.count())
        return made[-1]

    assert [kept("events", make), kept("events", make)] == [0, 0]
    make_event()
    assert [kept("events", make), kept("events", make), kept(("events", "fr"), make)] == [1, 1, 1]
    assert len(made) == 3
    with transaction.atomic():
        assert kept("events", lambda: "mine") == "mine"
    assert kept("events", make) == 1
    kept_values["default"].get(None, None, str)  # Nothing of this test stays for the next.


@pytest.mark.django_db(transaction=True)
def test_what_follows_something_of_an_edition_before_is_not_kept():
    before = edition_now()
    make_event()

    assert kept("events", lambda: "old", before) == "old"
    assert kept("events", lambda: "new", edition_now()) == "new"
    assert kept("events", lambda: "newer", edition_now()) == "new"
    kept_values["default"].get(None, None, str)


@pytest.mark.django_db(transaction=True)
def test_what_follows_from_counts_of_an_edition_before_is_not_kept():
    asked = {"year": None, "kind": "", "host": "", "topic": "", "network": ""}
    make_event(starts_on=date(2021, 5, 1))
    before = Counts(Event)
    make_event(starts_on=date(2023, 5, 1))

    for counts, years in [(before, ["2021"]), (Counts(Event), ["2023", "2021"])]:
        assert event_listing(asked, counts).count == len(years)
        assert [value for value, _label in event_options(counts)["year"]] == years
    kept_values["default"].get(None, None, str)  # Nothing of this test stays for the next.


@pytest.mark.django_db(transaction=True)
def test_records_of_lists_stay_at_hand_until_a_change(monkeypatch):
    monkeypatch.setattr(linked, "AT_HAND", 2)
    cards = Cards(lambda: Event.objects.published().for_cards())
    first, second, hidden = make_event(), make_event(), make_event(**HIDDEN[0])
    keys = [first.pk, second.pk, hidden.pk]

    found = in_order(cards, keys)
    assert found == [first, second]
    again = in_order(cards, [second.pk, first.pk])
    assert again[0] is found[1]
    assert again[1] is found[0]

    Event.objects.filter(pk=first.pk).update(title="Renamed")
    assert [event.title for event in in_order(cards, keys)] == ["Renamed", second.title]

    third = make_event()
    in_order(cards, [first.pk, second.pk, third.pk])
    assert len(kept(cards, dict)) == 2
    with transaction.atomic():
        assert in_order(cards, keys)[0] is not in_order(cards, keys)[0]
    kept_values["default"].get(None, None, str)


def test_two_threads_that_put_something_at_hand_leave_no_more_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(linked, "AT_HAND", 2)

    class Shared(dict):
        disturbed = 0

        def __iter__(self):
            if self.disturbed < 2:
                self.disturbed += 1
                raise RuntimeError("dictionary changed size during iteration")
            return super().__iter__()

    shelf = Shared({1: "a", 2: "b", 3: "c"})
    linked.put(shelf, 4, "d")

    assert list(shelf) == [3, 4]


def test_the_values_least_lately_used_go_first():
    values = Kept(most=2)
    for name in "abac":
        values.get(1, name, lambda name=name: name)
    assert set(values.values) == {"a", "c"}


def test_a_value_made_while_the_edition_ended_is_not_kept():
    values = Kept(most=2)

    def make():
        values.get(2, "other", str)
        return "old"

    assert values.get(1, "name", make) == "old"
    assert values.get(2, "name", lambda: "new") == "new"
