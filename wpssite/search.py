"""The search page: every kind of public record in one ranking, narrowed by facets."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from urllib.parse import quote_plus, urlencode

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page

from events.calendars import calendar_of
from events.filters import chips, query_of
from events.models import Event
from events.views import MOST
from network.models import Organisation
from wpssite.base.countries import country_name
from wpssite.base.edition import edition_now
from wpssite.base.formatting import language_name
from wpssite.base.hits import Hits, facets_of, hits_of, named_hits_of
from wpssite.base.ical import calendar_response
from wpssite.base.kept import kept
from wpssite.base.language import gettext as _
from wpssite.base.language import language
from wpssite.base.linked import in_order
from wpssite.base.marking import marked, passage
from wpssite.base.models import SearchDocument
from wpssite.base.moments import day_text
from wpssite.base.paging import Listing, page_of_listing
from wpssite.base.paths import path_to
from wpssite.base.text import fold
from wpssite.base.web import choice_asked, slug_asked, year_asked
from wpssite.base.words import Query, parse

from .catalogue import KINDS
from .indexing import refresh

FACETS_SHOWN = 10  # values of a facet
SUGGESTIONS = 8
NAMES_COMPARED = 1000  # when nothing is found
KIND_NAMED = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Result:
    """One row of the page, its words in pieces: (text, whether it is marked)."""

    kind: str
    date: str
    path: str
    language: str
    title: list[tuple[str, bool]]
    text: list[tuple[str, bool]]


def search(request):
    """Show what fits the reader's words, or how to ask."""
    hits, query, asked, edition = hits_asked(request)
    if not query:
        return render(request, "search.html", {"query": query})
    text = address_of(query, asked)
    name = ("facets", language(), query.text, *asked.values())
    options, number = kept(name, lambda: options_of(hits), edition), len(hits)
    none = SearchDocument.objects.none()  # All that is found is named by its key.
    listing = Listing(SearchDocument.objects.for_results, none, number, first=hits.keys)
    page = page_of_listing(request, listing, settings.PAGE_SIZE)
    context = {
        "query": query,
        "feed": path_to("search_feed") + text,
        "calendar": path_to("search_calendar") + text,
        "page": page,
        "more": hits.more,
        "results": [result(row, query) for row in page],
        "facets": links(request, options, asked),
        "chips": chips(request, asked, options),
        "instead": "" if number else did_you_mean(query),
    }
    return render(request, "search.html", context)


def hits_asked(request):
    """Return the public hits of the words and filters in an address, both of them, and the edition.

    The edition is the one before: what follows from the hits is kept for no other one.
    """
    query, asked = parse(request.GET.get("q", "")), search_filters(request)
    if not query:
        return Hits([], False), query, asked, None
    before = edition_now()  # A change after `refresh()` parts what is found from what is looked at.
    refresh()
    name = ("hits", query.text, *asked.values())
    hits = kept(name, lambda: hits_of(query, **asked), before)
    return hits, query, asked, before


def address_of(query: Query, asked: dict) -> str:
    """Return the query string of a search, with the filters in use and no other parameter."""
    return query_of({"q": query.text} | asked)


@conditional_page
def search_calendar(request):
    """Send the events among the hits as a calendar."""
    hits, query, asked, _edition = hits_asked(request)
    keys = SearchDocument.objects.with_keys(hits.keys).keys_by_kind().get("events", [])
    events = Event.objects.published().with_keys(keys).for_calendar()[:MOST]
    path = path_to("search_calendar") + address_of(query, asked)
    return calendar_response("search", calendar_of(query.text, path, events))


def suggest(request):
    """Answer with titles of records that a reader may be typing; none for a single letter."""
    query, found = parse(request.GET.get("q", "")), []
    if len(query.text) > 1 and query:
        refresh()
        hits = named_hits_of(query)
        found = [
            {"title": row.title, "kind": kind_label(row.kind), "url": in_this_language(row.path)}
            for row in in_order(SearchDocument.objects.for_results(), hits.keys[:SUGGESTIONS])
        ]
    return JsonResponse({"suggestions": found})


def search_filters(request) -> dict:
    """Return the filters asked for; BadRequest (400) for a value that cannot be one."""
    return {
        "kind": choice_asked(request, "kind", KIND_NAMED),
        "year": year_asked(request),
        "member": slug_asked(request, "member"),
        "topic": slug_asked(request, "topic"),
        "language": slug_asked(request, "language"),
    }


def kind_label(name: str, many: bool = False) -> str:
    return kind_in(language(), name, many)


@cache
def kind_in(_language: str, name: str, many: bool) -> str:
    options = KIND_NAMED[name].model._meta
    return str(options.verbose_name_plural if many else options.verbose_name)


def options_of(hits) -> dict:
    """Return the values of each facet as (value, label) with their number of hits."""
    kinds, years = {}, {}
    for (kind, year), number in hits.by_kind_and_year.items():
        kinds[kind] = kinds.get(kind, 0) + number
        years[year] = years.get(year, 0) + number
    years.pop(None, None)
    found = {
        "kind": [(kind, kind_label(kind, many=True), kinds[kind]) for kind in sorted(kinds)],
        "year": [(str(year), str(year), years[year]) for year in sorted(years, reverse=True)],
        "member": [],
        "topic": [],
        "language": [],
    }
    codes = codes_of_countries()
    for facet, value, label, number in facets_of(hits.keys):
        name = language_name(value) if facet == "language" else label
        name = country_name(codes.get(value, ""), name) if facet == "member" else name
        found[facet].append((value, name, number))
    return {name: [Choice(*value) for value in values] for name, values in found.items()}


def codes_of_countries() -> dict[str, str]:
    """Return the codes of countries by address; none on pages that name them as records do."""
    if language() == settings.LANGUAGE_CODE:
        return {}
    return kept("codes of countries", Organisation.objects.published().codes_of_countries)


class Choice(tuple):
    """(value, label) of a facet, as `chips` takes it, and the `number` of its hits."""

    def __new__(cls, value, label, number):
        choice = super().__new__(cls, (value, label))
        choice.number = number
        return choice


def links(request, options: dict, asked: dict) -> list[tuple]:
    """Return (name of the facet, (label, number, address) of its values); not those in use."""
    names = {
        "kind": _("Kind"),
        "year": _("Year"),
        "member": _("Member or organisation"),
        "topic": _("Topic"),
        "language": _("Language"),
    }
    found = []
    for facet, choices in options.items():
        if choices and not asked[facet]:
            start = narrower(request, facet)
            shown = choices[:FACETS_SHOWN]
            links = [(choice[1], choice.number, start + quote_plus(choice[0])) for choice in shown]
            found.append((names[facet], links))
    return found


def narrower(request, name: str) -> str:
    """Return the address of the present search from its first page, up to the value of a filter."""
    others = {name, "page", "after", "before"}
    kept = [pair for pair in request.GET.lists() if pair[0] not in others]
    return f"{request.path}?{urlencode(kept, doseq=True)}&{name}="


def result(row, query: Query) -> Result:
    return Result(
        kind=kind_label(row.kind),
        date=day_text(row.day, row.precision) if row.day else str(row.year or ""),
        path=in_this_language(row.path),
        language=row.language,
        title=marked(row.title, query),
        text=passage(row.text, query),
    )


def in_this_language(path: str) -> str:
    """Return an address kept in the default language as it is in the present one."""
    tag = language()
    return path if tag == settings.LANGUAGE_CODE else f"/{tag}{path}"


def did_you_mean(query: Query) -> str:
    """Return the query with each word replaced by the nearest one in a title, or nothing.

    One query; a word must begin with the right two letters.
    """
    words = [part for term in query.wanted for part in term.letters]
    titles = SearchDocument.objects.public().with_names_like(words).titles()[:NAMES_COMPARED]
    starts = tuple(word[:2] for word in words)
    known = {w for title in titles for w in fold(title).split() if w.startswith(starts)}
    nearest = [next(iter(get_close_matches(word, known, 1, 0.7)), word) for word in words]
    return " ".join(nearest) if nearest != words else ""
