"""A place in an ordered list, as the values by which it is ordered; in addresses as one word."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import MAXYEAR, MINYEAR, datetime, timedelta

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleLessThan,
)
from django.utils.translation import gettext as _

MOST_LETTERS = 600  # of the word
MOST_KEY = 2**63 - 1  # that a database holds


def names_of(records) -> list[str]:
    return list(records.query.order_by or records.model._meta.ordering)


def order_of(records):
    """Return the Order of a list, or None if it has none: places in it say nothing then."""
    if not isinstance(records, QuerySet):
        return None
    names, own = names_of(records), {field.name for field in records.model._meta.concrete_fields}
    if not all(isinstance(name, str) and name.lstrip("-") in own | {"pk"} for name in names):
        return None
    in_one_direction = len({name.startswith("-") for name in names}) == 1
    return Order(records) if in_one_direction and names[-1].lstrip("-") == "pk" else None


class Order:
    """By what a QuerySet is ordered: columns that point in one direction, the key last."""

    def __init__(self, records):
        names = names_of(records)
        self.columns = [name.lstrip("-") for name in names]
        self.falls = names[0].startswith("-") == records.query.standard_ordering
        options = records.model._meta
        self.fields = [options.pk if n == "pk" else options.get_field(n) for n in self.columns]

    def beyond(self, place: tuple, back: bool = False):
        """Return the condition for what comes after a place, or before it if `back`.

        It bounds the first column by itself: SQLite has no other way to begin within an index.
        """
        falls = self.falls != back
        bound = {f"{self.columns[0]}__{'lte' if falls else 'gte'}": place[0]}
        lookup = TupleLessThan if falls else TupleGreaterThan
        return Q(**bound) & Q(lookup(Tuple(*map(F, self.columns)), place))

    def place_of(self, record) -> tuple:
        return tuple(getattr(record, field.attname) for field in self.fields)

    def word(self, place: tuple) -> str:
        """Return a place as it stands in an address."""
        values = [value if isinstance(value, int) else as_text(value) for value in place]
        text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def place(self, word: str) -> tuple:
        """Return the place in an address; BadRequest (400) for what this site did not write."""
        try:
            place = self.read(word[:MOST_LETTERS])
            if self.word(place) == word:
                return place
        except (ValueError, TypeError, OverflowError, ValidationError):
            pass
        raise BadRequest(_("“after” and “before” must be as the links of this list have them."))

    def read(self, word: str) -> tuple:
        values = json.loads(urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        pairs = zip(self.fields, values, strict=True)
        place = tuple(field.to_python(value) for field, value in pairs)
        if not all(map(may_stand, place)) or not 0 < place[-1] <= MOST_KEY:
            raise ValueError(word)
        return place


def may_stand(value) -> bool:
    """Return whether a record may have this value: databases and clocks know not all."""
    if isinstance(value, datetime):
        return value.utcoffset() == timedelta(0) and MINYEAR < value.year < MAXYEAR
    return value is not None and "\0" not in str(value)


def as_text(value) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else value
