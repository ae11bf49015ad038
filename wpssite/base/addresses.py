"""Addresses that a record had, or that lead nowhere any more."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render

from .models import OldAddress


class Gone(Http404):
    """The record was public once and was withdrawn; `record` says when and why."""

    def __init__(self, record):
        super().__init__("withdrawn")
        self.record = record


class Moved(Http404):
    """The record has another address now; `tail` is what was asked for below it."""

    def __init__(self, record, tail: str = ""):
        super().__init__("moved")
        self.record = record
        self.tail = tail


def absent(records, slug: str, tail: str = "") -> Http404:
    """Return why there is no record at this address: moved, gone, or never there.

    records: what the reader may see; a record outside it is as if it had never been.
    tail: what was asked for below the record's own address, such as its feed.
    """
    moved = OldAddress.objects.record_at(records, slug)
    if moved:
        return Moved(moved, tail)
    withdrawn = records.model.objects.withdrawn().filter(slug=slug).first()
    return Gone(withdrawn) if withdrawn else Http404("no such record")


class OldAddresses:
    """Middleware: 301 to where a record moved, 410 with the reason where it was withdrawn."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        request.failed = True  # An error page never repeats the address it was asked for.
        if isinstance(exception, Moved):
            query = request.META.get("QUERY_STRING", "")
            address = exception.record.get_absolute_url() + exception.tail
            return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
        if isinstance(exception, Gone):
            return render(request, "410.html", {"record": exception.record}, status=410)
        return None
