"""Addresses of pages, worked out once for each language; then a slug is put into its place."""

from functools import cache

from django.urls import reverse
from django.utils.translation import get_language

SAMPLES = ["7001", "7002", "7003"]  # A year, a key and a slug can look like this.


def path_to(name: str, *values) -> str:
    """Return the path of a page in the present language, as `reverse()` does; for public pages."""
    texts = [str(value) for value in values]
    if not all(map(is_plain, texts)):
        return reverse(name, args=values)  # It quotes, or refuses.
    parts = parts_of(name, len(texts), get_language())
    path = parts[0]
    for text, part in zip(texts, parts[1:], strict=True):
        path += text + part
    return path


def is_plain(text: str) -> bool:
    return text.isascii() and text.replace("-", "").replace("_", "").isalnum()


@cache
def parts_of(name: str, number: int, _language: str) -> list[str]:
    """Return what stands before, between and after the values in the path of a page."""
    rest, parts = reverse(name, args=SAMPLES[:number]), []
    for sample in SAMPLES[:number]:
        part, _sample, rest = rest.partition(sample)
        parts.append(part)
    return [*parts, rest]
