"""Queries that are built and compiled once in a process; afterwards only their values change.

Django takes ten times as long to turn a QuerySet into SQL as a database takes to answer it, and a
page asks the same questions each time. The QuerySet is compiled twice, with two sets of sample
values: where the two differ, a value belongs. Whatever else differs is refused, so no moment is
frozen into a query. Words of the page's language have no place in such a query.
"""

from collections import defaultdict
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache

from django.db import connections, router
from django.db.models.query import Prefetch, get_related_populators
from django.utils import timezone

compiling = ContextVar("compiling", default=None)  # 0 or 1: which set of samples
MOMENTS = [datetime(1789 + number, 7, 14, 12, 34, 56, 789, tzinfo=UTC) for number in (0, 1)]
SAMPLES = {
    str: lambda number, place: f"sample-{number}-{place}",
    int: lambda number, place: 30_001 + 100 * number + place,  # Any column for numbers holds it.
    date: lambda number, place: date(1700 + number, 1, 1 + place),
}


class NotPreparable(Exception):
    """A QuerySet holds a value that would be frozen, or a relation of a kind not known here."""


def now() -> datetime:
    """Return the present moment; in a query that is being compiled, its place."""
    number = compiling.get()
    return timezone.now() if number is None else MOMENTS[number]


class Prepared:
    """The records of a QuerySet, with all that it prefetches; compiled when first asked for.

    make: a function of some values that returns the QuerySet; types: those of the values (`str`,
    `int`, `date`). What is prefetched comes as lists: `.all()` works, nothing else does.
    """

    def __init__(self, make, *types):
        self.level = Level(lambda values, _keys: make(*values), types)

    def __call__(self, *values) -> list:
        return self.level.records(values, [])


@cache
def by_keys(word) -> "Level":
    """Return the query for the records with some keys; word: that of a manager, or a function."""
    return Level(lambda _values, keys: word().filter(pk__in=keys).order_by(), ())


class Level:
    """The records of one model, and the levels of rows that hang on them.

    make: a function of the values and of the keys of the records above.
    """

    def __init__(self, make, types):
        self.make, self.types = make, types
        self.queries, self.below = {}, None

    def records(self, values, keys: list) -> list:
        # A power of two of keys, the last one repeated: a few statements serve lists of any length.
        number = 1 << (len(keys) - 1).bit_length() if keys else 0
        query = self.query(number)
        padded = keys + keys[-1:] * (number - len(keys))
        records = query.records([*values, *padded, now()])
        for relation in self.below if records else ():
            relation.load(records, values)
        return records

    def query(self, number: int):
        """Return the statement for a number of keys, on the database that is read from."""
        if self.below is None:
            rows = self.made(0, 1)[0]
            self.model = rows.model
            self.below = [
                Relation(self, place) for place, _ in enumerate(rows._prefetch_related_lookups)
            ]
        alias = router.db_for_read(self.model)
        if (alias, number) not in self.queries:
            both = [self.made(sample, number) for sample in (0, 1)]
            self.queries[alias, number] = Query(alias, *both)
        return self.queries[alias, number]

    def made(self, sample: int, number: int):
        """Return the QuerySet for a set of sample values, and these values."""
        token = compiling.set(sample)
        try:
            values = [SAMPLES[kind](sample, place) for place, kind in enumerate(self.types)]
            keys = [-(10**12) * (sample + 1) - place for place in range(number)]  # No row has one.
            return self.make(values, keys), [*values, *keys, MOMENTS[sample]]
        finally:
            compiling.reset(token)


class Relation:
    """The rows of one `prefetch_related` of a level, which are a level themselves."""

    def __init__(self, above: Level, place: int):
        self.above, self.place = above, place
        lookup = self.lookup(above.made(0, 1)[0])
        name = lookup.prefetch_through
        if "__" in name:
            raise NotPreparable(f"{name}: give the rows of {name} a Prefetch of their own")
        self.field = above.model._meta.get_field(name)
        self.many_to_many = self.field.many_to_many
        if not (self.field.one_to_many or self.many_to_many):
            raise NotPreparable(f"{name}: select_related() does it")
        self.attribute = lookup.to_attr if lookup.to_attr != name else None
        self.back = None if self.many_to_many else self.field.remote_field
        self.level = Level(self.rows, above.types)

    def lookup(self, records) -> Prefetch:
        found = records._prefetch_related_lookups[self.place]
        return found if isinstance(found, Prefetch) else Prefetch(found)

    def rows(self, values, keys):
        """Return the QuerySet of the rows of the records with these keys."""
        lookup = self.lookup(self.above.make(values, keys))
        asked = lookup.get_current_querysets(0)
        if self.many_to_many:
            records = [self.above.model(pk=key) for key in keys]
            manager = getattr(records[0], lookup.prefetch_through)
            return manager.get_prefetch_querysets(records, asked)[0]
        rows = asked[0] if asked else self.field.related_model._default_manager.all()
        return rows.filter(**{f"{self.back.name}__in": keys})

    def load(self, records, values):
        """Give each record its rows."""
        by_record = defaultdict(list)
        rows = self.level.records(values, list({record.pk: None for record in records}))
        key = self.key()
        for row in rows:
            by_record[getattr(row, key)].append(row)
        for record in records:
            self.give(record, by_record[record.pk])

    def key(self) -> str:
        """Return the attribute of a row that holds the key of its record."""
        if self.back:
            return self.back.attname
        return f"_prefetch_related_val_{self.field.m2m_column_name()}"

    def give(self, record, rows: list):
        if self.back:
            for row in rows:
                row._state.fields_cache.setdefault(self.back.cache_name, record)
        if self.attribute:
            setattr(record, self.attribute, rows)
            return
        if not hasattr(record, "_prefetched_objects_cache"):
            record._prefetched_objects_cache = {}
        cache = self.field.cache_name if self.back else self.field.name
        record._prefetched_objects_cache[cache] = rows


class Query:
    """A compiled statement, where its values belong, and how its rows become records."""

    def __init__(self, alias: str, first, second):
        """Compile two QuerySets, each given with its sample values."""
        self.alias, connection = alias, connections[alias]
        compilers = [rows.query.get_compiler(using=alias) for rows, _values in (first, second)]
        (self.sql, parameters), (sql, others) = (compiler.as_sql() for compiler in compilers)
        pairs = [
            tuple(adapted(value, connection) for value in pair)
            for pair in zip(first[1], second[1], strict=True)
        ]
        self.parameters, self.places = list(parameters), []
        for place, pair in enumerate(zip(parameters, others, strict=True)):
            if pair in pairs:
                self.places.append((place, pairs.index(pair)))
            elif pair[0] != pair[1]:
                raise NotPreparable(f"{pair} would be frozen in {sql}")
        self.read_columns(compilers[0], connection)

    def read_columns(self, compiler, connection):
        """Keep what `ModelIterable` works out for each run."""
        columns, info = compiler.select, compiler.klass_info
        places = info["select_fields"]
        self.model, self.slice = info["model"], slice(places[0], places[-1] + 1)
        self.names = [column[0].target.attname for column in columns[self.slice]]
        self.related = get_related_populators(info, columns, self.alias)
        self.annotations = list(compiler.annotation_col_map.items())
        found = compiler.get_converters([column[0] for column in columns])
        self.converters = [(place, *found[place]) for place in found]

    def records(self, values) -> list:
        connection = connections[self.alias]
        parameters = self.parameters.copy()
        for place, which in self.places:
            parameters[place] = adapted(values[which], connection)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = cursor.fetchall()
        return [self.record(list(row), connection) for row in rows]

    def record(self, row: list, connection):
        for place, converters, expression in self.converters:
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        record = self.model.from_db(self.alias, self.names, row[self.slice])
        for populator in self.related:
            populator.populate(row, record)
        for name, place in self.annotations:
            setattr(record, name, row[place])
        return record


def adapted(value, connection):
    """Return a value as the database takes it for a parameter."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
