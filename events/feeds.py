"""Feeds of events and statements: all, those of a filter, those around a member, person, topic."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from network.feeds import resolution_entry
from network.models import Organisation, Person, Topic
from wpssite.base.feeds import ENTRIES, Channel, Entry, RecordFeed, entry_of, newest_of
from wpssite.base.linked import links_of, newest
from wpssite.base.moments import day_text
from wpssite.base.publishing import public
from wpssite.base.web import address, visible_or_404

from .filters import event_filters, named, query_of, statement_filters
from .models import Event, Statement, StatementParty
from .wording import change_in_words, place_in_words, when_in_words

FEED = "feed/"
Relation = StatementParty.Relation


def event_entry(event) -> Entry:
    """Return an event, loaded with `for_feed()`: what, when, where, whether it went ahead."""
    change = change_in_words(event)
    lines = [*change, event.summary, *when_in_words(event), place_in_words(event)]
    return entry_of(
        event,
        title=event.title,
        summary=" ".join(filter(None, [*change, event.summary])),
        content=paragraphs(lines),
        categories=(event.get_kind_display(),),
    )


def statement_entry(statement) -> Entry:
    """Return a statement, loaded with `for_feed()`, with every point, by its speaker."""
    person = public(statement.person)
    points = [point.text for point in statement.points.all()]
    return entry_of(
        statement,
        title=statement.title,
        summary=statement.summary or "".join(points[:1]),
        content=format_html(
            "{}{}{}{}",
            paragraphs([statement.summary]),
            format_html_join("", "<p>{}. {}</p>", enumerate(points, start=1)),
            paragraphs([capfirst(_(", ").join(for_whom(statement)))]),
            occasion(statement),
        ),
        author=", ".join(part for part in (statement.who, statement.role_printed) if part),
        author_path=person.get_absolute_url() if person else "",
        categories=(statement.get_kind_display(),),
    )


def paragraphs(lines) -> str:
    """Return lines of plain text as HTML, without the empty ones."""
    return format_html_join("", "<p>{}</p>", ([line] for line in lines if line))


def for_whom(statement) -> list[str]:
    """Return “for Japan” and the like: the public organisations a statement was made for."""
    return [
        _("for %s") % (party.name_then or party.organisation.name)
        for party in statement.parties.all()
        if party.relation == Relation.FOR and public(party.organisation)
    ]


def occasion(statement) -> str:
    """Return, as HTML, where and when a statement was made."""
    day, event = day_text(statement.date), public(statement.event)
    if event is None:
        return paragraphs([_(", ").join(part for part in (statement.occasion_text, day) if part)])
    link = address(event.get_absolute_url())
    return format_html('<p><a href="{}">{}</a>{}{}</p>', link, event.title, _(", "), day)


def event_entries(links=(), events=None) -> list[Entry]:
    """Return the newest public events that links lead to (`linked.py`)."""
    events = Event.objects.published() if events is None else events
    return [event_entry(row) for row in newest(events.for_feed().newest_first(), links, ENTRIES)]


def statement_entries(links=(), statements=None) -> list[Entry]:
    """Return the newest public statements that links lead to (`linked.py`)."""
    statements = Statement.objects.published() if statements is None else statements
    rows = newest(statements.for_feed().newest_first(), links, ENTRIES)
    return [statement_entry(row) for row in rows]


class EventFeed(RecordFeed):
    """The list of events as a feed, with the same filters."""

    def get_object(self, request):
        asked = event_filters(request)
        events, query = Event.objects.published(), query_of(asked)
        found = event_entries(events.links_asked(asked), events.of_columns(asked))
        paths = reverse("events:event_list") + query, reverse("events:event_feed") + query
        return Channel(named(_("Events"), asked), *paths, found)


class StatementFeed(RecordFeed):
    """The list of statements as a feed, with the same filters."""

    def get_object(self, request):
        asked = statement_filters(request)
        statements, query = Statement.objects.published(), query_of(asked)
        found = statement_entries(statements.links_asked(asked), statements.of_columns(asked))
        paths = reverse("events:statement_list") + query, reverse("events:statement_feed") + query
        return Channel(named(_("Statements"), asked), *paths, found)


def channel_of(record, title: str, found: list[Entry]) -> Channel:
    """Return the feed of one record, known by the record's own identity."""
    page = record.get_absolute_url()
    return Channel(title, page, page + FEED, found, uid=f"{record.uid.urn}#feed")


class MemberFeed(RecordFeed):
    """What an organisation took part in, and the statements it made, joined or aligned with."""

    def get_object(self, request, slug):
        member = visible_or_404(Organisation.objects.published(), request, slug, FEED)
        events = event_entries([(member.participations.all(), "event")])
        statements = statement_entries([(member.statement_parties.all(), "statement")])
        return channel_of(member, member.name, newest_of(events, statements))


class PersonFeed(RecordFeed):
    """What somebody said, and the events they appeared at."""

    def get_object(self, request, slug):
        person = visible_or_404(Person.objects.published(), request, slug, FEED)
        events = event_entries([(person.appearances.all(), "event")])
        statements = statement_entries(statements=person.statements.published())
        return channel_of(person, person.name, newest_of(events, statements))


class TopicFeed(RecordFeed):
    """Events, statements and resolutions about a topic."""

    def get_object(self, request, slug):
        topic = visible_or_404(Topic.objects.published(), request, slug, FEED)
        events = event_entries(links_of(topic.events))
        statements = statement_entries(links_of(topic.statements))
        resolutions = map(resolution_entry, topic.resolution_set.published().newest())
        return channel_of(topic, topic.name, newest_of(events, statements, resolutions))
