"""The address book of the whole site."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.urls.resolvers import RoutePattern, URLResolver

from . import about, reporting, search, sharing, sitemaps, views
from .feeds import KindFeed, SearchFeed, SiteFeed


class OnDemand(URLResolver):
    """Addresses whose module is imported when one of them is first asked for or built.

    Django's own resolver is as lazy until any address of the site is built.
    """

    def _populate(self):
        if "url_patterns" in self.__dict__:
            super()._populate()


# What machines ask for has one address; pages have one in each language.
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<section>.xml", sitemaps.section, name="sitemap"),
    OnDemand(
        RoutePattern(settings.DESK_URL[1:]),
        "wpssite.desk_urls",
        app_name="admin",
        namespace="admin",
    ),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("about/", about.about, name="about"),
        path("about/style/", about.style, name="style"),
        path("about/<slug:slug>/", about.page, name="page"),
        path("report/", reporting.report, name="report"),
        path("report/thanks/", reporting.report_thanks, name="report_thanks"),
        path("cite/<slug:kind>/<slug:slug>.<slug:format>", sharing.cite, name="cite"),
        path("share/site.png", sharing.share_site, name="share_site"),
        path("share/<slug:kind>/<slug:slug>.png", sharing.share, name="share"),
        path("feed/", SiteFeed(), name="feed"),
        path("feed/<slug:kind>/", KindFeed(), name="kind_feed"),
        path("search/", search.search, name="search"),
        path("search/feed/", SearchFeed(), name="search_feed"),
        path("search/calendar.ics", search.search_calendar, name="search_calendar"),
        path("search/suggest", search.suggest, name="suggest"),
        path("", include("events.urls")),
        path("", include("network.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "wpssite.views.bad_request"
handler500 = "wpssite.outages.server_error"
