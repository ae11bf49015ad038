"""The pool of PostgreSQL when its connections died, without a server; tests/services has one."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import Mock

import psycopg
import pytest
from django.db.backends.postgresql import base

from wpssite.base.postgresql.base import Database, DatabaseWrapper

CROWD = 8


@pytest.fixture
def pool(monkeypatch):
    pool = Mock()
    monkeypatch.setattr(base.DatabaseWrapper, "pool", pool)
    monkeypatch.setattr(base.DatabaseWrapper, "get_new_connection", lambda *words: "new")
    for name in ("_away_until", "_renewed_at", "_dialling"):
        monkeypatch.setattr(DatabaseWrapper, name, getattr(DatabaseWrapper, name).copy())
    return pool


@pytest.fixture
def server(monkeypatch):
    """A server that takes its time, and then answers or refuses; the value counts its callers."""

    def start(answers, takes=0.2):
        callers = []

        def connect(**_words):
            time.sleep(takes)
            callers.append(Mock())
            if not answers:
                raise psycopg.OperationalError("refused")
            return callers[-1]

        monkeypatch.setattr(Database, "connect", connect)
        return callers

    return start


def a_crowd(work) -> list:
    """Return what each of some threads got that did the same at once, each with its wrapper."""
    at_once = Barrier(CROWD)

    def one(_number):
        database = DatabaseWrapper({"OPTIONS": {}}, "default")
        at_once.wait()
        try:
            return work(database)
        except psycopg.OperationalError as error:
            return error

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


def renewed_by_a_crowd() -> list:
    """Return what each thread of a crowd got that found a dead connection at the same time."""
    return a_crowd(lambda database: database.renew(Mock(), {}))


def test_one_thread_dials_and_the_others_wait_for_it(pool, server):
    callers = server(answers=True)

    assert renewed_by_a_crowd() == ["new"] * CROWD
    assert (len(callers), pool.drain.call_count) == (1, 1)


def test_what_one_thread_hears_of_a_server_that_is_away_holds_for_all(pool, server):
    callers = server(answers=False)

    assert {type(answer) for answer in renewed_by_a_crowd()} == {psycopg.OperationalError}
    assert len(callers) == 1
    assert not pool.drain.called


@pytest.mark.parametrize(
    ("patience", "answers", "away"), [(5, True, 0), (5, False, CROWD), (0.01, True, CROWD - 1)]
)
def test_who_comes_while_another_asks_whether_it_is_back_waits_a_moment(
    pool, server, monkeypatch, patience, answers, away
):
    """A server that vanished answers nobody for seconds: only the one who asks waits for it."""
    callers = server(answers, takes=0.5)
    monkeypatch.setattr(DatabaseWrapper, "get_connection_params", lambda self: {})
    monkeypatch.setattr("wpssite.base.postgresql.base.PATIENCE", patience)
    DatabaseWrapper._away_until["default"] = time.monotonic() - 0.001

    assert a_crowd(DatabaseWrapper.is_away).count(True) == away
    assert len(callers) == 1
