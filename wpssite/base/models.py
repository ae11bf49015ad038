"""Accounts of the desk, and the addresses that records once had."""

import reversion
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from .edition import Change
from .moments import ZoneField
from .pages import Page
from .reports import Report
from .searching import SearchDocument, SearchFacet, StaleRecord
from .tally import Tally

__all__ = [
    "Change",
    "OldAddress",
    "Page",
    "Report",
    "SearchDocument",
    "SearchFacet",
    "StaleRecord",
    "Tally",
    "User",
]


class User(AbstractUser):
    """Someone with a login; what they may do comes from groups (see `docs/desk.md`)."""

    zone = ZoneField(
        _("own time zone"), blank=True, help_text=_("Shown beside each local time while you type.")
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("username"), name="base_user_username_any_case"
            )
        ]


class OldAddressQuerySet(models.QuerySet):
    def remember(self, record, slug: str):
        """Keep `slug` as an address that leads to `record` from now on."""
        kind = record._meta.label_lower
        self.filter(kind=kind, slug=record.slug).delete()
        self.update_or_create(kind=kind, slug=slug, defaults={"record_id": record.pk})

    def hand_over(self, old, new):
        """Let every address of `old`, its present one included, lead to `new`."""
        self.leading_to(old).update(record_id=new.pk)
        self.remember(new, old.slug)

    def leading_to(self, record):
        """Addresses that `record` had."""
        return self.filter(kind=record._meta.label_lower, record_id=record.pk)

    def record_at(self, records, slug: str):
        """Return the one of `records` that had this address, or None."""
        kind = records.model._meta.label_lower
        key = self.filter(kind=kind, slug=slug).values("record_id")[:1]
        return records.filter(pk=models.Subquery(key)).first()


@reversion.register
class OldAddress(models.Model):
    """An address that a record had before its slug changed or it was merged into another."""

    kind = models.CharField(_("kind"), max_length=60)  # app_label.model_name
    slug = models.SlugField(_("old address"), max_length=120)
    record_id = models.BigIntegerField(_("record"))

    objects = OldAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ["kind", "slug", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="base_oldaddress_once")
        ]

    def __str__(self):
        return f"{self.kind}: {self.slug}"
