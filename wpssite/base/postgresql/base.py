"""Connections from the pool: checked before use, renewed after a restart, refused while away.

The pool's own check drops one dead connection a second, and waits its whole time for a server that
is away. Here the first dead connection empties the pool, and a server that does not answer is left
alone for a moment, in which everyone who asks is told so at once.
"""

from collections import defaultdict
from contextlib import contextmanager
from threading import RLock
from time import monotonic

from django.db.backends.postgresql import base
from psycopg.types.numeric import Int8
from psycopg_pool import PoolTimeout

Database = base.Database
PAUSE = 2  # seconds until a server that did not answer is tried again
PATIENCE = 0.25  # seconds to wait for another thread that tries; a server that is back takes less
AWAY = "The database did not answer a moment ago."


class DatabaseWrapper(base.DatabaseWrapper):
    # By alias, for all threads of this process.
    _away_until = defaultdict(float)
    _renewed_at = defaultdict(float)
    _dialling = defaultdict(RLock)

    @contextmanager
    def preparing(self):
        """Let the server keep the plan of each statement that is asked meanwhile, in a cursor."""
        with self.cursor() as cursor:
            self.connection.prepare_threshold = 1
            try:
                yield cursor
            finally:
                if self.connection is not None:
                    self.connection.prepare_threshold = None

    def forget_plans(self):
        """Let the server, and psycopg, forget the plans that were kept for this connection."""
        with self.preparing() as cursor:  # Else psycopg does not look.
            cursor.execute("DEALLOCATE ALL")

    def as_keys(self, keys: list[int]) -> list[Int8]:
        """Return keys as one type: else each mix of small and large ones has a plan of its own."""
        return list(map(Int8, keys))

    def get_new_connection(self, conn_params):
        if not self.pool:
            return super().get_new_connection(conn_params)
        if self.is_away():
            raise Database.OperationalError(AWAY)
        try:
            connection = super().get_new_connection(conn_params)
        except PoolTimeout:
            self.dial(conn_params)  # Says why, if the server is away and not the pool too small.
            raise
        return connection if answers(connection) else self.renew(connection, conn_params)

    def renew(self, dead, conn_params):
        """Give up the dead connection and all that wait in the pool; return a new one.

        One thread dials and empties the pool; others who found a dead connection wait for it.
        """
        found = monotonic()
        dead._pool.putconn(dead)
        with self._dialling[self.alias]:
            if self._renewed_at[self.alias] < found:
                self.dial(conn_params)
                self.pool.drain()
                self._renewed_at[self.alias] = monotonic()
        return super().get_new_connection(conn_params)

    def dial(self, conn_params):
        """Connect past the pool, which would wait; note whether the server is away."""
        with self._dialling[self.alias]:
            if self.is_paused():
                raise Database.OperationalError(AWAY)
            try:
                Database.connect(**conn_params).close()
            except Database.OperationalError:
                self._away_until[self.alias] = monotonic() + PAUSE
                raise
            self._away_until.pop(self.alias, None)

    def is_paused(self) -> bool:
        return monotonic() < self._away_until[self.alias]

    def is_away(self) -> bool:
        """Whether the server did not answer last time; asks it again after a pause."""
        if not self._away_until[self.alias]:
            return False
        dialling = self._dialling[self.alias]
        if self.is_paused() or not dialling.acquire(timeout=PATIENCE):
            return True
        try:
            if self._away_until[self.alias]:  # Nobody else has heard of it meanwhile.
                self.dial(self.get_connection_params())
        except Database.OperationalError:
            return True
        finally:
            dialling.release()
        return False


def answers(connection) -> bool:
    """Whether a connection of the pool still has its server."""
    try:
        connection._pool.check_connection(connection)
    except Database.Error:
        return False
    return True
