"""The programme: sittings and segments in running order."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from wpssite.base.labels import Labelled
from wpssite.base.moments import REAL_DAYS, check_clock, to_utc

from .rows import OrderedQuerySet


class Segment(Labelled, models.Model):
    """A part of the programme, in running order across days and tracks (OCD agenda).

    A sitting is a segment with a date of its own; the segments held in it name it as `parent`.
    """

    class Kind(models.TextChoices):
        SITTING = "sitting", _("sitting")
        OPENING = "opening", _("opening remarks")
        KEYNOTE = "keynote", _("keynote")
        NATIONAL = "national", _("national statements")
        PANEL = "panel", _("panel")
        BRIEFING = "briefing", _("briefing")
        STATEMENTS = "statements", _("statements")
        DISCUSSION = "discussion", _("discussion")
        CLOSING = "closing", _("closing")
        PROCEDURE = "procedure", _("procedure")
        BREAK = "break", _("break or reception")
        OTHER = "other", _("other")

    owner = "event"
    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="segments", verbose_name=_("event")
    )
    order = models.PositiveSmallIntegerField(
        _("no."), help_text=_("Place in the programme; speakers below refer to it.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("in the sitting"),
    )
    track = models.CharField(_("track"), max_length=60, blank=True)
    starts_on = models.DateField(_("date"), validators=REAL_DAYS, null=True, blank=True)
    starts_time = models.TimeField(_("from"), null=True, blank=True)
    ends_time = models.TimeField(_("to"), null=True, blank=True)
    part_of_day = models.CharField(
        _("or"), max_length=60, blank=True, help_text=_("As printed: day 1, afternoon")
    )
    venue = models.CharField(_("place"), max_length=200, blank=True)

    objects = OrderedQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme item")
        verbose_name_plural = _("programme")
        ordering = ["event", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "order"],
                name="events_segment_order_once",
                violation_error_message=_("Two programme items have the same number."),
            ),
        ]

    def __str__(self):
        return self.title or self.get_kind_display()

    def natural_key(self):
        return (*self.event.natural_key(), self.order)

    natural_key.dependencies = ["events.event"]

    def clean(self):
        super().clean()
        if self.starts_time and self.ends_time and self.ends_time < self.starts_time:
            raise ValidationError({"ends_time": _("The item ends before it starts.")})
        day = self.starts_on or (self.event.starts_on if self.event_id else None)
        zone = self.event.zone if self.event_id else ""
        check_clock(day, self.starts_time, zone, self.event.fold if zone else None, "starts_time")

    def starts_utc(self):
        """The moment the item begins, in UTC, or None when no time of day is known."""
        if not self.starts_time:
            return None
        day = self.starts_on or self.event.starts_on
        return to_utc(day, self.starts_time, self.event.zone, self.event.fold)
