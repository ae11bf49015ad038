"""The feed of the whole site: what became public last, of every kind in the catalogue."""

from django.urls import reverse
from django.utils.translation import gettext as _

from wpssite.base.feeds import Channel, RecordFeed, newest_of

from .catalogue import KINDS


class SiteFeed(RecordFeed):
    """Every kind of public record in one feed; a fixed number of queries for each kind."""

    def get_object(self, request):
        groups = [map(kind.entry, kind.published().for_feed().newest()) for kind in KINDS]
        return Channel(_("New records"), reverse("home"), reverse("feed"), newest_of(*groups))
