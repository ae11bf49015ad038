"""What a reader may narrow a list by, read from the address and checked."""

from functools import lru_cache
from urllib.parse import urlencode

from events.models import Event, TextKind
from wpssite.base.fragments import Choices
from wpssite.base.text import fold
from wpssite.base.web import choice_asked, slug_asked, year_asked


def event_filters(request) -> dict:
    """Return the filters asked for; BadRequest (400) for a value that cannot be one."""
    return {
        "year": year_asked(request),
        "kind": choice_asked(request, "kind", Event.Kind.values),
        "host": slug_asked(request, "host"),
        "topic": slug_asked(request, "topic"),
        "network": choice_asked(request, "network", ["yes"]),
    }


def statement_filters(request) -> dict:
    """Return the filters asked for; BadRequest (400) for a value that cannot be one."""
    return {
        "year": year_asked(request),
        "speaker": slug_asked(request, "speaker"),
        "for": slug_asked(request, "for"),
        "topic": slug_asked(request, "topic"),
        "language": slug_asked(request, "language"),
        "text": choice_asked(request, "text", TextKind.values),
    }


def named(title: str, asked: dict) -> str:
    """Return a title with the filters in use, as they stand in the address: “Events (2023)”."""
    words = ", ".join(str(value) for value in asked.values() if value)
    return f"{title} ({words})" if words else title


def query_of(asked: dict) -> str:
    """Return the filters in use as a query, in a fixed order, or nothing; for addresses."""
    text = urlencode({name: value for name, value in asked.items() if value})
    return f"?{text}" if text else ""


def grouped(options, **choices) -> dict[str, list[tuple]]:
    """Return rows (what, value, name) as lists of (value, name): years downwards, names upwards.

    choices: further lists that come from a field's choices.
    """
    groups = {what: list(pairs) for what, pairs in choices.items()}
    for what, value, name in options:
        groups.setdefault(what, []).append((value, name))
    for what in groups.keys() - choices.keys():
        groups[what].sort(key=lambda pair: folded(pair[1]))
    return {what: Choices(pairs) for what, pairs in groups.items()}


folded = lru_cache(maxsize=2048)(fold)  # Each edition sorts the same names.


def chips(request, asked: dict, options: dict) -> list[tuple]:
    """Return the filters in use: (name, address of the list without it); options: `grouped()`."""
    found = []
    for what, value in asked.items():
        if value:
            names = dict(options.get(what, ()))
            found.append((names.get(str(value), str(value)), without(request, what)))
    return found


def without(request, name: str) -> str:
    """Return the address of the present list without one filter, from its first page."""
    rest = request.GET.copy()
    rest.pop(name, None)
    for place in ("page", "after", "before"):
        rest.pop(place, None)
    text = rest.urlencode()
    return f"{request.path}?{text}" if text else request.path
