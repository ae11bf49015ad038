"""Queries that are built and compiled once in a process; afterwards only their values change.

Django takes ten times as long to turn a QuerySet into SQL as a database takes to answer it, and a
page asks the same questions each time. The QuerySet is compiled twice, with two sets of sample
values: where the two differ, a value belongs. Whatever else differs is refused, so no moment is
frozen into a query. Words of the page's language have no place in such a query.
"""

from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, cached_property

from django.db import NotSupportedError, connections, router
from django.db.models.query import Prefetch
from django.utils import timezone

from .compiled import NotPreparable, Query, adapted, cursor_of

compiling = ContextVar("compiling", default=None)  # 0 or 1: which set of samples
MOMENTS = [datetime(1789 + number, 7, 14, 12, 34, 56, 789, tzinfo=UTC) for number in (0, 1)]
SAMPLES = {
    str: lambda number, place: f"sample-{number}-{place}",
    int: lambda number, place: 30_001 + 100 * number + place,  # Any column for numbers holds it.
    date: lambda number, place: date(1700 + number, 1, 1 + place),
}


def now() -> datetime:
    """Return the present moment; in a query that is being compiled, its place."""
    number = compiling.get()
    return timezone.now() if number is None else MOMENTS[number]


def rows(record, relation: str):
    """Return what `record.relation.all()` does: what was loaded, without a manager for it."""
    loaded = record.__dict__.get("_prefetched_objects_cache", ())
    return loaded[relation] if relation in loaded else getattr(record, relation).all()


class Prepared:
    """The records of a QuerySet, with all that it prefetches; compiled when first asked for.

    make: a function of some values that returns the QuerySet, which may be one of `values_list()`;
    types: those of the values (`str`, `int`, `date`). What is prefetched comes as lists: `.all()`
    works, nothing else does. planned_once: whether one plan of the server does for all values.
    """

    def __init__(self, make, *types, planned_once=True):
        self.level = Level(lambda values, _keys: make(*values), types)
        self.level.planned_once = planned_once

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

    planned_once = True

    def __init__(self, make, types):
        self.make, self.types = make, types
        self.queries = {}

    def records(self, values, keys: list) -> list:
        """Return the records with all that hangs on them, asked for through one cursor."""
        alias = router.db_for_read(self.model)
        connection = connections[alias]
        given = [adapted(value, connection) for value in (*values, now())]
        try:
            with cursor_of(connection, self.planned_once) as cursor:
                return self.read(alias, cursor, given, keys)
        except NotSupportedError:
            if connection.in_atomic_block or not self.planned_once:
                raise
            connection.forget_plans()  # A migration changed a column since the server planned it.
            with cursor_of(connection, planned_once=False) as cursor:
                return self.read(alias, cursor, given, keys)

    def read(self, alias: str, cursor, given: list, keys: list) -> list:
        """Return the same; given: the values and the moment, as the database takes them."""
        # A power of two of keys, the last one repeated: a few statements serve lists of any length.
        number = 1 << (len(keys) - 1).bit_length() if keys else 0
        query = self.queries.get((alias, number)) or self.query(alias, number)
        if cursor.db.vendor == "postgresql":
            keys = cursor.db.as_keys(keys)
        records = query.records(cursor, [*given, *keys, *keys[-1:] * (number - len(keys))])
        if records:
            for relation in self.below:
                relation.load(alias, cursor, records, given)
        return records

    @cached_property
    def model(self):
        return self.made(0, 1)[0].model

    @cached_property
    def below(self) -> list["Relation"]:
        lookups = self.made(0, 1)[0]._prefetch_related_lookups
        return [Relation(self, place) for place, _ in enumerate(lookups)]

    def query(self, alias: str, number: int) -> "Query":
        """Compile the statement for a number of keys, as a database takes it."""
        both = [self.made(sample, number) for sample in (0, 1)]
        self.queries[alias, number] = query = Query(alias, *both)
        return query

    def made(self, sample: int, number: int):
        """Return the QuerySet for a set of sample values, and these values."""
        token = compiling.set(sample)
        try:
            values = [SAMPLES[kind](sample, place) for place, kind in enumerate(self.types)]
            keys = [-(10**12) * (sample + 1) - place for place in range(number)]  # No row has one.
            rows = without_unshown(self.make(values, keys))
            return rows, [*values, MOMENTS[sample], *keys]
        finally:
            compiling.reset(token)


def without_unshown(rows):
    """Return a QuerySet that leaves out what no page shows of a record that is merely linked.

    What it shows, `linked` of its model names. Columns that are left out would be asked for later,
    one by one; tests refuse that.
    """
    related = rows.query.select_related
    return rows.defer(*unshown(rows.model, related)) if related else rows


def unshown(model, related: dict, path: str = ""):
    """Yield the paths of these columns; related: as `Query.select_related` has it."""
    for name, below in related.items():
        target = model._meta.get_field(name).related_model
        shown = {*getattr(target, "linked", []), *below, target._meta.pk.name}
        if hasattr(target, "linked"):
            names = {field.name for field in target._meta.concrete_fields} - shown
            yield from sorted(f"{path}{name}__{column}" for column in names)
        yield from unshown(target, below, f"{path}{name}__")


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
        first, *order = rows.query.order_by or rows.model._meta.ordering
        if first == self.back.name:  # Each record gets its own rows, in whatever order it comes.
            rows = rows.order_by(*order)
        return rows.filter(**{f"{self.back.name}__in": keys})

    def load(self, alias: str, cursor, records, given):
        """Give each record its rows."""
        name, by_record = records[0]._meta.pk.attname, {}
        for record in records:
            by_record.setdefault(record.__dict__[name], [])
        for row in self.level.read(alias, cursor, given, list(by_record)):
            by_record[row.__dict__[self.key]].append(row)
        for record in records:
            self.give(record, by_record[record.__dict__[name]])

    @cached_property
    def key(self) -> str:
        """The attribute of a row that holds the key of its record."""
        if self.back:
            return self.back.attname
        return f"_prefetch_related_val_{self.field.m2m_column_name()}"

    def give(self, record, rows: list):
        values = record.__dict__
        if self.attribute:
            values[self.attribute] = rows
        else:
            values.setdefault("_prefetched_objects_cache", {})[self.cache_name] = rows

    @cached_property
    def cache_name(self) -> str:
        return self.field.cache_name if self.back else self.field.name
