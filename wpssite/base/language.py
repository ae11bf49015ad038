"""The language of the page being made, and its words: each looked up in the catalogue once.

Django finds the language anew for each word, which a page has hundreds of. Whoever changes the
language for a while does it by `in_language()`; where nobody did, Django's own counts.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.utils import translation

chosen = ContextVar("language", default=None)


def language() -> str:
    """Return the BCP 47 tag of the page's language."""
    return chosen.get() or translation.get_language() or "en"


@contextmanager
def in_language(tag: str):
    """Speak a language while the block runs."""
    token = chosen.set(tag)
    try:
        with translation.override(tag):
            yield
    finally:
        chosen.reset(token)


def gettext(text: str) -> str:
    """Return a text in the page's language."""
    return translated(language(), text)


@cache
def translated(_language: str, text: str) -> str:
    return translation.gettext(text)
