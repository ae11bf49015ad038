"""Events as items of a calendar: record in, plain data out; no query.

What is read was loaded with `for_calendar()`. An event of which only the month or the year is
known has no place in a calendar.
"""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from wpssite.base.ical import Item, calendar_file
from wpssite.base.moments import to_utc
from wpssite.base.publishing import public
from wpssite.base.web import address

from .models import Appearance, EventStatus
from .wording import change_in_words, place_in_words, when_in_words

STATUS = {EventStatus.CANCELLED: "CANCELLED", EventStatus.POSTPONED: "TENTATIVE"}
SILENT = {Appearance.Kind.ATTENDANCE}


def calendar_of(title: str, path: str, events) -> bytes:
    """Return a calendar file of events; `path` is its own address on this site."""
    name = _("%s: WPS Focal Points Network") % title
    about = _("Events of the record whose day is known, with their sittings.")
    return calendar_file(name, about, address(path), calendar_items(events))


def calendar_items(events) -> list[Item]:
    """Return the events, each followed by its sittings on days of their own."""
    return [item for event in events for item in (event_item(event), *sitting_items(event))]


def event_item(event) -> Item:
    """Return the event itself. The end is left out where it is not known."""
    starts, ends = bounds(event)
    return Item(
        uid=str(event.uid),
        title=event.title,
        starts=starts,
        ends=ends,
        description="\n".join(description(event)),
        location=place_in_words(event),
        categories=(event.get_kind_display(), *(topic.name for topic in event.topics.all())),
        **common(event),
    )


def common(event) -> dict:
    """Return what an event and its sittings have in common."""
    return {
        "changed": event.updated_at,
        "sequence": sequence(event),
        "status": STATUS.get(event.event_status, "CONFIRMED"),
        "url": address(event.get_absolute_url()),
    }


def sequence(event) -> int:
    """Return a number that rises with each change: the seconds from entry to the last change."""
    return max(0, int((event.updated_at - event.created_at).total_seconds()))


def bounds(event) -> tuple:
    """Return when an event begins and is over (the end exclusive, or None): days or moments.

    Days when no clock time is known, or when it ends on a later day at an unknown hour.
    """
    last = event.ends_on or event.starts_on
    if not event.has_clock_time or (last > event.starts_on and not event.ends_time):
        return event.starts_on, last + timedelta(days=1)
    zone = ZoneInfo(event.zone)
    # How long one person stayed is not how long the event was.
    known = (event.ends_on and event.ends_time) or (
        event.duration_minutes and not event.ends_on and not event.times_of_id
    )
    known = known and event.ends_utc > event.starts_utc
    return event.starts_utc.astimezone(zone), event.ends_utc.astimezone(zone) if known else None


def description(event) -> list[str]:
    """Return the lines of a description: what became of it, what it is, when, who speaks."""
    lines = [*change_in_words(event), event.summary, *when_in_words(event)]
    found = speakers(event)
    return [line for line in lines if line] + ([_("Speakers:"), *found] if found else [])


def speakers(event) -> list[str]:
    """Return who spoke or is to speak, with the role on the day, in running order, each once."""
    rows = [
        row
        for row in event.appearances.all()
        if (row.printed_name or public(row.person))
        and row.presence != Appearance.Presence.ABSENT
        and row.kind not in SILENT
    ]
    return list(dict.fromkeys(speaker(row) for row in rows))


def speaker(row) -> str:
    """Return the name and role of one speaker, and how sure it is that they take part."""
    doubt = "" if row.presence == Appearance.Presence.DELIVERED else row.get_presence_display()
    words = ", ".join(part for part in (row.who, row.role_printed) if part)
    return f"{words} ({doubt})" if doubt else words


def sitting_items(event) -> list[Item]:
    """Return the sittings that have a day of their own.

    A sitting is known by its number within the event, which outlasts a move to other days.
    """
    return [
        Item(
            uid=str(uuid.uuid5(event.uid, f"sitting {number}")),
            title=f"{event.title}: {sitting}",
            starts=starts,
            ends=ends,
            description="\n".join([*change_in_words(event), *filter(None, [sitting.part_of_day])]),
            location=sitting.venue or place_in_words(event),
            parent=str(event.uid),
            **common(event),
        )
        for number, sitting in enumerate(event.segments.all(), start=1)
        if sitting.starts_on
        for starts, ends in [sitting_bounds(event, sitting)]
    ]


def sitting_bounds(event, sitting) -> tuple:
    """Return when a sitting begins and is over (the end exclusive, or None): days or moments."""
    if not sitting.starts_time:
        return sitting.starts_on, sitting.starts_on + timedelta(days=1)
    starts = moment_of(event, sitting, sitting.starts_time)
    ends = sitting.ends_time and moment_of(event, sitting, sitting.ends_time)
    return starts, ends if ends and ends > starts else None


def moment_of(event, sitting, clock) -> datetime:
    """Return a clock time of a sitting as a moment in the zone of the place."""
    moment = to_utc(sitting.starts_on, clock, event.zone, event.fold)
    return moment.astimezone(ZoneInfo(event.zone))
