"""Filters and tags that format what they are given; none of them asks the database."""

import datetime
import json

from django.core.files.storage import default_storage
from django.utils.translation import get_language_info
from markupsafe import Markup

from .moments import Precision, day_text, words_of
from .prepared import rows
from .publishing import public as public_record
from .text import clean_html
from .web import address
from .when import event_when

UNSAFE_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def jsonld(data) -> str:
    """Return `data` as JSON that is safe inside a script element."""
    return Markup(json.dumps(data, ensure_ascii=False).translate(UNSAFE_IN_SCRIPT))


def date(value, form: str) -> str:
    """Return a day, moment or time of day as `form` says, in the page's language; "" for none."""
    return words_of(value, form) if value is not None else ""


def public(record):
    """Return the record when everyone may see it, else nothing."""
    return public_record(record)


def when(event, zone=""):
    """Return the `When` of an event; `zone` is the one the reader asked for."""
    return event_when(event, zone or "")


def language_name(tag: str) -> str:
    """Return the name of a BCP 47 language in the page's language, or the tag itself."""
    try:
        return get_language_info(tag)["name_translated"]
    except KeyError:
        return tag


def webcal(path: str) -> str:
    """Return the address at which a calendar program subscribes to the calendar at `path`."""
    return f"webcal://{address(path).partition('://')[2]}"


def difference(first, second):
    return first - second


def safe_html(html: str) -> str:
    """Return formatted text that was cleaned on its way into the database, for showing."""
    return Markup(clean_html(html))


def hosts(event) -> list:
    """Return those who held an event loaded with `for_page()`, the public ones."""
    found = rows(event, "participations")
    return [row for row in found if row.role != "present" and public_record(row.organisation)]


def present(event) -> list:
    """Return those who were merely present at an event loaded with `for_page()`."""
    found = rows(event, "participations")
    return [row for row in found if row.role == "present" and public_record(row.organisation)]


def picture_url(attachment, size: str) -> str:
    """Return the address of a cropped copy of a picture, made on first use."""
    from .imaging import rendition

    focus = (attachment.focus_x, attachment.focus_y)
    return default_storage.url(rendition(attachment.picture.name, size, focus))


def place_in_time(period, day) -> str:
    """Return `past`, `present` or `future`: where a period lies as seen from a day."""
    if period.holds_on(day):
        return "present"
    return "past" if period.ends_on and period.ends_on < day else "future"


def iso_day(text: str) -> str:
    """Return an ISO 8601 day, month or year in words; anything else as it is."""
    precision = {4: Precision.YEAR, 7: Precision.MONTH}.get(len(text), Precision.DAY)
    try:
        return day_text(datetime.date.fromisoformat(text + "0000-01-01"[len(text) :]), precision)
    except ValueError:
        return text
