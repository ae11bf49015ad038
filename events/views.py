"""Pages of events and statements: get rows through a door, render."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from network.formats import breadcrumbs_jsonld
from wpssite.base.addresses import Moved
from wpssite.base.web import page_of, visible_or_404, zone_asked

from .filters import chips, event_filters, grouped, statement_filters
from .formats import event_jsonld, statement_jsonld
from .models import Attachment, Event, Statement, TextKind
from .running_order import running_order


def event_list(request):
    """List events, those to come first, narrowed by what the reader chose."""
    asked = event_filters(request)
    published = Event.objects.published()
    options = grouped(
        published.filter_options(),
        kind=Event.Kind.choices,
        network=[("yes", _("Network only"))],
    )
    context = {
        "page": page_of(request, published.narrowed(asked).upcoming_first().for_cards()),
        "asked": asked,
        "options": options,
        "chips": chips(request, asked, options),
        "tz": zone_asked(request),
    }
    return render(request, "events/event_list.html", context)


def event_year(request, year):
    """List the events of one year, the first one first."""
    events = Event.objects.published().in_year(year).order_by("starts_utc", "pk")
    context = {"year": year, "page": page_of(request, events.for_cards(), 100)}
    if not context["page"].object_list:
        raise Http404("no events in this year")
    return render(request, "events/event_year.html", context | {"tz": zone_asked(request)})


def event_detail(request, year, slug):
    """Show one event; a wrong year in its address leads to the right one."""
    event = visible_or_404(Event.objects.for_page(), request, slug=slug)
    if event.starts_on.year != year:
        raise Moved(event)
    steps = [(_("Events"), "/events/"), (str(year), f"/events/{year}/")]
    context = {
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
    published = Statement.objects.published()
    options = grouped(published.filter_options(), text=TextKind.choices)
    context = {
        "page": page_of(request, published.narrowed(asked).for_cards()),
        "asked": asked,
        "options": options,
        "chips": chips(request, asked, options),
    }
    return render(request, "events/statement_list.html", context)


def statement_detail(request, slug):
    """Show one statement with its points, texts, parties and neighbours in running order."""
    statement = visible_or_404(Statement.objects.for_page(), request, slug=slug)
    steps = [(_("Statements"), "/statements/")]
    context = {
        "statement": statement,
        "neighbours": Statement.objects.published().neighbours_of(statement),
        "breadcrumbs": steps,
        "structured": [
            statement_jsonld(statement),
            breadcrumbs_jsonld([*steps, (statement.title, statement.get_absolute_url())]),
        ],
    }
    return render(request, "events/statement_detail.html", context)


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
