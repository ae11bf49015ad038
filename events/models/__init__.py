"""The records of events; callers write `from events.models import Event`."""

from .appearances import Appearance
from .events import Event
from .files import Attachment
from .occasions import EventSeries, Occasion
from .participation import EventContext, Participation
from .programme import Segment
from .schedule import EventStatus, StatusChange
from .statements import Statement
from .texts import Point, StatementParty, StatementText, TextKind

__all__ = [
    "Appearance",
    "Attachment",
    "Event",
    "EventContext",
    "EventSeries",
    "EventStatus",
    "Occasion",
    "Participation",
    "Point",
    "Segment",
    "Statement",
    "StatementParty",
    "StatementText",
    "StatusChange",
    "TextKind",
]
