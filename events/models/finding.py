"""Questions asked of events, and what each page of them loads."""

from django.db.models import Case, CharField, Exists, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from network.models import Organisation, Topic
from wpssite.base.moments import VAGUE
from wpssite.base.publishing import PublishableQuerySet

from .appearances import Appearance
from .participation import EventContext, Participation
from .programme import Segment
from .schedule import StatusChange
from .statements import Statement
from .texts import Point


def options(records, what: str):
    """Return rows ("what", slug, name) of `records` for a filter form."""
    return records.order_by().values_list(Value(what), "slug", "name")


class EventQuerySet(PublishableQuerySet):
    def upcoming(self):
        """Events not over yet, the next one first."""
        return self.filter(ends_utc__gte=timezone.now()).order_by("starts_utc", "pk")

    def past(self):
        """Events that are over, the last one first."""
        return self.filter(ends_utc__lt=timezone.now()).order_by("-starts_utc", "-pk")

    def in_year(self, year: int):
        """Events that began in a calendar year, as the calendar on their own wall showed it."""
        return self.filter(starts_on__year=year)

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def of_the_network(self):
        """Events of the Network itself, not those that the record only needs."""
        return self.filter(network_event=True)

    def hosted_by(self, slug: str):
        """Events that a public organisation held, alone or with others."""
        hosts = Participation.objects.hosting().filter(
            organisation__in=Organisation.objects.published(), organisation__slug=slug
        )
        return self.filter(Exists(hosts.filter(event=OuterRef("pk"))))

    def about(self, slug: str):
        """Events about a public topic."""
        return self.filter(topics__in=Topic.objects.published().filter(slug=slug))

    def with_person(self, person):
        """Events in which somebody appeared."""
        return self.filter(Exists(Appearance.objects.filter(event=OuterRef("pk"), person=person)))

    def with_organisation(self, organisation):
        """Events that an organisation held or was at."""
        rows = Participation.objects.filter(event=OuterRef("pk"), organisation=organisation)
        return self.filter(Exists(rows))

    def with_a_day(self):
        """Events of which at least the day is known, so that a calendar can hold them."""
        return self.exclude(starts_precision__in=VAGUE)

    def narrowed(self, asked: dict):
        """Events narrowed by what `events.filters.event_filters` found in an address."""
        events = self.in_year(asked["year"]) if asked["year"] else self
        events = events.of_kind(asked["kind"]) if asked["kind"] else events
        events = events.hosted_by(asked["host"]) if asked["host"] else events
        events = events.about(asked["topic"]) if asked["topic"] else events
        return events.of_the_network() if asked["network"] else events

    def upcoming_first(self):
        """Events to come, the next one first; then the past ones, the last one first."""
        to_come = Q(ends_utc__gte=timezone.now())
        return self.order_by(
            Case(When(to_come, then=0), default=1),
            Case(When(to_come, then="starts_utc")).asc(nulls_last=True),
            "-starts_utc",
            "-pk",
        )

    def filter_options(self):
        """What a reader can filter by, from these events: ("year" | "host" | "topic", value, name).

        One query for the three, so that a list costs the same however many there are.
        """
        events = self.order_by().values("pk")
        years = self.order_by().annotate(
            what=Value("year"), value=Cast("starts_on__year", CharField())
        )  # fmt: skip
        hosts = Organisation.objects.published().filter(
            Exists(Participation.objects.hosting().filter(
                event__in=events, organisation=OuterRef("pk")))
        )  # fmt: skip
        topics = Topic.objects.published().filter(events__in=events)
        return (
            years.values_list("what", "value", "value")
            .union(options(hosts, "host"), options(topics, "topic"))
        )  # fmt: skip

    def for_cards(self):
        """Load what `includes/_event_card.html` shows: the event, its country and its hosts."""
        hosts = Participation.objects.hosting().with_names_then()
        return self.select_related("country", "occasion").prefetch_related(
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
        statements = (
            Statement.objects.published()
            .select_related("person")
            .prefetch_related(Prefetch("points", Point.objects.all()))
        )
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
