"""Connections from the pool: checked before use, renewed after a restart, refused while away.

The pool's own check drops one dead connection a second, and waits its whole time for a server that
is away. Here the first dead connection empties the pool, and a server that does not answer is left
alone for a moment, in which everyone who asks is told so at once.
"""

from contextlib import contextmanager
from time import monotonic

from django.db.backends.postgresql import base
from psycopg.types.numeric import Int8
from psycopg_pool import PoolTimeout

Database = base.Database
PAUSE = 2  # seconds until a server that did not answer is tried again


class DatabaseWrapper(base.DatabaseWrapper):
    _away_until = {}  # by alias, for all threads of this process

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
            raise Database.OperationalError("The database did not answer a moment ago.")
        try:
            connection = super().get_new_connection(conn_params)
        except PoolTimeout:
            self.dial(conn_params)  # Says why, if the server is away and not the pool too small.
            raise
        return connection if answers(connection) else self.renew(connection, conn_params)

    def renew(self, dead, conn_params):
        """Give up the dead connection and all that wait in the pool; return a new one."""
        dead._pool.putconn(dead)
        self.dial(conn_params)
        self.pool.drain()
        return super().get_new_connection(conn_params)

    def dial(self, conn_params):
        """Connect past the pool, which would wait; note whether the server is away."""
        self._away_until[self.alias] = monotonic() + PAUSE  # Meanwhile nobody else tries.
        Database.connect(**conn_params).close()
        self._away_until.pop(self.alias, None)

    def is_away(self) -> bool:
        """Whether the server did not answer last time; asks it again after a pause."""
        until = self._away_until.get(self.alias)
        if until is None or monotonic() < until:
            return until is not None
        try:
            self.dial(self.get_connection_params())
        except Database.OperationalError:
            return True
        return False


def answers(connection) -> bool:
    """Whether a connection of the pool still has its server."""
    try:
        connection._pool.check_connection(connection)
    except Database.Error:
        return False
    return True
