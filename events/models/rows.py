"""Rows that belong to an event or a statement and are told apart by their order."""

from django.db import models

from wpssite.base.edition import kept
from wpssite.base.linked import newest_keys, put


class OrderedQuerySet(models.QuerySet):
    """Rows of an event or statement that are told apart by their order."""

    def get_by_natural_key(self, slug, order):
        owner = self.model.owner
        return self.get(**{f"{owner}__slug": slug, "order": order})


def newest_rows(rows, record: str, most: int):
    """Return those of `rows` that hang on public records, of the `most` latest of these.

    record: the field that leads to the record. The latest first; which they are is kept for an
    edition.
    """
    records = rows.model._meta.get_field(record).related_model.objects.published()
    shelf, name = kept(newest_rows, dict), (str(rows.query), record, most)
    keys = shelf.get(name)
    if keys is None:
        keys = newest_keys(records, [(rows, record)], most)
        put(shelf, name, keys)
    order = [f"-{record}__{name.lstrip('-')}" for name in records.model._meta.ordering]
    return rows.filter(**{f"{record}__in": keys}).select_related(record).order_by(*order, "pk")
