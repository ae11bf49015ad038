"""The lists of events and statements: in which order, how many, from which filters."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate

from wpssite.base import tally
from wpssite.base.edition import edition_now
from wpssite.base.kept import kept
from wpssite.base.language import language
from wpssite.base.linked import cards_of, followed
from wpssite.base.paging import COUNTED, TOP, Listing
from wpssite.base.prepared import Prepared

from .filters import grouped
from .models import Event, Statement, TextKind


class Counts:
    """How many records of a model are public, by year and by month, the latest first."""

    def __init__(self, model):
        self.edition = edition_now()  # What follows from them is kept for no other one.
        self.by_month, self.by_year = Counter(), Counter()
        numbers = tally.published(model)
        for (year, month), number in sorted(numbers.items(), reverse=True):
            self.by_year[year] += number
            self.by_month[month] += number

    @property
    def total(self) -> int:
        return self.by_year.total()

    @property
    def years(self) -> list[tuple]:
        return [(str(year), str(year)) for year in self.by_year]


def counts_of(model) -> Counts:
    return kept(("counts", model), lambda: Counts(model))


def event_listing(asked: dict, counts: Counts) -> Listing:
    """Return the public events that fit, those to come first, then the last one first."""
    name = ("events", *asked.values())
    return kept(name, lambda: events_that_fit(asked, counts), counts.edition)


def events_that_fit(asked: dict, counts: Counts) -> Listing:
    published = Event.objects.published().of_columns(asked)
    links = published.links_asked(asked)
    coming = sorted(compiled(coming_keys, asked))
    count, more = counted(published, links, asked, counts)
    found = Listing(cards_of(Event), published.past(), count, more, links=links)
    found.until = lambda begin: published.past(begin + timedelta(microseconds=1))
    found.first = [key for _begin, key in coming]
    if not links:
        found.newest = lambda: compiled(past_keys, asked)
    if not any(asked.values()):
        began = Counter(first_of_month(begin) for begin, _key in coming)
        found.near = near(found.rest, published.past, counts.by_month - began)
    return found


def coming_keys(asked: dict):
    published = Event.objects.published().of_columns(asked)
    return followed(published, published.links_asked(asked)).upcoming_keys()


def past_keys(asked: dict):
    return Event.objects.published().of_columns(asked).past().values_list("pk", flat=True)[:TOP]


def statement_keys(asked: dict):
    published = Statement.objects.published().of_columns(asked)
    return published.values_list("pk", flat=True)[:TOP]


def compiled(word, asked: dict) -> list:
    """Return what a word finds for some filters, by a query compiled once for this set of them."""
    names = tuple(name for name, value in asked.items() if isinstance(value, str) and value)
    return query_of(word, asked["year"], tuple(asked), names)(*map(asked.get, names))


@lru_cache(maxsize=256)
def query_of(word, year: int | None, names: tuple, given: tuple) -> Prepared:
    """Return the query for a set of filters; a year is part of it, for it becomes days."""

    def make(*values):
        asked = dict.fromkeys(names, "") | dict(zip(given, values, strict=True))
        return word(asked | {"year": year})

    return Prepared(make, *[str] * len(given))


def statement_listing(asked: dict, counts: Counts) -> Listing:
    """Return the public statements that fit, the latest first."""
    name = ("statements", *asked.values())
    return kept(name, lambda: statements_that_fit(asked, counts), counts.edition)


def statements_that_fit(asked: dict, counts: Counts) -> Listing:
    published = Statement.objects.published().of_columns(asked)
    links = published.links_asked(asked)
    count, more = counted(published, links, asked, counts)
    found = Listing(cards_of(Statement), published, count, more, links=links)
    if not links:
        found.newest = lambda: compiled(statement_keys, asked)
    if not any(asked.values()):
        found.near = near(published, published.made_before, counts.by_month)
    return found


def counted(published, links, asked: dict, counts: Counts) -> tuple[int, bool]:
    """Return how many records fit, and whether there are more than were counted.

    All, and those of a year, are known; any other choice is counted up to a bound.
    """
    if not any(value for filter_, value in asked.items() if filter_ != "year"):
        return (counts.by_year[asked["year"]] if asked["year"] else counts.total), False
    rows = followed(published, links).order_by()
    number = rows[: COUNTED + 1].count()
    return min(number, COUNTED), number > COUNTED


def first_of_month(moment):
    return moment.date().replace(day=1)


in_running_order = Prepared(lambda event: Statement.objects.published().said_at(event), int)


def neighbours_of(statement) -> dict:
    """Return the public statements before and after this one at its event, or None for each."""
    order = in_running_order(statement.event_id) if statement.event_id else []
    places = {row.pk: place for place, row in enumerate(order)}
    place = places.get(statement.pk)
    if place is None:
        return {"previous": None, "next": None}
    around = [None, *order, None]
    return {"previous": around[place], "next": around[place + 2]}


def near(records, before, months: dict):
    """Return what leads to a place in a list, the latest first, through the month it lies in.

    before: a function of a moment that returns the records before it.
    """
    months = dict(sorted(months.items(), reverse=True))
    sums = list(accumulate(months.values()))

    def find(place: int):
        for month, number, total in zip(months, months.values(), sums, strict=True):
            if place < total:
                after = datetime.combine(month + timedelta(days=31), time(0), UTC).replace(day=1)
                return before(after), place - (total - number)
        return records, place

    return find


event_filter_options = Prepared(lambda: Event.objects.filter_options())
statement_filter_options = Prepared(lambda: Statement.objects.filter_options())


def event_options(counts: Counts) -> dict:
    """Return what a reader can narrow the list of events by."""

    def make():
        rows = event_filter_options()
        return grouped(rows, kind=Event.Kind.choices, year=counts.years)

    return kept(("options of events", language()), make, counts.edition)


def statement_options(counts: Counts) -> dict:
    """Return what a reader can narrow the list of statements by."""

    def make():
        rows = statement_filter_options()
        tags = [(tag, tag) for tag in Statement.objects.languages()]
        return grouped(rows, text=TextKind.choices, language=tags, year=counts.years)

    return kept(("options of statements", language()), make, counts.edition)
