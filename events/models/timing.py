"""When an event begins and ends: what its fields may say together, and what follows from them."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wpssite.base.moments import Precision, check_clock, last_moment


def check_times(event):
    """Raise ValidationError, beside its field, when the times of an event contradict each other."""
    check_start(event)
    check_end(event)
    if event.second_printed_on and not event.second_zone:
        raise ValidationError({"second_zone": _("Say in which zone the source prints it.")})


def check_start(event):
    if event.starts_precision == Precision.MINUTE and event.starts_on and not event.starts_time:
        raise ValidationError(
            {"starts_time": _("Enter the time, or say that only the day is known.")}
        )
    check_clock(event.starts_on, event.starts_time, event.zone, event.fold, "starts_time")


def check_end(event):
    if event.ends_time and not event.ends_on:
        raise ValidationError({"ends_on": _("Enter the day on which it ends.")})
    check_clock(event.ends_on, event.ends_time, event.zone, event.fold, "ends_time")
    if event.starts_on and event.ends_on and event.ends_on < event.starts_on:
        raise ValidationError({"ends_on": _("The event ends before it starts.")})
    same_day = event.ends_on is not None and event.ends_on == event.starts_on
    if same_day and event.starts_time and event.ends_time and event.ends_time < event.starts_time:
        raise ValidationError({"ends_time": _("The event ends before it starts.")})


def last_moment_of(event) -> datetime:
    """Return the last moment, in UTC, that an event with its `starts_utc` can have lasted to."""
    if event.ends_on:
        exact = Precision.MINUTE if event.ends_time else Precision.DAY
        return last_moment(event.ends_on, event.ends_time, event.zone, exact, event.fold)
    precision = event.starts_precision
    if event.duration_minutes and precision == Precision.MINUTE:
        return event.starts_utc + timedelta(minutes=event.duration_minutes)
    known = Precision.DAY if precision == Precision.MINUTE else precision
    return last_moment(event.starts_on, None, event.zone, known)
