"""Addresses of pages, worked out once for each language; then a slug is put into its place."""

import re
from functools import cache

from django.urls import reverse

from .language import language

is_plain = re.compile("[A-Za-z0-9_-]+").fullmatch
SAMPLES = ["7001", "7002", "7003"]  # A year, a key and a slug can look like this.


def path_to(name: str, *values) -> str:
    """Return the path of a page in the present language, as `reverse()` does; for public pages.

    Nothing in it needs to be escaped in HTML.
    """
    parts, path = parts_of(name, len(values), language()), ""
    for value, part in zip(values, parts, strict=False):
        text = str(value)
        if not is_plain(text):
            return reverse(name, args=values)  # It refuses: our addresses hold nothing else.
        path += part + text
    return path + parts[-1]


@cache
def parts_of(name: str, number: int, _language: str) -> list[str]:
    """Return what stands before, between and after the values in the path of a page."""
    rest, parts = reverse(name, args=SAMPLES[:number]), []
    for sample in SAMPLES[:number]:
        part, _sample, rest = rest.partition(sample)
        parts.append(part)
    return [*parts, rest]
