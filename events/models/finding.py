"""Questions asked of events, and what each page of them loads."""

from django.db.models import Prefetch
from django.utils import timezone

from network.models import Topic
from wpssite.base.publishing import PublishableQuerySet

from .participation import EventContext, Participation
from .programme import Appearance, Segment
from .statements import Statement
from .texts import Point


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

    def years(self):
        """The years with events, the latest first."""
        return (
            self.order_by()
            .values_list("starts_on__year", flat=True)
            .distinct()
            .order_by("-starts_on__year")
        )

    def for_cards(self):
        """Load what `includes/_event_card.html` shows: the event, its country and its hosts."""
        hosts = Participation.objects.hosting().select_related("organisation")
        return self.select_related("country", "occasion").prefetch_related(
            Prefetch("participations", hosts, to_attr="hosts")
        )

    def for_page(self):
        """Load what `events/event_detail.html` shows, in one query for each kind of row."""
        appearances = Appearance.objects.select_related(
            "person", "organisation", "delivered_by", "represents", "segment", "remark_about"
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
        return self.select_related(
            "occasion", "series", "super_event", "country", "times_of"
        ).prefetch_related(
            Prefetch("participations", Participation.objects.select_related("organisation")),
            Prefetch("segments", Segment.objects.all()),
            Prefetch("appearances", appearances),
            Prefetch("statements", statements),
            Prefetch("context", context),
            Prefetch("topics", Topic.objects.published()),
            "sources",
            "attachments",
        )
