"""What views share: pages of a list, one record through its door, and values in an address."""

from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from .addresses import absent
from .middleware import has_session
from .moments import zone_names


def viewer(request):
    """Return who asks, without opening a session for a reader who has none."""
    return request.user if has_session(request) else AnonymousUser()


def visible_or_404(records, request, slug: str, tail: str = ""):
    """Return one record through the door `visible_to`; `tail` is what is asked for below it.

    Raises Moved (301) for an address it had, Gone (410) if withdrawn, Http404 for anything else.
    """
    visible = records.visible_to(viewer(request))
    record = visible.filter(slug=slug).first()
    if record is None:
        raise absent(visible, slug, tail)
    return record


def page_of(request, records, size: int = settings.PAGE_SIZE, count: int | None = None):
    """Return the page of `records` that `?page=` asks for; `count` of them, if it is known.

    Raises BadRequest (400) when it is no number, Http404 when there is no such page.
    """
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 7):
        raise BadRequest(_("“page” must be a number, such as 2."))
    paginator = Paginator(records, size)
    if count is not None:
        paginator.count = count
    try:
        return paginator.page(int(number))
    except EmptyPage as error:
        raise Http404("no such page") from error


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
    if value and not value.replace("-", "").replace("_", "").isalnum():
        raise BadRequest(_("“%s” must be an address, such as japan.") % name)
    return value


def address(path: str) -> str:
    """Return the public address of a path on this site."""
    return settings.SITE_URL + path
