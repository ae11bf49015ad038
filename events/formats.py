"""Events and statements in other formats: record in, plain data out; no query, no request.

Terms are those of schema.org. What a function reads beside the record's own columns must have
been loaded by `for_page()` or is left out.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from network.formats import CONTEXT, reference, without_blanks
from wpssite.base.web import address
from wpssite.base.when import event_when

STATUS = {
    "scheduled": "EventScheduled",
    "rescheduled": "EventRescheduled",
    "postponed": "EventPostponed",
    "cancelled": "EventCancelled",
    "moved-online": "EventMovedOnline",
}
MODE = {
    "offline": "OfflineEventAttendanceMode",
    "online": "OnlineEventAttendanceMode",
    "mixed": "MixedEventAttendanceMode",
}


def event_jsonld(event) -> dict:
    """Return a schema.org Event. Times carry the offset of the place; vague dates stay vague."""
    when = event_when(event)
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "Event",
            "name": event.title,
            "description": event.summary,
            "url": address(event.get_absolute_url()),
            "startDate": when.start.iso,
            "previousStartDate": previous_start(event),
            "endDate": when.end and when.end.iso,
            "duration": duration(event),
            "eventStatus": f"{CONTEXT}/{STATUS[event.event_status]}",
            "eventAttendanceMode": event.mode and f"{CONTEXT}/{MODE[event.mode]}",
            "location": location(event),
            "superEvent": super_event(event),
            "organizer": loaded(event, "participations", organizers),
            "performer": loaded(event, "appearances", performers),
            "inLanguage": event.language,
        }
    )


def previous_start(event) -> str:
    """Return when a moved or postponed event was to begin, with the offset of the place."""
    change = getattr(event, "last_change", None)
    if not change or not change["previous_on"]:
        return ""
    if not change["previous_time"]:
        return change["previous_on"]
    local = datetime.fromisoformat(f"{change['previous_on']}T{change['previous_time']}")
    return local.replace(tzinfo=ZoneInfo(event.zone)).isoformat(timespec="minutes")


def duration(event) -> str:
    """Return an ISO 8601 duration when it is exact and the event's own, else nothing."""
    if not event.duration_minutes or event.duration_about or event.times_of_id:
        return ""
    return f"PT{event.duration_minutes}M"


def location(event) -> dict | None:
    """Return a schema.org Place, or a VirtualLocation for an online event."""
    if event.mode == "online":
        return {"@type": "VirtualLocation", "url": address(event.get_absolute_url())}
    names = [event.room, event.venue, event.city]
    if not any(names):
        return None
    country = reference(event.country) if "country" in event._state.fields_cache else None
    place = {"@type": "PostalAddress", "addressLocality": event.city}
    place["addressCountry"] = country and country["name"]
    return {
        "@type": "Place",
        "name": ", ".join(name for name in names if name),
        "address": without_blanks(place),
    }


def super_event(event) -> dict | None:
    """Return the event or occasion that this one is part of."""
    fields = event._state.fields_cache
    if fields.get("super_event") is not None:
        return reference_event(event.super_event)
    if fields.get("occasion") is not None:
        return {"@type": "Event", "name": event.occasion.name}
    return None


def loaded(record, name: str, make) -> list:
    """Return `make` of a prefetched relation, or nothing where it was not loaded."""
    rows = getattr(record, "_prefetched_objects_cache", {}).get(name, [])
    return make(rows)


def organizers(participations) -> list[dict]:
    hosts = [row for row in participations if row.role != "present"]
    return [found for found in (reference(row.organisation) for row in hosts) if found]


def performers(appearances) -> list[dict]:
    """Return who took part, each in a schema.org Role that names the role on the day."""
    return [
        without_blanks(
            {
                "@type": "PerformanceRole",
                "roleName": row.role_printed or row.get_kind_display(),
                "performer": reference(row.person) or {"@type": "Person", "name": row.who},
            }
        )
        for row in appearances
        if row.presence == "delivered" and row.who and not (row.unnamed_as and not row.person_id)
    ]


def statement_jsonld(statement) -> dict:
    """Return a schema.org CreativeWork: author the speaker, contributor the reader."""
    fields = statement._state.fields_cache
    event = fields.get("event")
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "CreativeWork",
            "name": statement.title,
            "url": address(statement.get_absolute_url()),
            "author": reference(fields.get("person"))
            or without_blanks({"@type": "Person", "name": statement.printed_name}),
            "contributor": reference(fields.get("delivered_by")),
            "dateCreated": statement.date.isoformat(),
            "dateModified": statement.updated_at.isoformat(timespec="seconds"),
            "inLanguage": statement.language,
            "abstract": statement.summary,
            "recordedAt": reference_event(event),
            "about": [topic.name for topic in loaded(statement, "topics", list)],
            "citation": [found.symbol for found in loaded(statement, "resolutions", list)],
        }
    )


def reference_event(event) -> dict | None:
    if event is None or not event.is_public:
        return None
    return {"@type": "Event", "name": event.title, "url": address(event.get_absolute_url())}
