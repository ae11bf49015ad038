"""The public templates: what they can call, and how they are compiled (docs/adr/0017).

Each language has an environment of its own, in which texts, addresses of sections and static files
are worked out when a template is compiled. The desk's templates, in `templates/desk/`, are
Django's own, as the admin's are.
"""

from itertools import groupby
from operator import call
from typing import NamedTuple

from django.conf import settings
from django.template.backends import jinja2 as backend
from django.template.defaultfilters import linebreaksbr, urlencode
from django.template.defaulttags import querystring as querystring_of
from django.utils.text import capfirst
from django.utils.translation import ngettext
from jinja2 import ChainableUndefined, Environment, StrictUndefined

from events import cards
from network import member_rows, regions
from wpssite.base import formatting, fragments, page_meta, result_rows
from wpssite.base.escaping import shown
from wpssite.base.language import gettext, language
from wpssite.base.prepared import rows

from .codegen import CONSTANT, Constants, Generator

FUNCTIONS = [
    cards.event_cards,
    cards.for_whom,
    cards.phase,
    cards.speakers,
    cards.statement_cards,
    formatting.difference,
    formatting.hosts,
    formatting.picture_url,
    formatting.place_in_time,
    formatting.present,
    fragments.choices,
    fragments.flag,
    fragments.joined,
    fragments.link_to,
    fragments.organisation,
    page_meta.canonical,
    page_meta.citation,
    page_meta.in_languages,
    page_meta.section,
    regions.region_name,
]
FILTERS = [
    capfirst,
    formatting.date,
    formatting.iso_day,
    formatting.jsonld,
    formatting.language_name,
    formatting.public,
    formatting.safe_html,
    formatting.webcal,
    formatting.when,
    linebreaksbr,
    member_rows.map_shapes,
    page_meta.direction,
    page_meta.kind_in_address,
    page_meta.full_address,
    page_meta.page_html,
    page_meta.share_address,
    result_rows.facet_rows,
    result_rows.result_rows,
    urlencode,
]


class Group(NamedTuple):
    grouper: object
    list: list


def regrouped(records, name: str) -> list[Group]:
    """Return neighbours with the same value of an attribute together, in their order."""
    return [
        Group(value, list(group))
        for value, group in groupby(records, lambda record: getattr(record, name))
    ]


def querystring(request, **changes) -> str:
    """Return the parameters of this page with some changed; those given as None are left out."""
    return querystring_of(None, request.GET, **changes)


class PageEnvironment(Environment):
    code_generator_class = Generator
    called, rows, shown = staticmethod(call), staticmethod(rows), staticmethod(shown)

    def make_globals(self, d):
        """Return the functions themselves: a chain with an empty dictionary takes much longer."""
        return super().make_globals(d) if d else self.globals


def environment(**options) -> Environment:
    """Return an environment; a name that is missing is an error in tests, a gap in public."""
    undefined = StrictUndefined if settings.STRICT_TEMPLATES else ChainableUndefined
    extensions = ["jinja2.ext.i18n", Constants]
    made = PageEnvironment(**options | {"undefined": undefined, "extensions": extensions})
    made.install_gettext_callables(gettext, ngettext)
    made.globals |= CONSTANT | {"querystring": querystring}
    made.globals |= {function.__name__: function for function in FUNCTIONS}
    made.filters |= {function.__name__: function for function in FILTERS}
    made.filters["regrouped"] = regrouped
    return made


class Jinja2(backend.Jinja2):
    """Django's own backend, with an environment for each language."""

    def __init__(self, params):
        self.environments = {}
        super().__init__(params)

    @property
    def env(self) -> Environment:
        if language() not in self.environments:
            self.environments[language()] = self.first.overlay()
        return self.environments[language()]

    @env.setter
    def env(self, made):
        self.first = made
