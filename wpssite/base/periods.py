"""Facts that hold from one day to another, both days counted."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .labels import Labelled
from .moments import DATE_PRECISIONS, Precision, day_text

# For unique constraints: an unknown first day is one value, not always another one.
START_OR_UNKNOWN = Coalesce("starts_on", date.min)


class StartBound(models.TextChoices):
    EXACT = "exact", _("on that day")
    NO_LATER = "no-later-than", _("on that day or earlier")


class EndBound(models.TextChoices):
    EXACT = "exact", _("on that day")
    NO_EARLIER = "no-earlier-than", _("on that day or later")


class PeriodQuerySet(models.QuerySet):
    def on(self, day: date):
        """Periods known to hold on `day`.

        The first and the last day count. No first day: it held before anyone wrote it down. No
        last day: it still holds. Of a bound ("no later than") only what is known counts.
        """
        return self.filter(
            Q(starts_on__lte=day) | Q(starts_on=None), Q(ends_on__gte=day) | Q(ends_on=None)
        )

    def overlapping(self, starts_on: date | None, ends_on: date | None):
        """Periods that share a day with the one from `starts_on` to `ends_on`."""
        periods = self
        if starts_on:
            periods = periods.filter(Q(ends_on__gte=starts_on) | Q(ends_on=None))
        if ends_on:
            periods = periods.filter(Q(starts_on__lte=ends_on) | Q(starts_on=None))
        return periods


class Period(Labelled, models.Model):
    """Something true from a first to a last day, each as exact as it is known.

    A year or month is stored as its first day at the start and its last day at the end.
    """

    starts_on = models.DateField(_("from"), null=True, blank=True)
    starts_precision = models.CharField(
        _("known to the"), max_length=10, choices=DATE_PRECISIONS, default=Precision.DAY
    )
    starts_bound = models.CharField(
        _("began"), max_length=20, choices=StartBound, default=StartBound.EXACT
    )
    ends_on = models.DateField(
        _("to"), null=True, blank=True, help_text=_("The last day. Empty: it still holds.")
    )
    ends_precision = models.CharField(
        _("known to the"), max_length=10, choices=DATE_PRECISIONS, default=Precision.DAY
    )
    ends_bound = models.CharField(
        _("ended"), max_length=20, choices=EndBound, default=EndBound.EXACT
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day is before the first day."),
            ),
        ]

    def clean(self):
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first day.")})

    def holds_on(self, day: date) -> bool:
        """The twin of `PeriodQuerySet.on()`, for a row already loaded."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )

    @property
    def period_text(self) -> str:
        """The period in words: “2017–2018”, “since 26 April 2017 at the latest”."""
        return period_text(self)

    @property
    def since_text(self) -> str:
        """The first day in words, or that it is not known."""
        return start_text(self) or gettext("not known")


def period_text(period) -> str:
    """Return the days of a `Period` in words, saying what is only a bound."""
    start, end = start_text(period), end_text(period)
    if not (start or end):
        return gettext("dates not known")
    if not end:
        return gettext("since %(start)s") % {"start": start}
    if not start:
        return gettext("until %(end)s") % {"end": end}
    return start if start == end else f"{start} – {end}"


def start_text(period) -> str:
    if not period.starts_on:
        return ""
    text = day_text(period.starts_on, period.starts_precision)
    if period.starts_bound == StartBound.NO_LATER:
        return gettext("%(day)s or earlier") % {"day": text}
    return text


def end_text(period) -> str:
    if not period.ends_on:
        return ""
    text = day_text(period.ends_on, period.ends_precision)
    if period.ends_bound == EndBound.NO_EARLIER:
        return gettext("%(day)s or later") % {"day": text}
    return text
