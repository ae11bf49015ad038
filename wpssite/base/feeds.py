"""Atom feeds (RFC 4287) of records: what an entry and a feed consist of, and how both are sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page

from .text import without_controls
from .web import address

ENTRIES = 50
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One record in a feed. Texts are plain, but for `content`, which is safe HTML."""

    uid: UUID
    path: str  # of the record's page
    title: str
    published: datetime
    updated: datetime
    summary: str = ""
    content: str = ""
    author: str = ""
    author_path: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    """One feed: its title, the paths of the page that shows the same and of itself, its entries."""

    title: str
    page: str
    path: str
    entries: Iterable[Entry]
    uid: str = ""  # a URN; the address stands in for it where nothing can move


def entry_of(record, **fields) -> Entry:
    """Return the entry of a public record; `fields` say what is in it."""
    return Entry(
        uid=record.uid,
        path=record.get_absolute_url(),
        published=record.published_at,
        updated=max(record.updated_at, record.published_at),
        **fields,
    )


def newest_of(*groups: Iterable[Entry]) -> list[Entry]:
    """Return the entries that became public last, of several kinds, the latest first."""
    entries = [entry for group in groups for entry in group]
    return sorted(entries, key=lambda entry: entry.published, reverse=True)[:ENTRIES]


class Atom(Atom1Feed):
    """Django's Atom with the full content beside the summary, and a steady date when empty."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else BEFORE_ALL

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


class RecordFeed(Feed):
    """A feed of records; a subclass says what is in it in `get_object`, which returns a Channel.

    It answers 304 to the `ETag` alone: a record that was withdrawn leaves no later date behind, so
    no `Last-Modified` would be true.
    """

    feed_type = Atom
    author_name = _("WPS Focal Points Network: the record")

    def __call__(self, request, *args, **kwargs):
        def answer(request):
            response = super(RecordFeed, self).__call__(request, *args, **kwargs)
            del response["Last-Modified"]
            return response

        return conditional_page(answer)(request)

    def title(self, channel):
        return _("%s: WPS Focal Points Network") % without_controls(channel.title)

    def link(self, channel):
        return address(channel.page)

    def feed_url(self, channel):
        return address(channel.path)

    def feed_guid(self, channel):
        return channel.uid or address(channel.path)

    def author_link(self):
        return address("/")

    def items(self, channel):
        return channel.entries

    def item_title(self, entry):
        return without_controls(entry.title)

    def item_description(self, entry):
        # Django sends a summary as HTML.
        return escape(without_controls(entry.summary)) if entry.summary else None

    def item_link(self, entry):
        return address(entry.path)

    def item_guid(self, entry):
        return entry.uid.urn

    def item_pubdate(self, entry):
        return entry.published

    def item_updateddate(self, entry):
        return entry.updated

    def item_author_name(self, entry):
        return without_controls(entry.author) or None

    def item_author_link(self, entry):
        return address(entry.author_path) if entry.author_path else None

    def item_categories(self, entry):
        return [without_controls(str(category)) for category in entry.categories]

    def item_extra_kwargs(self, entry):
        return {"content": without_controls(entry.content)}
