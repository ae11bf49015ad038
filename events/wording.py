"""When and where an event is, in words, for feeds and calendars; no query."""

from datetime import date

from django.utils.text import capfirst
from django.utils.translation import ngettext

from wpssite.base.language import gettext as _
from wpssite.base.moments import day_text
from wpssite.base.publishing import public
from wpssite.base.when import event_when


def when_in_words(event) -> list[str]:
    """Return when an event begins, on both clocks, until when it lasts and how exactly we know."""
    when = event_when(event)
    clocks = [clock for clock in (when.start, when.second) if clock]
    return [
        " / ".join(clock_in_words(clock) for clock in clocks),
        *([_("Until %s") % clock_in_words(when.end)] if when.end else []),
        *([length_in_words(event)] if event.duration_minutes else []),
        *([_("The time is approximate.")] if event.starts_about else []),
    ]


def clock_in_words(clock) -> str:
    """Return “11:10, 21 September 2023, New York time”; of a day alone, no zone."""
    name = clock.name if "T" in clock.iso else ""
    return _(", ").join(part for part in (clock.time, clock.date, name) if part)


def length_in_words(event) -> str:
    """Return “about 30 minutes”, and whose time it is when it is not the event's own."""
    minutes = event.duration_minutes
    exact = ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes)
    about = ngettext("about %(minutes)s minute", "about %(minutes)s minutes", minutes)
    text = (about if event.duration_about else exact) % {"minutes": minutes}
    if not event.times_of_id:
        return capfirst(text)
    person = public(event.times_of)
    whose = (
        _("the time that %(name)s attended; the event itself may have been longer.")
        if person
        else _("the time that one person attended; the event itself may have been longer.")
    )
    return capfirst(text + _(": ") + whose % {"name": person and person.name})


def change_in_words(event) -> list[str]:
    """Return that an event was cancelled, postponed or moved, and why; nothing if it was not.

    `last_change` comes with `for_feed()`.
    """
    if event.event_status == "scheduled":
        return []
    change = event.last_change or {}
    earlier = change.get("previous_on")
    return [
        capfirst(f"{event.get_event_status_display()}."),
        *([change["reason"]] if change.get("reason") else []),
        *([_("It had been announced for %s.") % day_text(date.fromisoformat(earlier))]
          if earlier else []),
    ]  # fmt: skip


def place_in_words(event) -> str:
    """Return room, venue, city and country, as far as they are known."""
    if event.mode == event.Mode.ONLINE:
        return _("Online")
    country = public(event.country)
    names = [event.room, event.venue, event.city, country and country.name]
    return ", ".join(name for name in names if name)
