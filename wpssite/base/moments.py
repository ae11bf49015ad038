"""Local wall-clock time, its zone, and how exactly it is known.

The truth is what the clock on the wall showed and where; UTC is worked out from it on save and
kept for ordering. A time that the clocks skipped is refused; one that they showed twice is asked
about.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .language import gettext, language


class Precision(models.TextChoices):
    """How exactly a point in time is known."""

    YEAR = "year", _("year only")
    MONTH = "month", _("month only")
    DAY = "day", _("day")
    MORNING = "morning", _("morning")
    AFTERNOON = "afternoon", _("afternoon")
    EVENING = "evening", _("evening")
    MINUTE = "minute", _("to the minute")


DATE_PRECISIONS = [choice for choice in Precision.choices if choice[0] in {"year", "month", "day"}]
VAGUE = [Precision.YEAR, Precision.MONTH]
HALF_DAYS = {
    Precision.MORNING: (time(0), time(12)),
    Precision.AFTERNOON: (time(12), time(18)),
    Precision.EVENING: (time(18), time(23, 59)),
}


# Days that a form accepts: further away, time zones are guesswork and typing errors likely.
REAL_DAYS = [
    MinValueValidator(date(1900, 1, 1), _("Enter a year between 1900 and 2100.")),
    MaxValueValidator(date(2100, 12, 31), _("Enter a year between 1900 and 2100.")),
]


class Fold(models.IntegerChoices):
    """Which of two equal clock times is meant in the hour that autumn repeats."""

    FIRST = 0, _("the first, before the clocks went back")
    SECOND = 1, _("the second, after the clocks went back")


@cache
def zone_names() -> frozenset[str]:
    """Return the IANA zones that a form accepts: names of places, and UTC."""
    names = zoneinfo.available_timezones()
    return frozenset(name for name in names if "/" in name and not name.startswith("Etc/")) | {
        "UTC"
    }


def validate_zone(name: str):
    """Raise ValidationError unless `name` is the IANA name of a zone."""
    if name not in zone_names():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Write it as Region/City, such as Asia/Tokyo."),
            code="zone",
            params={"zone": name},
        )


class ZoneField(models.CharField):
    """The IANA name of a time zone, such as `America/New_York`."""

    default_validators = [validate_zone]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 64} | kwargs)


def instants(day: date, clock: time, zone: str) -> list[datetime]:
    """Return the moments, in UTC, at which the clocks of `zone` showed `clock` on `day`.

    None when the clocks skipped that time, two when they showed it twice, otherwise one.
    """
    local = datetime.combine(day, clock, zoneinfo.ZoneInfo(zone))
    moments = []
    for fold in Fold.values:
        moment = local.replace(fold=fold).astimezone(UTC)
        back = moment.astimezone(local.tzinfo).replace(tzinfo=None)
        if back == local.replace(tzinfo=None) and moment not in moments:
            moments.append(moment)
    return moments


def to_utc(day: date, clock: time, zone: str, fold: int | None = None) -> datetime:
    """Return the moment of a wall-clock time; a skipped time counts as just after the gap.

    `fold`: which of two equal times is meant; forms refuse to leave it open (`check_clock`).
    """
    local = datetime.combine(day, clock, zoneinfo.ZoneInfo(zone)).replace(fold=fold or 0)
    return local.astimezone(UTC)


def check_clock(day, clock, zone, fold, field: str):
    """Raise ValidationError on `field` when the clocks of `zone` cannot decide the moment."""
    if not (day and clock and zone in zone_names()):
        return
    found = instants(day, clock, zone)
    names = {"time": clock.strftime("%H:%M"), "zone": city(zone), "day": day_text(day)}
    if not found:
        raise ValidationError(
            {
                field: _("%(time)s did not exist in %(zone)s on %(day)s: the clocks went past it.")
                % names
            }
        )
    if len(found) == 2 and fold is None:
        raise ValidationError(
            {
                field: _(
                    "%(time)s happened twice in %(zone)s on %(day)s, when the clocks went back. "
                    "Say which one under “If the clock showed this time twice”."
                )
                % names
            }
        )


def city(zone: str) -> str:
    """Return the place in a zone's name: `America/New_York` is New York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def day_text(day: date, precision: str = Precision.DAY) -> str:
    """Return a date in words, as exact as it is known: 21 September 2023, September 2023, 2023."""
    if precision == Precision.YEAR:
        return str(day.year)
    return words_of(day, "F Y" if precision == Precision.MONTH else "j F Y")


def words_of(day: date, form: str) -> str:
    """Return a date in the page's language, in one of Django's formats."""
    return day_in(day, form, language())


@lru_cache(maxsize=4096)
def day_in(day: date, form: str, _language: str) -> str:
    return date_format(day, form)


def part_of_day(precision: str) -> str:
    """Return “morning”, “afternoon” or “evening” for a time known to that exactness, or nothing."""
    return gettext(Precision(precision).label) if precision in HALF_DAYS else ""


def first_moment(day: date, clock: time | None, zone: str, precision: str, fold=None) -> datetime:
    """Return the earliest moment, in UTC, that a time of this precision can mean."""
    if precision == Precision.YEAR:
        day = day.replace(month=1, day=1)
    elif precision == Precision.MONTH:
        day = day.replace(day=1)
    if precision != Precision.MINUTE or clock is None:
        clock = HALF_DAYS.get(precision, (time(0),))[0]
    return to_utc(day, clock, zone, fold)


def last_moment(day: date, clock: time | None, zone: str, precision: str, fold=None) -> datetime:
    """Return the latest moment, in UTC, that a time of this precision can mean."""
    if precision == Precision.MINUTE and clock is not None:
        return to_utc(day, clock, zone, fold)
    if precision in HALF_DAYS:
        return to_utc(day, HALF_DAYS[precision][1], zone)
    if precision == Precision.YEAR:
        day = day.replace(month=12, day=31)
    elif precision == Precision.MONTH:
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return to_utc(day + timedelta(days=1), time(0), zone)
