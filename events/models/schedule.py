"""Whether an event went ahead, and how its date moved."""

from django.db import models
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from network.models import Source


class EventStatus(models.TextChoices):
    SCHEDULED = "scheduled", _("as scheduled")
    RESCHEDULED = "rescheduled", _("moved to another time")
    POSTPONED = "postponed", _("postponed, no new date")
    CANCELLED = "cancelled", _("cancelled")
    MOVED_ONLINE = "moved-online", _("moved online")


class StatusChangeQuerySet(models.QuerySet):
    def last_of(self, event: str):
        """Return a subquery for the last change of an event, as a dictionary, or None.

        event: path to the event's key from the outer rows. Dates and times are ISO 8601.
        """
        columns = ["changed_on", "previous_on", "previous_time", "reason"]
        rows = self.filter(event=models.OuterRef(event)).order_by("-changed_on", "-pk")
        return models.Subquery(rows.values(row=JSONObject(**{name: name for name in columns}))[:1])

    def get_by_natural_key(self, slug, changed_on, event_status):
        return self.get(event__slug=slug, changed_on=changed_on, event_status=event_status)


class StatusChange(models.Model):
    """The event was postponed, moved or cancelled: when, why, from which time."""

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="status_changes", verbose_name=_("event")
    )
    changed_on = models.DateField(_("on"))
    event_status = models.CharField(_("became"), max_length=20, choices=EventStatus)
    previous_on = models.DateField(_("earlier date"), null=True, blank=True)
    previous_time = models.TimeField(_("earlier time"), null=True, blank=True)
    reason = models.CharField(_("reason, for readers"), max_length=300, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of schedule")
        verbose_name_plural = _("changes of schedule")
        ordering = ["event", "-changed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "changed_on", "event_status"],
                name="events_statuschange_once",
                violation_error_message=_("This change is already listed."),
            ),
        ]

    def __str__(self):
        return f"{self.get_event_status_display()} ({self.changed_on})"

    def natural_key(self):
        return (*self.event.natural_key(), self.changed_on.isoformat(), self.event_status)

    natural_key.dependencies = ["events.event"]
