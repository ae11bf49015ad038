"""The edition: what counts it up, and which moments part it."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta

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

from events.models import Event
from network.models import Organisation
from tests.factories import (
    make_event,
    make_event_at,
    make_member,
    make_organisation,
    make_statement,
    make_topic,
    make_user,
)
from wpssite.base.edition import Watch, after_commit, moments
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
@pytest.mark.parametrize("answers", [True, False])
def test_a_thread_that_only_asked_for_the_edition_keeps_no_connection(monkeypatch, answers):
    closed = []
    kind = type(connections["default"])
    monkeypatch.setattr(kind, "close", lambda self: closed.append(self.connection))

    def refuse(execute, *words):
        execute(*words)
        raise OperationalError

    def ask():
        fault = nullcontext() if answers else connection.execute_wrapper(refuse)
        with suppress(OperationalError), fault:
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
