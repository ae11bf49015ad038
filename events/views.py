"""Pages of events and statements: get rows through a door, render."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import conditional_page

from network.formats import breadcrumbs_jsonld, list_jsonld
from network.models import Organisation, Topic
from wpssite.base.addresses import Moved
from wpssite.base.ical import calendar_response
from wpssite.base.language import gettext as _
from wpssite.base.linked import links_of, newest
from wpssite.base.paging import page_of_listing
from wpssite.base.paths import path_to
from wpssite.base.web import page_of, visible_or_404, zone_asked

from .calendars import calendar_of
from .filters import chips, event_filters, named, query_of, statement_filters
from .formats import event_jsonld, statement_jsonld
from .lists import (
    counts_of,
    event_listing,
    event_options,
    neighbours_of,
    statement_listing,
    statement_options,
)
from .models import Attachment, Event, Statement
from .reading import reading
from .running_order import running_order

MOST = 1000  # events in one calendar, the latest ones


def event_list(request):
    """List events, those to come first, narrowed by what the reader chose."""
    asked = event_filters(request)
    counts = counts_of(Event)
    options = event_options(counts) | {"network": [("yes", _("Network only"))]}
    page = page_of_listing(request, event_listing(asked, counts), settings.PAGE_SIZE)
    context = {
        "page": page,
        "structured": [list_jsonld(page)],
        "asked": asked,
        "options": options,
        "chips": chips(request, asked, options),
        "feed": path_to("events:event_feed") + query_of(asked),
        "calendar": path_to("events:event_calendar") + query_of(asked),
        "tz": zone_asked(request),
    }
    return render(request, "events/event_list.html", context)


def event_year(request, year):
    """List the events of one year, the first one first."""
    events = Event.objects.published().in_year(year).order_by("starts_utc", "pk")
    number = counts_of(Event).by_year[year]
    if not number:
        raise Http404("no events in this year")
    context = {"year": year, "page": page_of(request, events.for_cards(), 100, number)}
    return render(request, "events/event_year.html", context | {"tz": zone_asked(request)})


def event_detail(request, year, slug):
    """Show one event; a wrong year in its address leads to the right one."""
    event = visible_or_404(Event.objects.for_page, request, slug=slug)
    if event.starts_on.year != year:
        raise Moved(event)
    steps = [
        (_("Events"), path_to("events:event_list")),
        (str(year), path_to("events:event_year", year)),
    ]
    context = {
        "record": event,
        "event": event,
        "programme": running_order(event),
        "tz": zone_asked(request),
        "breadcrumbs": steps,
        "structured": [
            event_jsonld(event),
            breadcrumbs_jsonld([*steps, (event.title, event.get_absolute_url())]),
        ],
    }
    return render(request, "events/event_detail.html", context)


def statement_list(request):
    """List statements, the latest first, narrowed by what the reader chose."""
    asked = statement_filters(request)
    counts = counts_of(Statement)
    options = statement_options(counts)
    page = page_of_listing(request, statement_listing(asked, counts), settings.PAGE_SIZE)
    context = {
        "page": page,
        "structured": [list_jsonld(page)],
        "asked": asked,
        "options": options,
        "chips": chips(request, asked, options),
        "feed": path_to("events:statement_feed") + query_of(asked),
    }
    return render(request, "events/statement_list.html", context)


def statement_detail(request, slug):
    """Show one statement with its points, texts, parties and neighbours in running order."""
    statement = visible_or_404(Statement.objects.for_page, request, slug=slug)
    steps = [(_("Statements"), path_to("events:statement_list"))]
    context = {
        "record": statement,
        "statement": statement,
        "reading": reading(request, statement),
        "neighbours": neighbours_of(statement),
        "breadcrumbs": steps,
        "structured": [
            statement_jsonld(statement),
            breadcrumbs_jsonld([*steps, (statement.title, statement.get_absolute_url())]),
        ],
    }
    return render(request, "events/statement_detail.html", context)


@conditional_page
def event_calendar(request):
    """Send the list of events as a calendar, with the same filters."""
    asked = event_filters(request)
    path = path_to("events:event_calendar") + query_of(asked)
    published = Event.objects.published()
    events = newest(published.of_columns(asked).for_calendar(), published.links_asked(asked), MOST)
    return calendar_response("events", calendar_of(named(_("Events"), asked), path, events))


@conditional_page
def event_ics(request, year, slug):
    """Send one event as a calendar; not found when only its month or year is known."""
    event = visible_or_404(Event.objects.published().for_calendar(), request, slug, "event.ics")
    if event.starts_on.year != year:
        raise Moved(event, "event.ics")
    path = f"{event.get_absolute_url()}event.ics"
    return calendar_response(event.slug, calendar_of(event.title, path, [event]))


@conditional_page
def member_calendar(request, slug):
    """Send the events that an organisation held or was at as a calendar."""
    member = visible_or_404(Organisation.objects.published(), request, slug, "calendar.ics")
    path = f"{member.get_absolute_url()}calendar.ics"
    links = [(member.participations.all(), "event")]
    events = newest(Event.objects.published().for_calendar(), links, MOST)
    return calendar_response(member.slug, calendar_of(member.name, path, events))


@conditional_page
def topic_calendar(request, slug):
    """Send the events about a topic as a calendar."""
    topic = visible_or_404(Topic.objects.published(), request, slug, "calendar.ics")
    path = f"{topic.get_absolute_url()}calendar.ics"
    events = newest(Event.objects.published().for_calendar(), links_of(topic.events), MOST)
    return calendar_response(topic.slug, calendar_of(topic.name, path, events))


def picture(request, name):
    """Send a picture of a published event; one used only by hidden records is not found."""
    if not Attachment.objects.shows_publicly(f"pictures/{name}"):
        raise Http404("no such picture")
    try:
        file = default_storage.open(f"pictures/{name}")
    except FileNotFoundError as error:
        raise Http404("no such file") from error
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = "public, max-age=3600"
    return response
