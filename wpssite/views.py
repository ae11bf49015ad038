"""Pages of the site as a whole: home, error pages and what machines ask for."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache

from events.models import Event, Statement
from network import charts, growth
from network.models import ActionPlan, ChairTerm, Claim, Membership, Organisation, Resolution
from network.views import count_of
from wpssite.base.web import address, zone_asked


def home(request):
    """Show what the Network is, how large it is today, what comes next and what was said."""
    today = timezone.now().date()
    memberships = Membership.objects.for_growth(Organisation.objects.published(), today)
    claims = Claim.objects.of_members()
    members = growth.count_by_kind_and_region(memberships, today)
    total, states = sum(members.values()), count_of(members, kind="state")
    plans, endless = ActionPlan.objects.published().in_force_on(today).count_of_ends()
    events = Event.objects.published().for_cards()
    resolutions = Resolution.objects.published().of_the_agenda()
    context = {
        "today": today,
        "members": total,
        "states": states,
        "organisations": total - states,
        "claim": growth.stated_on(claims, today),
        "map": charts.member_map(memberships, today),
        "growth": charts.growth(memberships, claims, today),
        "plans": plans,
        "endless": endless,
        "statements": Statement.objects.published().count(),
        "event": events.upcoming_first().first(),
        "latest": Statement.objects.published().for_cards()[:3],
        "troika": ChairTerm.objects.around(today).for_page(),
        "milestones": charts.milestones(resolutions, capital_meetings(), today),
        "tz": zone_asked(request),
    }
    return render(request, "home.html", context)


def capital_meetings() -> list[tuple]:
    """Return (day, city, title, address) of the Network's meetings in capitals, in order."""
    meetings = Event.objects.published().of_the_network().of_kind(Event.Kind.CAPITAL_LEVEL)
    return [
        (event.starts_on, event.city or event.starts_on.year, event.title, event.get_absolute_url())
        for event in meetings.order_by("starts_on", "pk")
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
    lines = ["User-agent: *", "Disallow: /search/", f"Sitemap: {address('/sitemap.xml')}", ""]
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
