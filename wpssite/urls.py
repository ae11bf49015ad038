"""The address book of the whole site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from . import about, reporting, search, sharing, views
from .feeds import KindFeed, SearchFeed, SiteFeed
from .sitemaps import SITEMAPS

# What machines ask for has one address; pages have one in each language.
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS}, name="sitemap_index"),
    path(
        "sitemap-<section>.xml",
        sitemaps.sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("desk/", admin.site.urls),
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
