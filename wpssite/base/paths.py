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
    for value in values:
        if not is_plain(str(value)):
            return reverse(name, args=values)  # It refuses: our addresses hold nothing else.
    return pattern_of(name, len(values), language()) % values


@cache
def pattern_of(name: str, number: int, _language: str) -> str:
    """Return the path of a page with `%s` in the place of each value."""
    path = reverse(name, args=SAMPLES[:number]).replace("%", "%%")
    for sample in SAMPLES[:number]:
        path = path.replace(sample, "%s", 1)
    return path
