"""A statement as the database takes it, where its values belong, and how its rows become records.

`prepared.py` compiles each once. It stands on what Django does not promise to keep (ADR 0014).
"""

from datetime import date, datetime

from django.db import connections
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable


class NotPreparable(Exception):
    """A QuerySet holds a value that would be frozen, or a relation of a kind not known here."""


class Query:
    """A compiled statement, where its values belong, and how its rows become records."""

    def __init__(self, alias: str, first, second):
        """Compile two QuerySets, each given with its sample values."""
        self.alias, connection = alias, connections[alias]
        compilers = [rows.query.get_compiler(using=alias) for rows, _values in (first, second)]
        (sql, parameters), (_sql, others) = (compiler.as_sql() for compiler in compilers)
        pairs = [
            tuple(adapted(value, connection) for value in pair)
            for pair in zip(first[1], second[1], strict=True)
        ]
        names = [f"p{place}" for place in range(len(parameters))]
        # By name: Django turns positions into those of SQLite by a search, each time.
        self.sql = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        self.parameters, self.places = dict(zip(names, parameters, strict=True)), []
        for name, pair in zip(names, zip(parameters, others, strict=True), strict=True):
            if pair in pairs:
                self.places.append((name, pairs.index(pair)))
            elif pair[0] != pair[1]:
                raise NotPreparable(f"{pair} would be frozen in {sql}")
        self.gives = first[0]._iterable_class  # records, tuples of values or single ones
        self.read_columns(compilers[0])

    def read_columns(self, compiler):
        """Keep what Django's iterables work out for each run."""
        if self.gives is ModelIterable:
            self.record = Record(compiler.klass_info, compiler.select, self.alias)
        self.annotations = list(compiler.annotation_col_map.items())
        found = compiler.get_converters([column[0] for column in compiler.select])
        connection, self.moments, self.converters = compiler.connection, [], []
        for place, (converters, expression) in found.items():
            if connection.vendor == "sqlite" and converters == [moment_of(connection)]:
                self.moments.append(place)
            else:
                self.converters.append((place, converters, expression))

    def records(self, cursor, given: list) -> list:
        parameters = self.parameters.copy()
        for name, which in self.places:
            parameters[name] = given[which]
        cursor.execute(self.sql, parameters)
        return [self.made(list(row), cursor.db) for row in cursor.fetchall()]

    def made(self, row: list, connection):
        """Return what the QuerySet gives for a row: a record, a tuple of values, or one value."""
        for place in self.moments:
            if row[place] is not None:
                row[place] = datetime.fromisoformat(row[place] + "+00:00")
        for place, converters, expression in self.converters:
            if row[place] is not None:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
        if self.gives is not ModelIterable:
            return row[0] if self.gives is FlatValuesListIterable else tuple(row)
        record = self.record.made(row)
        for name, place in self.annotations:
            record.__dict__[name] = row[place]
        return record


class Record:
    """How part of a row becomes a record, with those it refers to.

    As `Model.from_db()` does it, without what none of our models does: change a value that is set,
    listen for new instances.
    """

    def __init__(self, info: dict, select, alias: str):
        self.model, self.alias, places = info["model"], alias, info["select_fields"]
        self.slice = slice(places[0], places[-1] + 1)
        self.names = [column[0].target.attname for column in select[self.slice]]
        self.key = places[self.names.index(self.model._meta.pk.attname)]
        self.related = []
        for below in info.get("related_klass_infos", []):
            if below["reverse"]:
                raise NotPreparable(f"{below['field']}: prefetch_related() does it")
            related = Record(below, select, alias)
            self.related.append((below["field"].cache_name, related.key, related.made))

    def made(self, row: list):
        record = self.model.__new__(self.model)
        values = record.__dict__
        values.update(zip(self.names, row[self.slice], strict=True))
        values["_state"] = state = ModelState()
        state.__dict__ = {"adding": False, "db": self.alias, "fields_cache": (linked := {})}
        for name, key, made in self.related:
            linked[name] = None if row[key] is None else made(row)
        return record


def moment_of(connection):
    """Return Django's converter of moments, which SQLite has as text in UTC."""
    return connection.ops.convert_datetimefield_value


def cursor_of(connection, planned_once: bool):
    """Return a cursor, one whose statements the database plans once if that is wanted."""
    if planned_once and connection.vendor == "postgresql":
        return connection.preparing()
    return connection.cursor()


def adapted(value, connection):
    """Return a value as the database takes it for a parameter."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, int) and connection.vendor == "postgresql":
        return connection.as_keys([value])[0]
    return value
