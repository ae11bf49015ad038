"""Redis (or Valkey) as what workers and machines remember together; without it the site goes on.

Only short-lived things are here: counts of reports, and copies of sessions whose truth is in the
database. Nothing that Redis holds is ever executed: values are JSON, not pickles.
"""

import json
import logging
from contextlib import contextmanager

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)
WAIT = 0.5  # seconds; a request may need two or three answers
BELIEVED = 300  # seconds for which a copy of a session stands for the row


class Json:
    """How values are written; a number stays one that Redis can count up."""

    dumps = staticmethod(json.dumps)
    loads = staticmethod(json.loads)


@contextmanager
def going_on():
    """Note that Redis does not answer, and go on without it."""
    try:
        yield
    except RedisError as error:
        log.warning("Redis does not answer: %s", error)


class Client(RedisCacheClient):
    """Django's client that takes a Redis that is away for an empty one."""

    def __init__(self, servers, **options):
        patience = {"socket_timeout": WAIT, "socket_connect_timeout": WAIT}
        # Once more at once, for a connection cut while idle; redis-py would try for seconds.
        again = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))
        defaults = {"serializer": Json, "retry": again, **patience}
        super().__init__(servers, **defaults | options)

    def get(self, key, default):
        with going_on():
            return super().get(key, default)
        return default

    def set(self, key, value, timeout):
        with going_on():
            super().set(key, value, timeout)

    def add(self, key, value, timeout):
        with going_on():
            return super().add(key, value, timeout)
        return False

    def delete(self, key):
        with going_on():
            return super().delete(key)
        return False

    def has_key(self, key):
        with going_on():
            return super().has_key(key)
        return False

    def incr(self, key, delta):
        with going_on():
            return super().incr(key, delta)
        raise ValueError(f"Redis is away, so there is no {key}.")  # As for a key that is absent.


class SharedCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = Client


class SessionCache(SharedCache):
    """Copies of sessions, believed for minutes: a log-out that Redis missed ends by then."""

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        seconds = BELIEVED if timeout in {DEFAULT_TIMEOUT, None} else min(timeout, BELIEVED)
        super().set(key, value, seconds, version)
