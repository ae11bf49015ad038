"""Pages of the site as a whole: home, error pages and what machines ask for."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from events.lists import counts_of
from events.models import Event, Statement
from network import charts, growth, listing
from network.models import ActionPlan, ChairTerm, Resolution
from network.views import count_of, drawn
from wpssite.base.kept import kept
from wpssite.base.language import language
from wpssite.base.web import address, zone_asked

MEETINGS = 30  # in capitals, on the line of years; a name stands on each


def home(request):
    """Show what the Network is, how large it is today, what comes next and what was said."""
    today = timezone.now().date()
    shown = kept(("home", today, language()), lambda: network_on(today) | latest_on(today))
    return render(request, "home.html", shown | {"today": today, "tz": zone_asked(request)})


def latest_on(today) -> dict:
    """Return what is going on: the event that is next or was last, statements, chairs, plans."""
    plans, endless = ActionPlan.objects.published().in_force_on(today).count_of_ends()
    return {
        "plans": plans,
        "endless": endless,
        "statements": counts_of(Statement).total,
        "event": Event.objects.published().first_to_show(),
        "latest": list(Statement.objects.published().for_cards()[:3]),
        "troika": list(ChairTerm.objects.around(today).for_page()),
    }


def network_on(today) -> dict:
    """Return how large the Network is, and its pictures as finished HTML."""
    memberships, claims = listing.memberships(today), listing.claims()
    members = growth.count_by_kind_and_region(memberships, today)
    total, states = sum(members.values()), count_of(members, kind="state")
    resolutions = Resolution.objects.published().of_the_agenda()
    map_of = {"states": charts.member_map(memberships, today)["states"], "day": today}
    lines = charts.growth(memberships, claims, today)
    milestones = charts.milestones(resolutions, capital_meetings(), today)
    return {
        "members": total,
        "states": states,
        "organisations": total - states,
        "claim": growth.stated_on(claims, today),
        "map": drawn("map", **map_of, list=reverse("network:member_list") + "#list"),
        "growth": lines and drawn("growth", growth=lines),
        "milestones": milestones and drawn("milestones", milestones=milestones),
    }


def capital_meetings() -> list[tuple]:
    """Return (day, city, title, address) of the Network's last meetings in capitals, in order."""
    meetings = Event.objects.published().of_the_network().of_kind(Event.Kind.CAPITAL_LEVEL)
    return [
        (event.starts_on, event.city or event.starts_on.year, event.title, event.get_absolute_url())
        for event in reversed(meetings[:MEETINGS])
    ]


def bad_request(request, exception):
    """Answer 400 with the reason, as far as it is one of ours, in words for the reader."""
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


@never_cache
def healthz(request):
    """Answer `ok` when the process runs and its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def robots(request):
    """Tell crawlers what not to fetch; the desk has its own log-in and needs no mention."""
    others = [f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    searches = [f"Disallow: {start}/search/" for start in ["", *others]]
    lines = ["User-agent: *", *searches, f"Sitemap: {address('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def favicon(request):
    """Lead browsers that ask for /favicon.ico to the icon's hashed address."""
    return redirect(static("img/favicon.ico"))


def security_txt(request):
    """Say how to report a weakness (RFC 9116); it expires, so it is dated anew each time."""
    expires = timezone.now().replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: en, fr",
        f"Canonical: {address('/.well-known/security.txt')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")
