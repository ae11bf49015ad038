"""The sitemap, over the catalogue: a section for each kind, in parts of a range of keys each.

A record stays in its part whatever is added or taken away, and no part is found by counting.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connections, router
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from wpssite.base.kept import kept
from wpssite.base.language import in_language
from wpssite.base.models import Page
from wpssite.base.web import address

from .catalogue import KINDS

KEYS = 1_000  # in a part
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# The part of the first key, and then of the first key behind each part: one step in an index each.
PARTS = """
    WITH RECURSIVE parts (number) AS (
        SELECT min(id) / {keys} FROM {table} WHERE status = 'published'
        UNION ALL
        SELECT (SELECT min(id) / {keys} FROM {table}
                WHERE status = 'published' AND id >= (parts.number + 1) * {keys})
        FROM parts WHERE number IS NOT NULL
    )
    SELECT number FROM parts WHERE number IS NOT NULL
"""


@dataclass(frozen=True)
class Section:
    """The published records of a model, each in these languages."""

    model: type
    languages: tuple

    def parts(self) -> list[int]:
        """Return the numbers of the parts that hold published records, or will hold some."""
        sql = PARTS.format(table=self.model._meta.db_table, keys=KEYS)
        with connections[router.db_for_read(self.model)].cursor() as cursor:
            cursor.execute(sql)
            return [number for (number,) in cursor.fetchall()]

    def records(self, part: int):
        first = part * KEYS
        rows = self.model.objects.published().filter(pk__gte=first, pk__lt=first + KEYS)
        return rows.order_by("pk")

    def urls(self, part: int) -> list[dict]:
        """Return the pages of one part in each language, as Django's template takes them."""
        return [url for record in self.records(part) for url in self.urls_of(record)]

    def urls_of(self, record) -> list[dict]:
        paths = {code: path_in(code, record) for code in self.languages}
        others = [{"lang_code": code, "location": path} for code, path in paths.items()]
        if len(others) > 1:
            others.append({"lang_code": "x-default", "location": paths[settings.LANGUAGE_CODE]})
        changed = max(record.updated_at, record.published_at)
        alternates = others if len(others) > 1 else []
        return [
            {"location": path, "lastmod": changed, "alternates": alternates}
            for path in paths.values()
        ]


def path_in(code: str, record) -> str:
    with in_language(code):
        return address(record.get_absolute_url())


SECTIONS = {kind.name: Section(kind.model, tuple(LANGUAGES)) for kind in KINDS}
SECTIONS["pages"] = Section(Page, (settings.LANGUAGE_CODE,))


def parts_of(name: str) -> list[int]:
    return kept(("parts of the sitemap", name), SECTIONS[name].parts)


def index(request):
    """Name every part of every section; a section without records has one empty part."""
    found = [
        {"location": address(reverse("sitemap", args=[name])) + (f"?p={part}" if part else "")}
        for name in SECTIONS
        for part in parts_of(name) or [0]
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": found}, "application/xml")


def section(request, section: str):
    """Send one part of a section; the first one unless `?p=` names another."""
    if section not in SECTIONS:
        raise Http404("no such section")
    parts, asked = parts_of(section) or [0], request.GET.get("p")
    part = next((part for part in parts if str(part) == asked), None) if asked else parts[0]
    if part is None:
        raise Http404("no such part")
    urls = SECTIONS[section].urls(part)
    return render(request, "sitemap.xml", {"urlset": urls}, "application/xml")
