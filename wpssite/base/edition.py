"""The edition: all public pages together are one numbered edition, and every cache is keyed by it.

A change to what the public can see counts the number up in its own transaction. Moments at which
pages change by themselves (a scheduled publication, the beginning or end of an event, midnight UTC,
when "today" becomes another day) part editions too, and need no write. So what is kept for an
edition is never stale and never has to be purged (docs/adr/0015).
"""

import logging
import mmap
import os
import sqlite3
import stat
import threading
from datetime import datetime, time, timedelta
from functools import cached_property
from time import monotonic
from time import time as clock
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import Error, OperationalError, connection, connections, models, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from . import replica

log = logging.getLogger(__name__)
POLL = 0.2  # seconds for which a server of PostgreSQL is not asked again
INDEX_HEAD = 48  # bytes: https://sqlite.org/walformat.html, "The WAL-Index Header"
# Whoever closes a descriptor of a file gives up all locks of this process on it, SQLite's too, and
# others would make the index anew while it is in use (sqlite.org/howtocorrupt.html, 2.2).
never_closed = []


class Edition(NamedTuple):
    """What tells one edition from another: compare whole, never by the number alone."""

    number: int
    changed_at: datetime | None  # of the last change; tells apart two histories after a restore
    moment: datetime  # the last one at which pages changed by themselves


class ChangeQuerySet(models.QuerySet):
    def count_one(self):
        """Count the edition up, once in each transaction, seen by others when it commits."""
        if all(entry[1] is not after_commit for entry in connection.run_on_commit):
            self.create()
            transaction.on_commit(after_commit, robust=True)

    def total(self) -> tuple[int, datetime | None]:
        """Return the number of the edition and when it last changed, in one query."""
        found = self.aggregate(number=Sum("count"), changed_at=Max("at"))
        return found["number"] or 0, found["changed_at"]

    @transaction.atomic
    def fold(self):
        """Make one row of many, of the same total."""
        rows = list(self.select_for_update().values_list("pk", "count", "at"))
        if len(rows) > 1:
            keys, counts, moments = zip(*rows, strict=True)
            self.filter(pk__in=keys).delete()
            self.bulk_create([Change(count=sum(counts), at=max(moments))])


class Change(models.Model):
    """A committed change of public data; the sum over all rows is the number of the edition.

    A row for each transaction, where one row for all would let every writer wait for the others.
    """

    count = models.PositiveBigIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # Derived: nobody edits it.

    def __str__(self):
        return f"{self.count} at {self.at}"


def after_commit():
    """Keep the table of changes small, and let this process see its own change at once."""
    look_again()
    Change.objects.fold()


def moments(now: datetime, using: str) -> tuple[datetime, datetime]:
    """Return the last moment up to `now` at which pages changed by themselves, and the next one.

    Every model names such moments: its columns listed in `changes_at`, each with an index. Midnight
    UTC is always one.
    """
    midnight = datetime.combine(now.date(), time(0), now.tzinfo)
    last, coming = [midnight], [midnight + timedelta(days=1)]
    for model in apps.get_models():
        for column in getattr(model, "changes_at", ()):
            rows = model._base_manager.using(using).values_list(column, flat=True)
            last += rows.filter(**{f"{column}__lte": now}).order_by(f"-{column}")[:1]
            coming += rows.filter(**{f"{column}__gt": now}).order_by(column)[:1]
    return max(last), min(coming)


class Watch:
    """Knows the current edition of a database, and asks only when it may have changed."""

    def __init__(self, alias: str):
        self.alias = alias
        self.lock = threading.Lock()
        self.edition, self.until, self.sign = None, 0.0, None
        self.known = None  # These three together, for threads that read them without the lock.
        self.probe, self.file, self.shared, self.opened_in = None, None, None, None

    def current(self, wait=True) -> Edition | None:
        """Return the current edition, for a few microseconds where nothing has changed.

        While the database is away, the last edition known stays current. Raises `django.db.Error`
        when none is. Without `wait` it may be None, while another thread asks for the first time.
        """
        known = self.known
        if known and known[2] == self.sign_at_hand() and clock() <= known[1]:
            return known[0]
        # Where asking takes a journey, one thread travels and the others go on with what is known.
        if not self.lock.acquire(blocking=wait and (self.edition is None or not self.is_remote)):
            return self.edition
        try:
            self.look()
        except (Error, sqlite3.Error, OSError) as error:
            if self.edition is None:
                if isinstance(error, Error):
                    raise  # It says by itself whether it is an outage.
                raise OperationalError(str(error)) from error
            log.warning("The database does not answer; the last edition known stays.")
        finally:
            self.lock.release()
        return self.edition

    def look_again(self):
        """Ask the database at the next request, whatever the signs say."""
        self.sign = self.known = None

    def look(self):
        """Read the edition if there is a sign that it may have changed."""
        sign = self.sign_of_change()
        known = self.edition is not None and sign is not None and sign == self.sign
        if not known or clock() > self.until:
            if self.is_remote:
                self.sign = sign  # First: one that is away is not asked again by every request.
            self.read()
            self.sign = sign
        self.known = sign and (self.edition, self.until, sign)

    def sign_at_hand(self):
        """Return the sign of change if it can be told without asking the system; else None."""
        if self.is_remote:
            return monotonic() // POLL
        shared = self.shared
        return shared[:INDEX_HEAD] if shared and self.opened_in == monotonic() // 1 else None

    def sign_of_change(self):
        """Return something that differs when the database may have changed; None if unknown.

        SQLite tells of each commit in the head of the index that its processes share, which is
        read here as memory: asking by a statement would hand the processor to another thread. A
        server is asked again after a while.
        """
        if self.is_remote:
            return monotonic() // POLL
        if self.is_in_memory:
            return None
        second = monotonic() // 1
        if self.shared is None or second != self.opened_in:
            self.open_shared()
            self.opened_in = second
        return self.shared[:INDEX_HEAD] if self.shared else None

    def open_shared(self):
        """Map the index of the write-ahead log, anew if the file of the database was replaced."""
        file = os.stat(self.path)[stat.ST_INO : stat.ST_DEV + 1]
        if self.shared and file == self.file:
            return
        self.probe = sqlite3.connect(self.path, check_same_thread=False)
        self.probe.execute("SELECT 1 FROM sqlite_master").close()  # Keeps the index in its place.
        self.file, self.shared = file, None
        index = f"{self.path}-shm"
        if os.path.exists(index) and os.path.getsize(index) >= INDEX_HEAD:
            opened = os.open(index, os.O_RDONLY)
            self.shared = mmap.mmap(opened, INDEX_HEAD, access=mmap.ACCESS_READ)
            never_closed.append((opened, self.shared))

    def read(self):
        opened_here = connections[self.alias].connection is None
        try:
            number, changed_at = Change.objects.using(self.alias).total()
            now = timezone.now()
            known = self.edition and (number, changed_at) == self.edition[:2]
            if not known or now.timestamp() > self.until:
                moment, until = moments(now, self.alias)
                self.edition, self.until = Edition(number, changed_at, moment), until.timestamp()
        finally:
            if opened_here:  # This thread may not need it: another makes the page.
                connections[self.alias].close()

    @cached_property
    def is_remote(self) -> bool:
        return connections[self.alias].vendor != "sqlite"

    @cached_property
    def is_in_memory(self) -> bool:
        return not self.is_remote and connections[self.alias].is_in_memory_db()

    @cached_property
    def path(self) -> str:
        return str(connections[self.alias].settings_dict["NAME"])


watches = {alias: Watch(alias) for alias in settings.DATABASES}


def edition_for(environ) -> Edition:
    """Return the edition of the database that a reader's request is to read, and tell it which."""
    alias = environ[replica.CHOSEN] = replica.edition_database()
    return watches[alias].current()


def look_again():
    """Let this process ask for the edition anew, rather than trust what it knew a moment ago."""
    for watch in watches.values():
        watch.look_again()


def edition_now() -> Edition | None:
    """Return the edition that is read now; None where it is not known, or in a transaction."""
    if connection.in_atomic_block:
        return None
    # Whoever waits here may hold the connection that the one who asks is waiting for.
    return watches[replica.reading()].current(wait=False)
