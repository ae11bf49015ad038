"""What views share: pages of a list, one record through its door, and values in an address."""

from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.utils import timezone

from .addresses import absent
from .language import gettext as _
from .middleware import has_session
from .moments import zone_names
from .paging import Listing, page_of_listing
from .prepared import Prepared

LONGEST_SLUG = 120  # characters, as the columns for them have it


def viewer(request):
    """Return who asks, without opening a session for a reader who has none."""
    return request.user if has_session(request) else AnonymousUser()


def visible_or_404(records, request, slug: str, tail: str = ""):
    """Return one record through the door `visible_to`; `tail` is what is asked for below it.

    records: a QuerySet; or a word of a manager that returns one, such as `Event.objects.for_page`,
    which is compiled once for all readers without an account.

    Raises Moved (301) for an address it had, Gone (410) if withdrawn, Http404 for anything else.
    """
    user = viewer(request)
    if callable(records) and user.is_anonymous:
        found = public_record(records)(slug)
        if found:
            return found[0]
    visible = (records() if callable(records) else records).visible_to(user)
    record = visible.filter(slug=slug).first()
    if record is None:
        raise absent(visible, slug, tail)
    return record


@cache
def public_record(word) -> Prepared:
    """Return the query for one public record by its address; word: that of a manager."""
    return Prepared(lambda slug: word().published().filter(slug=slug).order_by()[:1], str)


def page_of(request, records, size: int = settings.PAGE_SIZE, count: int | None = None):
    """Return the page of `records` that `?page=` asks for; `count` of them, if it is known.

    Raises BadRequest (400) when it is no number, Http404 when there is no such page.
    """
    return page_of_listing(
        request, Listing(records, records, records.count() if count is None else count), size
    )


def day_asked(request) -> date:
    """Return the day in `?on=`, today (UTC) without one; BadRequest (400) for no real day."""
    text = request.GET.get("on", "")
    if not text:
        return timezone.now().date()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise BadRequest(_("“on” must be a day of the calendar, written as 2023-09-21.")) from error


def zone_asked(request) -> str:
    """Return the zone in `?tz=`, or nothing; BadRequest (400) for a name that is no zone."""
    zone = request.GET.get("tz", "")
    if zone and zone not in zone_names():
        raise BadRequest(_("“tz” must be the name of a time zone, such as Asia/Tokyo."))
    return zone


def year_asked(request) -> int | None:
    """Return the year in `?year=`, or None; BadRequest (400) for anything but four digits."""
    text = request.GET.get("year", "")
    if text and not (len(text) == 4 and text.isascii() and text.isdigit() and text > "0000"):
        raise BadRequest(_("“year” must be four digits, such as 2023."))
    return int(text) if text else None


def choice_asked(request, name: str, choices) -> str:
    """Return the value of `?name=` if it is one of `choices`, or nothing; else BadRequest."""
    value = request.GET.get(name, "")
    if value and value not in choices:
        raise BadRequest(_("“%s” has a value that this page does not know.") % name)
    return value


def slug_asked(request, name: str) -> str:
    """Return the address part in `?name=`, or nothing; BadRequest for what cannot be one."""
    value = request.GET.get(name, "")
    is_slug = value.replace("-", "").replace("_", "").isalnum() and len(value) <= LONGEST_SLUG
    if value and not is_slug:
        raise BadRequest(_("“%s” must be an address, such as japan.") % name)
    return value


def address(path: str) -> str:
    """Return the public address of a path on this site."""
    return settings.SITE_URL + path
