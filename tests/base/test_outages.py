"""A database that is away is told apart from a fault of ours, and said in words."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from psycopg import errors
from psycopg_pool import PoolTimeout

from wpssite.outages import is_outage


def wrapped(cause, kind=OperationalError):
    """Return the error as Django raises it."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


def refusal(connection, statement):
    with closing(connection), pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute(statement)
    return caught.value


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (wrapped(PoolTimeout("no connection after 5 sec")), True),
        (wrapped(psycopg.OperationalError("connection refused")), True),
        (wrapped(psycopg.InterfaceError("the connection is closed"), InterfaceError), True),
        (wrapped(errors.AdminShutdown("terminating connection")), True),
        (wrapped(errors.CannotConnectNow("starting up")), True),
        (wrapped(errors.TooManyConnections("too many clients")), True),
        (wrapped(errors.DiskFull("no space")), True),
        (wrapped(errors.DeadlockDetected("deadlock")), False),
        (wrapped(errors.QueryCanceled("statement timeout")), False),
        (wrapped(errors.UndefinedTable("no such table"), ProgrammingError), False),
        (ValueError("ours"), False),
        (None, False),
    ],
)
def test_an_outage_is_told_from_a_wrong_query(error, outage):
    assert is_outage(error) is outage


def test_a_wrong_query_to_sqlite_is_no_outage_and_a_locked_file_is_one(tmp_path):
    path = tmp_path / "x.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        locked = refusal(sqlite3.connect(path, timeout=0), "CREATE TABLE x (y)")
    wrong = refusal(sqlite3.connect(path), "SELECT * FROM nowhere")

    assert is_outage(wrapped(locked))
    assert not is_outage(wrapped(wrong))
