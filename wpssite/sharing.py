"""What a reader takes away from a page: its citation, and the picture shown where it is shared."""

from hashlib import sha256

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst

from wpssite.base import cite as citing
from wpssite.base.addresses import Moved
from wpssite.base.language import language
from wpssite.base.web import visible_or_404

from .catalogue import KINDS

SITE = "WPS Focal Points Network"
BY_NAME = {kind.name: kind for kind in KINDS}
DATES = ["startDate", "dateCreated", "datePublished", "legislationDate"]


def cite(request, kind, slug, format):
    """Send the citation of one public record to a citation manager."""
    if format not in citing.FORMATS:
        raise Http404("no such format")
    try:
        record, structured = public_record(request, kind, slug)
    except Moved as moved:
        return redirect("cite", kind, moved.record.slug, format, permanent=True)
    write, content_type = citing.FORMATS[format]
    item = citing.citation(structured, record.updated_at, language())
    response = HttpResponse(write(item), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{slug}.{format}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def share(request, kind, slug):
    """Send the picture of one public record."""
    try:
        record, structured = public_record(request, kind, slug)
    except Moved as moved:
        return redirect("share", kind, moved.record.slug, permanent=True)
    kicker = capfirst(str(record._meta.verbose_name))
    return picture(request, kicker, str(structured["name"]), foot(structured))


def share_site(request):
    """Send the picture of every page that is not about one record."""
    return picture(request, "", SITE, "")


def public_record(request, kind: str, slug: str):
    """Return a published record and its schema.org data, for one query; drafts for nobody."""
    if kind not in BY_NAME:
        raise Http404("no such kind")
    records = BY_NAME[kind].published().for_page().prefetch_related(None)
    record = visible_or_404(records, request, slug)
    return record, BY_NAME[kind].jsonld(record)


def foot(structured: dict) -> str:
    """Return who and when, as far as the record says so."""
    by = structured.get("author") or structured.get("creator") or {}
    day = next((structured[name] for name in DATES if structured.get(name)), "")
    known = len(day) >= 10 and parse_date(day[:10])
    return " · ".join(filter(None, [by.get("name"), date_format(known, "j F Y") if known else day]))


def picture(request, kicker: str, title: str, foot: str):
    """Answer with a card of these lines, or 304 to who has it; drawn only when it is sent."""
    lines = [SITE, kicker, title, foot]
    etag = f'"{sha256("|".join(lines).encode()).hexdigest()[:24]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        from wpssite.base.cards import card  # And Pillow with it, only for who asks.

        response = HttpResponse(card(*lines), content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # It is made to be shown elsewhere.
    return response
