"""Questions asked of statements, and what each page of them loads."""

from datetime import datetime

from django.db import connections
from django.db.models import Exists, OuterRef, Prefetch, Value
from django.utils import timezone

from network.models import Document, Organisation, Person, Resolution, Topic
from wpssite.base.linked import followed
from wpssite.base.publishing import PublishableQuerySet, published_now

from .texts import StatementParty

# The next language after each, and whether a public statement has it: one step in an index each.
LANGUAGES = """
    WITH RECURSIVE tags (tag) AS (
        SELECT min(language) FROM events_statement WHERE status = 'published' AND language > ''
        UNION ALL
        SELECT (SELECT min(language) FROM events_statement
                WHERE status = 'published' AND language > tags.tag)
        FROM tags WHERE tag IS NOT NULL
    )
    SELECT tag FROM tags WHERE EXISTS (
        SELECT 1 FROM events_statement
        WHERE status = 'published' AND language = tags.tag AND published_at <= %s
    )
"""

ON_A_CARD = ["title", "summary", "date", "person", "printed_name", "role_printed"]
ON_A_CARD += ["event", "occasion_text"]


class StatementQuerySet(PublishableQuerySet):
    def for_cards(self):
        """Load what `cards.statement_cards` shows: speaker, event, for whom, points."""
        return self.for_feed().showing(*ON_A_CARD)

    def for_feed(self):
        """Load what `events.feeds.statement_entry` tells."""
        return self.select_related("person", "event").prefetch_related(
            Prefetch("parties", StatementParty.objects.with_names_then()), "points"
        )

    def for_page(self):
        """Load what `events/statement_detail.html` shows, in one query for each kind of row."""
        return self.select_related(
            "person", "event", "appearance", "delivered_by", "represents", "text_by"
        ).prefetch_related(
            Prefetch("parties", StatementParty.objects.with_names_then()),
            "points",
            "texts",
            Prefetch("topics", Topic.objects.published()),
            Prefetch("resolutions", Resolution.objects.published()),
            Prefetch("documents", Document.objects.published()),
            "sources",
        )

    def for_search(self):
        """Load what `events.search.statement_entry` reads."""
        return self.select_related(
            "person", "event", "delivered_by", "represents"
        ).prefetch_related(
            Prefetch("parties", StatementParty.objects.with_names_then()),
            "points",
            "texts",
            Prefetch("topics", Topic.objects.published()),
            Prefetch("resolutions", Resolution.objects.published()),
            Prefetch("documents", Document.objects.published().prefetch_related("symbols")),
        )

    def made_before(self, moment: datetime):
        return self.filter(date__lt=moment.date())

    def in_year(self, year: int):
        return self.filter(date__year=year)

    def by(self, slug: str):
        """Statements by a public person."""
        return self.filter(person=Person.objects.at(slug))

    def links(self, party: str = "", relations=(), topic: str = "") -> list[tuple]:
        """Return the rows that lead to the statements of a public party and topic (`linked.py`)."""
        found = []
        if party:
            rows = StatementParty.objects.filter(organisation=Organisation.objects.at(party))
            found.append((rows.filter(relation__in=relations), "statement"))
        if topic:
            rows = self.model.topics.through.objects
            found.append((rows.filter(topic=Topic.objects.at(topic)), "statement"))
        return found

    def links_asked(self, asked: dict) -> list[tuple]:
        return self.links(asked["for"], [StatementParty.Relation.FOR], asked["topic"])

    def made_for(self, slug: str):
        """Statements on behalf of a public organisation."""
        return followed(self, self.links(slug, [StatementParty.Relation.FOR]))

    def about(self, slug: str):
        """Statements about a public topic."""
        return followed(self, self.links(topic=slug))

    def in_language(self, tag: str):
        return self.filter(language=tag)

    def with_text(self, kind: str):
        return self.filter(text_kind=kind)

    def of_columns(self, asked: dict):
        """Statements narrowed by those filters of `statement_filters` that are columns."""
        found = self.in_year(asked["year"]) if asked["year"] else self
        found = found.by(asked["speaker"]) if asked["speaker"] else found
        found = found.in_language(asked["language"]) if asked["language"] else found
        return found.with_text(asked["text"]) if asked["text"] else found

    def said_at(self, event: int):
        """Load what links to the statements of an event show, in running order."""
        return self.filter(event=event).in_running_order().showing("title", "event")

    def filter_options(self):
        """What a reader can filter by, from all public statements: ("for" | "topic", slug, name).

        One query, which asks each organisation and topic for one statement.
        """
        made = StatementParty.objects.filter(
            published_now("statement"),
            organisation=OuterRef("pk"),
            relation=StatementParty.Relation.FOR,
        )
        rows = self.model.topics.through.objects
        about = rows.filter(published_now("statement"), topic=OuterRef("pk"))
        found = [
            (Organisation.objects.published().filter(Exists(made)), "for"),
            (Topic.objects.published().filter(Exists(about)), "topic"),
        ]
        for_whom, topics = (
            records.order_by().values_list(Value(what), "slug", "name") for records, what in found
        )
        return for_whom.union(topics)

    def languages(self) -> list[str]:
        """Return the languages of public statements: each is looked up, no statement is read."""
        database = connections[self.db]
        with database.cursor() as cursor:
            cursor.execute(LANGUAGES, [database.ops.adapt_datetimefield_value(timezone.now())])
            return [tag for (tag,) in cursor.fetchall()]

    def in_running_order(self):
        """Statements of an event in the order in which they were delivered."""
        return self.order_by("appearance__order", "date", "pk")
