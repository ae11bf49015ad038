"""Calendar files (RFC 5545 and 7986) from plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import HttpResponse

from .text import without_controls

PRODUCT = "-//WPS Focal Points Network//The record//EN"
REFRESH = timedelta(hours=12)


@dataclass(frozen=True)
class Item:
    """One event of a calendar (VEVENT).

    starts, ends: days, or moments whose `tzinfo` is the ZoneInfo of the place; `ends` is the
    first day or moment after it, or None where no end is known.
    """

    uid: str
    title: str
    starts: date | datetime
    ends: date | datetime | None
    changed: datetime
    sequence: int
    status: str  # CONFIRMED, TENTATIVE or CANCELLED
    url: str
    description: str = ""
    location: str = ""
    categories: tuple[str, ...] = ()
    parent: str = ""  # the UID of what this is a part of


def calendar_file(name: str, description: str, source: str, items: Iterable[Item]) -> bytes:
    """Return an iCalendar file; `source` is the public address that it is kept at."""
    import icalendar  # Slow to import, and only these addresses need it.

    items = list(items)
    zones = zones_of(items)
    calendar = icalendar.Calendar()
    calendar.prodid, calendar.version = PRODUCT, "2.0"
    calendar.calendar_name = without_controls(name)
    calendar.description = without_controls(description)
    calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    calendar.add("source", source, {"VALUE": "URI"})
    events = [vevent(item, zones) for item in items]
    used = {moment.params["TZID"] for event in events for moment in moments_with_zone(event)}
    for zone in sorted(used):
        calendar.add_component(zones[zone])
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def moments_with_zone(event) -> list:
    """Return the properties of a VEVENT that name a VTIMEZONE."""
    found = [event[name] for name in ("DTSTART", "DTEND") if name in event]
    return [moment for moment in found if "TZID" in moment.params]


def zones_of(items: list[Item]) -> dict:
    """Return a VTIMEZONE for each zone, by its name, that holds through all the items."""
    from icalendar import Timezone

    years = {}
    for item in items:
        for moment in (item.starts, item.ends):
            if isinstance(moment, datetime):
                years.setdefault(moment.tzinfo, set()).add(moment.year)
    return {
        zone.key: Timezone.from_tzinfo(
            zone, zone.key, date(min(found), 1, 1), date(max(found) + 1, 1, 2)
        )
        for zone, found in years.items()
    }


def vevent(item: Item, zones: dict):
    """Return one VEVENT."""
    from icalendar import Event

    event = Event()
    event.add("uid", item.uid)
    event.add("dtstamp", item.changed)
    event.add("last-modified", item.changed)
    event.add("sequence", item.sequence)
    event.add("summary", without_controls(item.title))
    event.add("status", item.status)
    event.add("url", item.url)
    for name, moment in (("dtstart", item.starts), ("dtend", item.ends)):
        if moment is not None:
            event.add(name, *in_file(moment, zones))
    for name, text in (("description", item.description), ("location", item.location)):
        if text:
            event.add(name, without_controls(text))
    if item.categories:
        event.add("categories", [without_controls(str(category)) for category in item.categories])
    if item.parent:
        event.add("related-to", item.parent, {"RELTYPE": "PARENT"})
    return event


def in_file(moment, zones: dict) -> tuple:
    """Return value and parameters: of a day, of a clock time with its zone, or of a moment in UTC.

    UTC stands where the VTIMEZONE misleads. The zone is named here because icalendar would write
    some, such as Bamako's, as UTC.
    """
    if not isinstance(moment, datetime):
        return (moment,)
    zone = moment.tzinfo.key
    if tells(zones[zone], moment):
        return moment.replace(tzinfo=None, fold=0), {"TZID": zone}
    return (moment.astimezone(UTC),)


def tells(zone, moment: datetime) -> bool:
    """Return whether a VTIMEZONE gives the offset of a moment, however a program reads it.

    It may look for the last change before the clock time or before the instant. The two differ in
    the hours around a change, where a clock time may also mean two instants; and icalendar
    misses a period of less than 64 days (Morocco's Ramadan).
    """
    changes = [
        (onset, part.TZOFFSETFROM, part.TZOFFSETTO)
        for part in zone.subcomponents
        for onset in [part.DTSTART, *(moment for moment, _period in part.rdates)]
    ]
    clock, instant = moment.replace(tzinfo=None), moment.astimezone(UTC).replace(tzinfo=None)
    by_clock = max(change for change in changes if change[0] <= clock)
    by_instant = max(change for change in changes if change[0] - change[1] <= instant)
    return by_clock[2] == by_instant[2] == moment.utcoffset()


def calendar_response(name: str, content: bytes) -> HttpResponse:
    """Return a calendar file as an answer; `name` without its suffix."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response
