"""Questions asked of events, and what each page of them loads."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta

from django.db.models import Exists, Index, OuterRef, Prefetch, Value
from django.utils import timezone

from network.models import Organisation, Topic
from wpssite.base.linked import followed
from wpssite.base.moments import VAGUE
from wpssite.base.prepared import now
from wpssite.base.publishing import PublishableQuerySet, published_now

from .appearances import Appearance
from .participation import HOSTING, EventContext, Participation
from .programme import Segment
from .schedule import StatusChange
from .statements import Statement
from .texts import Point

# For lists in their order, what is to come, one kind, and what became public last.
INDEXES = [
    Index(fields=["status", "published_at", "id"], name="events_event_as_published"),
    Index(
        fields=["status", "starts_utc", "id", "published_at", "ends_utc"],
        name="events_event_in_order",
    ),
    Index(
        fields=["status", "ends_utc", "starts_utc", "published_at"], name="events_event_upcoming"
    ),
    Index(
        fields=["status", "kind", "starts_utc", "id", "published_at"], name="events_event_by_kind"
    ),
]


def options(records, what: str):
    """Return rows ("what", slug, name) of `records` for a filter form."""
    return records.order_by().values_list(Value(what), "slug", "name")


ON_A_CARD = ["title", "kind", "event_status", "mode", "city", "zone", "second_zone"]
ON_A_CARD += ["starts_on", "starts_time", "starts_precision", "starts_utc"]
ON_A_CARD += ["ends_on", "ends_time", "ends_utc", "second_printed_on", "second_printed_time"]

# Of a statement, on the page of its event.
AT_ITS_EVENT = ["title", "event", "appearance", "person", "printed_name", "role_printed"]
AT_ITS_EVENT += ["text_kind"]


class EventQuerySet(PublishableQuerySet):
    def upcoming(self):
        """Events not over yet, the next one first."""
        return self.filter(ends_utc__gte=timezone.now()).order_by("starts_utc", "pk")

    def past(self, begun_before: datetime | None = None):
        """Events that are over, the last one first; only those begun before a moment.

        All have begun before now: that lets the index by beginning give them in their order. One
        bound it is, for SQLite begins with the first that it finds.
        """
        moment = now()
        begun = {"starts_utc__lt": begun_before or moment}
        return self.filter(ends_utc__lt=moment, **begun).order_by("-starts_utc", "-pk")

    def upcoming_keys(self):
        """(begin, key) of the events not over yet, by their ends, for they are few."""
        rows = self.filter(ends_utc__gte=now()).order_by("ends_utc")
        return rows.values_list("starts_utc", "pk")

    def in_year(self, year: int):
        """Events that began in a calendar year, as the calendar on their own wall showed it.

        No clock is a day away from UTC, which lets the index by beginning find the year.
        """
        first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, tzinfo=UTC)
        day, found = timedelta(days=1), self.filter(starts_on__year=year)
        if year > MINYEAR:
            found = found.filter(starts_utc__gte=first - day)
        return found.filter(starts_utc__lt=last + 2 * day) if year < MAXYEAR else found

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def of_the_network(self):
        """Events of the Network itself, not those that the record only needs."""
        return self.filter(network_event=True)

    def links(self, host: str = "", topic: str = "") -> list[tuple]:
        """Return the rows that lead to the events of a public host and topic (`linked.py`)."""
        found = []
        if host:
            rows = Participation.objects.hosting().filter(
                organisation=Organisation.objects.at(host)
            )
            found.append((rows, "event"))
        if topic:
            rows = self.model.topics.through.objects
            found.append((rows.filter(topic=Topic.objects.at(topic)), "event"))
        return found

    def hosted_by(self, slug: str):
        """Events that a public organisation held, alone or with others."""
        return followed(self, self.links(host=slug))

    def about(self, slug: str):
        """Events about a public topic."""
        return followed(self, self.links(topic=slug))

    def with_a_day(self):
        """Events of which at least the day is known, so that a calendar can hold them."""
        return self.exclude(starts_precision__in=VAGUE)

    def of_columns(self, asked: dict):
        """Events narrowed by those filters of `event_filters` that are columns of their own."""
        events = self.in_year(asked["year"]) if asked["year"] else self
        events = events.of_kind(asked["kind"]) if asked["kind"] else events
        return events.of_the_network() if asked["network"] else events

    def links_asked(self, asked: dict) -> list[tuple]:
        return self.links(host=asked["host"], topic=asked["topic"])

    def first_to_show(self):
        """Return the event that the home page shows: the next one, else the last one."""
        coming = sorted(self.upcoming_keys())[:1]
        return self.filter(pk=coming[0][1]).first() if coming else self.past().first()

    def filter_options(self):
        """What a reader can filter by, from all public events: ("host" | "topic", slug, name).

        One query, which asks each organisation and topic for one event, however many there are.
        """
        held = Participation.objects.filter(
            published_now("event"), organisation=OuterRef("pk"), role__in=HOSTING
        )
        rows = self.model.topics.through.objects
        about = rows.filter(published_now("event"), topic=OuterRef("pk"))
        hosts = Organisation.objects.published().filter(Exists(held))
        topics = Topic.objects.published().filter(Exists(about))
        return options(hosts, "host").union(options(topics, "topic"))

    def for_cards(self):
        """Load what `cards.event_cards` shows: the event and its hosts."""
        hosts = Participation.objects.hosting().with_names_then()
        return self.showing(*ON_A_CARD).prefetch_related(
            Prefetch("participations", hosts, to_attr="hosts")
        )

    def for_feed(self):
        """Load what `events.feeds.event_entry` tells."""
        return self.annotate(last_change=StatusChange.objects.last_of("pk")).select_related(
            "country", "times_of"
        )

    def for_calendar(self):
        """Load what `events.calendars.calendar_items` tells; only events that have a day."""
        return (
            self.with_a_day()
            .for_feed()
            .prefetch_related(
                Prefetch("segments", Segment.objects.filter(kind=Segment.Kind.SITTING)),
                Prefetch("appearances", Appearance.objects.select_related("person")),
                Prefetch("topics", Topic.objects.published()),
            )
        )

    def for_search(self):
        """Load what `events.search.event_entry` reads."""
        shows = Appearance.objects.with_names_then().select_related(
            "person", "organisation", "delivered_by", "represents", "remark_about"
        )
        context = EventContext.objects.select_related("resolution", "plan", "organisation")
        return self.select_related("occasion", "series", "country").prefetch_related(
            Prefetch("participations", Participation.objects.with_names_then()),
            Prefetch("appearances", shows),
            Prefetch("context", context),
            Prefetch("topics", Topic.objects.published()),
            "segments",
            "attachments",
        )

    def for_page(self):
        """Load what `events/event_detail.html` shows, in one query for each kind of row."""
        appearances = Appearance.objects.with_names_then().select_related(
            "person", "organisation", "delivered_by", "represents", "remark_about"
        )
        said = Statement.objects.published().showing(*AT_ITS_EVENT).select_related("person")
        statements = said.prefetch_related(Prefetch("points", Point.objects.all()))
        context = EventContext.objects.select_related(
            "resolution",
            "plan__owner",
            "membership__body",
            "membership__organisation",
            "claim__source",
            "organisation",
        )
        return (
            self.annotate(last_change=StatusChange.objects.last_of("pk"))
            .select_related("occasion", "series", "super_event", "country", "times_of")
            .prefetch_related(
                Prefetch("participations", Participation.objects.with_names_then()),
                Prefetch("segments", Segment.objects.all()),
                Prefetch("appearances", appearances),
                Prefetch("statements", statements),
                Prefetch("context", context),
                Prefetch("topics", Topic.objects.published()),
                "sources",
                "attachments",
            )
        )
