"""Rows that hang on an event or a statement, and on the record whose page lists them."""

from functools import cache

from django.db import models

from wpssite.base.linked import cards_of, in_order, newest_keys, shelved
from wpssite.base.prepared import Level


class OrderedQuerySet(models.QuerySet):
    """Rows of an event or statement that are told apart by their order."""

    def get_by_natural_key(self, slug, order):
        owner = self.model.owner
        return self.get(**{f"{owner}__slug": slug, "order": order})


class RowsManager(models.Manager):
    """Of the rows of a record, the ones that its page shows; used as `record.rows`."""

    def of_newest(self, record: str, most: int) -> list:
        """Return those that hang on the `most` latest public records, the latest first.

        record: the field that leads to these; what is loaded, `for_timeline()` says.
        """
        records = self.model._meta.get_field(record).related_model.objects.published()
        owner, key = self.field.name, self.instance.pk
        keys = shelved(
            (self.model, owner, key, record, most),
            lambda: newest_keys(records, [(self.all(), record)], most),
        )
        return rows_of_newest(self.model, owner, record).records([key], keys) if keys else []

    def newest_cards(self, most: int) -> list:
        """Return the first `most` public ones, as cards show them."""
        keys = shelved(
            (self.model, self.field.name, self.instance.pk, most),
            lambda: newest_keys(self.published(), [], most),
        )
        return in_order(cards_of(self.model), keys)


@cache
def rows_of_newest(model, owner: str, record: str) -> Level:
    """Return the query for the rows of an owner, given by its key, that hang on some records."""
    ordering = model._meta.get_field(record).related_model._meta.ordering
    order = [f"-{record}__{name.lstrip('-')}" for name in ordering]

    def make(values, keys):
        rows = model.objects.filter(**{owner: values[0], f"{record}__in": keys})
        return rows.for_timeline().order_by(*order, "pk")

    return Level(make, (int,))
