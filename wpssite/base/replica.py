"""Which database a request reads: a reader's the replica, everybody else's the primary (ADR 0013).

Used only where REPLICA_URL names a replica. Management commands read the primary.
"""

from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from .middleware import has_session

REPLICA = "replica"
CHOSEN = "wpssite.database"  # in the WSGI environ: what `edition_database` said for this request

_reads = ContextVar("reads", default=DEFAULT_DB_ALIAS)


def edition_database() -> str:
    """Return the alias of the database that pages for readers are made from now."""
    if REPLICA not in settings.DATABASES or connections[REPLICA].is_away():
        return DEFAULT_DB_ALIAS
    return REPLICA


def reading() -> str:
    """Return the alias of the database that is read here and now.

    Inside a transaction that is the primary, and for a request that met a dead replica too.
    """
    alias = _reads.get()
    if alias == DEFAULT_DB_ALIAS or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return DEFAULT_DB_ALIAS
    if connections[alias].connection is None and not can_connect(alias):
        _reads.set(DEFAULT_DB_ALIAS)
    return _reads.get()


def can_connect(alias: str) -> bool:
    try:
        connections[alias].ensure_connection()
    except (OperationalError, InterfaceError):
        return False
    return True


class Router:
    """Reads go where the request may read; whoever writes reads the primary from then on."""

    def db_for_read(self, model, **hints):
        return reading()

    def db_for_write(self, model, **hints):
        _reads.set(DEFAULT_DB_ALIAS)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True  # Both databases hold the same rows.

    def allow_migrate(self, db, app_label, **hints):
        return db == DEFAULT_DB_ALIAS


def reads_for_readers(get_response):
    """Let a request read the replica if it only asks, and comes without an account's cookie."""

    def middleware(request):
        reader = request.method in {"GET", "HEAD"} and not has_session(request)
        chosen = request.META.get(CHOSEN) or edition_database()
        token = _reads.set(chosen if reader else DEFAULT_DB_ALIAS)
        try:
            return get_response(request)
        finally:
            _reads.reset(token)

    return middleware
