"""Many rows at once: stored without a save of their own, and grouped as a page would load them."""

import gc
from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connection, connections
from django.db.models import Max

from wpssite.base.models import SearchFacet
from wpssite.indexing import documents_of


@contextmanager
def in_bulk():
    """Wait for no disk, for a lost file is made anew; and rarely look for garbage."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -400000")
    yield
    connection.close()


def tidy():
    """Leave the database as one that has run for a while."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")
    connection.close()


def store(rows) -> list:
    """Store rows of one model with keys of our own, past all signals: three times as fast."""
    rows = list(rows)
    if not rows:
        return rows
    model = type(rows[0])
    fields, quote = model._meta.concrete_fields, connection.ops.quote_name
    start = (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
    for key, row in enumerate(rows, start):
        row.pk = key
        row._state.adding = False
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"
    database = connections[connection.alias]  # The proxy itself is slow to ask.
    values = [
        [field.get_db_prep_save(field.pre_save(row, True), database) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
    return rows


def go_on_counting(models):
    """Let the database give the next keys itself, after those that `store` gave."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def link(records: list, name: str, choose) -> dict[int, list]:
    """Link each record to what `choose()` returns, by a many-to-many field; return it by record."""
    field = type(records[0])._meta.get_field(name)
    through = field.remote_field.through
    found = {record.pk: choose() for record in records}
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    store(through(**{own: key, other: row.pk}) for key, rows in found.items() for row in rows)
    return found


def find_by(kind, records):
    """Store what search knows of new public records: `wpssite.indexing.add`, faster."""
    documents, found = documents_of(kind, records)
    store(documents)
    store(
        SearchFacet(document=document, name=name, value=value, label=label)
        for document, (_record, findable) in zip(documents, found, strict=True)
        for name, value, label in findable.facets()
    )


def by_owner(name: str, rows: list) -> dict[int, list]:
    """Group rows by the record that they hang on."""
    found = {}
    for row in rows:
        found.setdefault(getattr(row, f"{name}_id"), []).append(row)
    return found


def loaded(records: list, **relations):
    """Tell records their rows, as `prefetch_related` would: search reads them and asks nothing."""
    for record in records:
        kept = record.__dict__.setdefault("_prefetched_objects_cache", {})
        kept |= {name: rows.get(record.pk, []) for name, rows in relations.items()}
