"""One moment as clocks in two places show it, for pages."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .language import gettext as _
from .moments import Precision, city, day_text, part_of_day, words_of


class Clock(NamedTuple):
    """What the calendar and the clock of one zone showed."""

    zone: str
    iso: str  # ISO 8601, for `<time datetime>`: with offset where the minute is known.
    day: date
    date: str  # in words
    time: str  # "11:10", "afternoon", or nothing

    @property
    def weekday(self) -> str:
        """The day of the week, where the day is known."""
        return words_of(self.day, "l") if len(self.iso) >= 10 else ""

    @property
    def city(self) -> str:
        return self.zone if self.zone == "UTC" else city(self.zone)

    @property
    def name(self) -> str:
        """The zone by its city: “New York time”."""
        return "UTC" if self.zone == "UTC" else _("%(city)s time") % {"city": self.city}

    @property
    def offset(self) -> str:
        """The offset from UTC in hours and minutes, such as −04:00, where the minute is known."""
        return self.iso[-6:].replace("-", "−") if "T" in self.iso else ""


def clock(moment: datetime, zone: str) -> Clock:
    """Return what the clocks of `zone` show at an aware `moment`."""
    local = moment.astimezone(ZoneInfo(zone))
    return Clock(
        zone=zone,
        iso=local.isoformat(timespec="minutes"),
        day=local.date(),
        date=day_text(local.date()),
        time=f"{local:%H:%M}",
    )


def vague_clock(day: date, precision: str, zone: str) -> Clock:
    """Return a start of which only the year, month, day or part of the day is known."""
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(precision, 10)
    return Clock(
        zone=zone,
        iso=day.isoformat()[:length],
        day=day,
        date=day_text(day, precision),
        time=part_of_day(precision),
    )


class When(NamedTuple):
    """When something begins and ends: where it was, and for a reader elsewhere."""

    start: Clock
    second: Clock | None = None
    end: Clock | None = None
    second_end: Clock | None = None

    second_as_printed: bool = False  # the source prints the second clock too, and alike

    @property
    def second_is_later(self) -> bool:
        return self.second is not None and self.second.day > self.start.day

    @property
    def other_day(self) -> bool:
        """Whether the second zone already or still has another date."""
        return self.second is not None and self.second.day != self.start.day


def event_when(event, zone: str = "") -> When:
    """Return the times of an event in its own zone and in `zone`, its second one, or UTC.

    There is a second clock only when the minute is known and the other clock shows another time.
    """
    if not event.has_clock_time:
        end = vague_clock(event.ends_on, Precision.DAY, event.zone) if event.ends_on else None
        return When(vague_clock(event.starts_on, event.starts_precision, event.zone), end=end)
    start = clock(event.starts_utc, event.zone)
    second = clock(event.starts_utc, zone or event.second_zone or "UTC")
    second = second if second.offset != start.offset else None
    printed = agrees_with_print(event)
    if not (event.ends_on and event.ends_time):
        return When(start, second, second_as_printed=printed)
    end = clock(event.ends_utc, event.zone)
    return When(start, second, end, second and clock(event.ends_utc, second.zone), printed)


def agrees_with_print(event) -> bool:
    """Return whether the time that a source prints for the second zone is the one worked out."""
    if not (event.second_printed_on and event.second_zone):
        return False
    there = event.starts_utc.astimezone(ZoneInfo(event.second_zone))
    return there.date() == event.second_printed_on and event.second_printed_time in {
        None,
        there.time(),
    }


# Offered to readers who choose a zone, from east to west: a capital or seat of every region.
COMMON_ZONES = """
Pacific/Auckland Pacific/Fiji Pacific/Port_Moresby Australia/Sydney Asia/Tokyo Asia/Seoul
Asia/Shanghai Asia/Manila Asia/Singapore Asia/Jakarta Asia/Bangkok Asia/Ho_Chi_Minh Asia/Yangon
Asia/Dhaka Asia/Kathmandu Asia/Kolkata Asia/Colombo Asia/Almaty Asia/Tashkent Asia/Karachi
Asia/Kabul Asia/Dubai Asia/Tehran Asia/Baghdad Asia/Riyadh Africa/Nairobi Africa/Addis_Ababa
Africa/Mogadishu Europe/Istanbul Europe/Moscow Europe/Kyiv Europe/Bucharest Europe/Helsinki
Asia/Beirut Asia/Jerusalem Africa/Cairo Africa/Khartoum Africa/Kinshasa Africa/Johannesburg
Africa/Windhoek Africa/Lagos Africa/Tunis Europe/Berlin Europe/Brussels Europe/Zurich Europe/Oslo
Europe/Paris Europe/Rome Europe/Madrid Europe/London Africa/Casablanca Africa/Dakar Africa/Accra
America/Sao_Paulo America/Argentina/Buenos_Aires America/Santiago America/Caracas America/Toronto
America/New_York America/Bogota America/Lima America/Mexico_City America/Chicago America/Denver
America/Los_Angeles Pacific/Honolulu UTC
"""
