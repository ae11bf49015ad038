"""Pages of a list of any length: numbers for readers, keys of the neighbours for the database.

A page far from the first one is found by the place of the row next to it, which the links
between pages carry as `after` and `before`; the number alone finds it too, by an index.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404

from .keyset import Order, order_of
from .language import gettext as _
from .linked import in_order, newest_keys

DEEP = 50  # Links to pages up to this one need no key.
TOP = 100  # records whose keys are loaded together
COUNTED = 10_000  # Records of a narrowed list are counted up to here.


@dataclass
class Listing:
    """A list in its order: the records of `first`, named by their keys, and then those of `rest`.

    of: loads the records of both: a QuerySet, or a function that returns one (`in_order`). `of`
    and `rest` may be the same list of records instead.
    count: of all, or as far as they were counted, if there are `more`.
    links: as in `linked.py`, for what `rest` is narrowed by.
    near: returns for a place in `rest` a QuerySet that begins not far before it, and where
    the place is in that.
    until: returns what is in `rest` up to a value of the column that it is ordered by, where a
    bound of `rest` itself would be in the way.
    newest: returns the first keys of `rest`, where a compiled query does.
    """

    of: QuerySet | Callable
    rest: QuerySet
    count: int
    more: bool = False
    first: list[int] = field(default_factory=list)
    links: list = field(default_factory=list)
    near: Callable | None = None
    until: Callable | None = None
    newest: Callable | None = None

    def rows(self, start: int, size: int) -> list:
        """Return `size` records from a place on."""
        if self.of is self.rest and not self.links and (not start or isinstance(self.of, list)):
            return list(self.of[start : start + size])
        keys = self.first[start : start + size]
        place = max(start - len(self.first), 0)
        return in_order(self.of, keys + self.keys(place, size - len(keys)))

    @cached_property
    def top(self) -> list[int]:
        """The first keys of `rest`: who keeps a listing keeps those that are asked for most."""
        return self.newest() if self.newest else newest_keys(self.rest, self.links, TOP)

    def keys(self, start: int, size: int) -> list[int]:
        if size <= 0 or len(self.first) >= self.count:
            return []
        if start + size <= TOP:
            return self.top[start : start + size]
        rows, place = self.near(start) if self.near else (self.rest, start)
        return newest_keys(rows, self.links, place + size, place)

    def after(self, place: tuple, size: int) -> list:
        """Return the records that follow a place in `rest`."""
        rows = self.until(place[0]) if self.until else self.rest
        rows = rows.filter(Order(self.rest).beyond(place))
        return in_order(self.of, newest_keys(rows, self.links, size))

    def before(self, place: tuple, size: int) -> list:
        """Return the records that come before a place in `rest`, and of `first` if these end."""
        rows = self.rest.filter(Order(self.rest).beyond(place, back=True)).reverse()
        keys = newest_keys(rows, self.links, size)[::-1]
        ahead = max(len(self.first) - size + len(keys), 0)
        return in_order(self.of, self.first[ahead:] + keys)


class ListPage(Page):
    """One page of a Listing. `after` and `before` are for the links to its neighbours."""

    def __init__(self, rows, number: int, size: int, listing: Listing, following: bool):
        paginator = Paginator((), size)
        paginator.count = listing.count
        super().__init__(rows, number, paginator)
        self.more, self.following = listing.more, following
        self.after = word_of(listing, rows[-1:]) if number >= DEEP and following else None
        self.before = word_of(listing, rows[:1]) if number > DEEP + 1 else None

    def has_next(self):
        return self.following

    def next_page_number(self):
        return self.number + 1

    def previous_page_number(self):
        return self.number - 1


def word_of(listing: Listing, rows: list) -> str | None:
    """Return the place of a record as an address has it; none for those at hand by their keys."""
    order = order_of(listing.rest)
    if order is None:
        return None
    places = [order.place_of(row) for row in rows if row.pk not in listing.first]
    return order.word(places[0]) if places else None


def number_asked(request) -> int:
    """Return the number in `?page=`; BadRequest (400) when it is none."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 7):
        raise BadRequest(_("“page” must be a number, such as 2."))
    return int(number)


def page_of_listing(request, listing: Listing, size: int) -> ListPage:
    """Return the page that `?page=` asks for, found by `?after=` or `?before=` where it is deep.

    Raises BadRequest (400) for what can be neither, Http404 when there is no such page.
    """
    number, words = number_asked(request), [request.GET.get(n) for n in ("after", "before")]
    order = order_of(listing.rest) if any(words) else None
    places = [order.place(word) if order and word else None for word in words]
    if number > DEEP and places[0]:
        rows = listing.after(places[0], size + 1)
        return ListPage(rows[:size], number, size, listing, len(rows) > size)
    if number > DEEP and places[1]:
        return ListPage(listing.before(places[1], size), number, size, listing, True)
    start = (number - 1) * size
    if not number or start >= max(listing.count, 1):
        raise Http404("no such page")
    rows = listing.rows(start, size)
    return ListPage(rows, number, size, listing, start + size < listing.count + listing.more)
