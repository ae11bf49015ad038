"""The sitemap, over the catalogue: one section a kind, only published records."""

from django.contrib.sitemaps import Sitemap

from wpssite.base.models import Page

from .catalogue import KINDS


class KindSitemap(Sitemap):
    """The published records of one kind, asked for anew at each request."""

    limit = 10_000
    i18n = alternates = x_default = True

    def __init__(self, kind):
        self.kind = kind

    def items(self):
        return self.kind.published().order_by("pk")

    def lastmod(self, record):
        return record.updated_at


class PageSitemap(Sitemap):
    """The pages that editors wrote about the site."""

    def items(self):
        return Page.objects.published().order_by("pk")

    def lastmod(self, page):
        return page.updated_at


SITEMAPS = {kind.name: KindSitemap(kind) for kind in KINDS} | {"pages": PageSitemap}
