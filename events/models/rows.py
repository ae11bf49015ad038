"""Rows that belong to an event or a statement and are told apart by their order."""

from django.db import models


class OrderedQuerySet(models.QuerySet):
    """Rows of an event or statement that are told apart by their order."""

    def get_by_natural_key(self, slug, order):
        owner = self.model.owner
        return self.get(**{f"{owner}__slug": slug, "order": order})
