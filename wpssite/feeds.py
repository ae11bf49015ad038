"""The feed of the whole site: what became public last, of every kind in the catalogue."""

from django.http import Http404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wpssite.base.feeds import ENTRIES, Channel, RecordFeed, newest_of
from wpssite.base.models import SearchDocument

from .catalogue import KINDS
from .search import address_of, hits_asked


class SiteFeed(RecordFeed):
    """Every kind of public record in one feed; a fixed number of queries for each kind."""

    def get_object(self, request):
        groups = [map(kind.entry, kind.published().for_feed().newest()) for kind in KINDS]
        return Channel(_("New records"), reverse("home"), reverse("feed"), newest_of(*groups))


class KindFeed(RecordFeed):
    """One kind of public record, as its list names it."""

    def get_object(self, request, kind):
        found = next((entry for entry in KINDS if entry.name == kind), None)
        if found is None:
            raise Http404("no such kind")
        title = capfirst(str(found.model._meta.verbose_name_plural))
        entries = map(found.entry, found.published().for_feed().newest())
        paths = reverse(found.list_view), reverse("kind_feed", args=[kind])
        return Channel(title, *paths, newest_of(entries))


class SearchFeed(RecordFeed):
    """What a search finds as a feed, what became public last first."""

    def get_object(self, request):
        hits, query, asked, _edition = hits_asked(request)
        text = address_of(query, asked)
        keys = SearchDocument.objects.with_keys(hits.keys).keys_by_kind(ENTRIES)
        groups = [
            map(kind.entry, kind.published().with_keys(keys[kind.name]).for_feed())
            for kind in KINDS
            if kind.name in keys
        ]
        paths = reverse("search") + text, reverse("search_feed") + text
        return Channel(query.text, *paths, newest_of(*groups))
