"""What SQLite knows of the sizes of its tables, by which it plans queries. PostgreSQL sees to it.

Without it SQLite takes every index for a sharp one, and would find ten statements by their status.
The whole of each index is read: a sample would call “published” rare.
"""

from django.db import connection


def analyse(**signal):
    """Look at all tables: after `migrate`, and after a load of many records."""
    run("ANALYZE")


def keep_up():
    """Look again at those tables that have grown much since; costs nothing where none has."""
    run("PRAGMA optimize")


def run(statement: str):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(statement)
