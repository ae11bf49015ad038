"""What events belong to: occasions and counted series."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class NamedQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Occasion(models.Model):
    """What an event took place beside: a General Assembly week, an anniversary."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    url = models.URLField(_("web address"), blank=True)

    objects = NamedQuerySet.as_manager()

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        ordering = ["-starts_on", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="events_occasion_ends_after_start",
                violation_error_message=_("The occasion ends before it starts."),
            ),
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)


class EventSeries(models.Model):
    """Meetings that are counted, such as the capital-level meetings."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)

    objects = NamedQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)
