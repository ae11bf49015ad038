"""The newest of many records that are linked to one: of a member, a person, a topic.

Few links are followed to their records; where there are many, the records are walked from the
newest on, and each asked for its link. So neither many links nor many records are ever loaded.
`links` are rows, narrowed to those wanted; `column` leads from them to the record.
"""

from contextlib import suppress
from functools import cache

from django.db.models import Exists, OuterRef

from .kept import kept
from .keyset import Order
from .prepared import by_keys

FEW = 1_000  # links that are followed rather than asked for
WALKED = 10_000  # records asked at most
AT_HAND = 200  # values kept of a kind, each of up to some 5 kB


def followed(records, links: list[tuple]):
    """Return those of `records` that all `links` lead to, for when there are few."""
    for rows, column in links:
        records = records.filter(pk__in=rows.order_by().values(column))
    return records


def asked(records, links: list[tuple]):
    """Return the same, for when the list is walked in its order."""
    for rows, column in links:
        records = records.filter(Exists(rows.filter(**{column: OuterRef("pk")})))
    return records


def are_few(links: list[tuple]) -> bool:
    """Whether one of these has few rows: then all together have few records."""
    return any(rows.order_by()[: FEW + 1].count() <= FEW for rows, _column in links)


def newest_keys(records, links: list[tuple], most: int, start: int = 0) -> list[int]:
    """Return the keys of the first `most` of `records` that links lead to, from `start` on.

    First is what comes first in the order of `records`.
    """
    if links and not are_few(links):
        order = Order(records)
        last = records.values_list(*order.columns)[WALKED : WALKED + 1]
        near = records.exclude(order.beyond(last[0])) if last else records
        found = asked(near, links).values_list("pk", flat=True)[start:most]
        if len(found) == most - start or not last:
            return list(found)
    return list(followed(records, links).values_list("pk", flat=True)[start:most])


def newest(records, links: list[tuple], most: int) -> list:
    """Return the first `most` of `records` that links lead to, with all that `records` load."""
    if not links:
        return list(records[:most])
    return in_order(records, newest_keys(records, links, most))


def newest_of(manager, most: int) -> list:
    """Return the newest public records of a many-to-many field, as cards show them."""
    name = (manager.through, manager.source_field_name, manager.instance.pk, most)
    records = manager.model.objects.published()
    return in_order(
        cards_of(manager.model),
        shelved(name, lambda: newest_keys(records, links_of(manager), most)),
    )


def links_of(manager) -> list[tuple]:
    """Return the rows that link a record to those of a many-to-many field of it."""
    rows = manager.through.objects.filter(**{manager.source_field_name: manager.instance})
    return [(rows, manager.target_field_name)]


class Cards:
    """Records as lists show them, loaded by key; the last ones stay at hand for an edition.

    word: a function that returns the QuerySet. What is made of a record may be kept with it.
    """

    def __init__(self, word):
        self.word = word

    def by_key(self, keys: list[int]) -> dict:
        shelf = kept(self, dict)
        found = {key: shelf[key] for key in keys if key in shelf}
        missing = [key for key in keys if key not in found]
        for record in by_keys(self.word).records([], missing) if missing else ():
            found[record.pk] = record
            put(shelf, record.pk, record)
        return found


@cache
def cards_of(model) -> Cards:
    return Cards(lambda: model.objects.published().for_cards())


def shelved(name, make):
    """Return the value of `make()`, one of the last that were made in this edition."""
    shelf = kept(shelved, dict)
    if name not in shelf:
        put(shelf, name, make())
    return shelf[name]


def put(shelf: dict, name, value):
    """Keep a value at hand; the one that was put there first makes room."""
    shelf[name] = value
    while len(shelf) > AT_HAND:
        with suppress(RuntimeError, StopIteration):  # Another thread puts one there too.
            shelf.pop(next(iter(shelf)), None)


def in_order(records, keys: list[int]) -> list:
    """Return the records with these keys, in the order of the keys.

    records: a QuerySet; a function that returns one and is compiled once; or Cards.
    """
    if not keys:
        return []
    if isinstance(records, Cards):
        found = records.by_key(keys)
        return [found[key] for key in keys if key in found]
    if callable(records):
        rows = by_keys(records).records([], keys)
    else:
        rows = records.filter(pk__in=keys).order_by()
    found = {record.pk: record for record in rows}
    return [found[key] for key in keys if key in found]
