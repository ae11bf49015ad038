"""The programme of an event as a page shows it: its parts in order, the speakers within them."""

from dataclasses import dataclass, field

from wpssite.base.prepared import rows

from .models import Appearance, Segment, Statement


@dataclass
class Speaker:
    appearance: Appearance
    place: int  # within the part, from 1
    statement: Statement | None  # what they said, when it is public


@dataclass
class Part:
    title: str
    segment: Segment | None = None
    speakers: list[Speaker] = field(default_factory=list)


def running_order(event) -> list[Part]:
    """Return the parts of an event loaded with `for_page()`, in order; no query.

    Appearances outside any segment follow, grouped by what they were (moderation, panel …).
    """
    statements = {row.appearance_id: row for row in rows(event, "statements") if row.appearance_id}
    parts = {row.pk: Part(str(row), row) for row in rows(event, "segments")}
    for appearance in rows(event, "appearances"):
        key = appearance.segment_id or appearance.kind
        part = parts.setdefault(key, Part(appearance.get_kind_display()))
        place = len(part.speakers) + 1
        part.speakers.append(Speaker(appearance, place, statements.get(appearance.pk)))
    return list(parts.values())
