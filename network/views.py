"""Pages of the network: get rows through a door, render."""

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from markupsafe import Markup

from wpssite.base.kept import kept
from wpssite.base.language import gettext as _
from wpssite.base.language import language
from wpssite.base.linked import newest_of
from wpssite.base.tables import csv_response
from wpssite.base.text import fold
from wpssite.base.web import day_asked, page_of, visible_or_404

from . import charts, formats, growth, listing
from .filters import member_filters, narrowed_plans, plan_filters
from .member_rows import member_rows
from .models import (
    ActionPlan,
    ChairTerm,
    Claim,
    Document,
    Organisation,
    Person,
    Resolution,
    Topic,
)
from .regions import region_choices

MEMBERS_ON_A_PAGE = 250
PLANS_ON_A_PAGE = 75
NEWEST = 20  # events and statements on the page of a record; a list has the others


def detail(request, template: str, record, section: tuple, structured: dict, **context):
    """Render the page of one record with its trail and its structured data."""
    # `str()` of a record is for the desk: that of a plan names its owner, even a hidden one.
    trail = [*([section] if section else []), (structured["name"], record.get_absolute_url())]
    context |= {
        "record": record,
        "newest": NEWEST,
        "breadcrumbs": trail[:-1],
        "structured": [structured, formats.breadcrumbs_jsonld(trail)],
    }
    return render(request, template, context)


def member_list(request):
    """List the members of a day, beside what others said of their number."""
    day, today, asked = day_asked(request), timezone.now().date(), member_filters(request)
    name = ("members", day, today, language(), *asked.values())
    shown = kept(name, lambda: members_shown(day, today, asked))
    context = {
        "day": day,
        "today": today,
        "asked": asked,
        "regions": region_choices(),
        "page": page_of(request, shown["rows"], MEMBERS_ON_A_PAGE, len(shown["rows"])),
    }
    return render(request, "network/member_list.html", shown | context)


def members_shown(day, today, asked: dict) -> dict:
    """Return what the page of members shows of a day, its pictures and rows as finished HTML."""
    memberships, claims = listing.memberships(day), listing.claims()
    counts = growth.count_by_kind_and_region(memberships, day)
    total, states = sum(counts.values()), count_of(counts, kind="state")
    members = listing.members(day, asked)
    if asked["sort"] in {"", "name"}:
        members = by_name_in_the_pages_language(members)
    world = charts.member_map(memberships, day)
    lines = charts.growth(memberships, claims, today, day)
    map_of = {"states": world["states"], "day": day, "list": "#list"}
    return {
        "states": states,
        "organisations": total - states,
        "total": total,
        "claim": growth.stated_on(claims, day),
        "map": drawn("map", **map_of),
        "beside": [(one.get_absolute_url(), name) for one, name in world["beside"]],
        "growth": lines and drawn("growth", growth=lines),
        "kinds": [kind for kind in Organisation.Kind.choices if count_of(counts, kind[0])],
        "rows": member_rows(members),
    }


def drawn(picture: str, **context) -> str:
    """Return a picture as it stands in a page, to be kept and shown in several."""
    return Markup(render_to_string(f"network/_{picture}.html", context))


def by_name_in_the_pages_language(organisations) -> list:
    """Return organisations in the order of the names shown, page by page as the database has it."""
    found = []
    for start in range(0, len(organisations), MEMBERS_ON_A_PAGE):
        page = organisations[start : start + MEMBERS_ON_A_PAGE]
        found += sorted(page, key=lambda organisation: fold(str(organisation)))
    return found


def count_of(counts: dict[tuple[str, str], int], kind: str = "", region: str = "") -> int:
    """Return how many there are of a kind and in a region, of any where none is named."""
    return sum(
        number
        for (its_kind, its_region), number in counts.items()
        if kind in {"", its_kind} and region in {"", its_region}
    )


def member_csv(request):
    """Send the members of a day as a CSV file."""
    day = day_asked(request)
    members = Organisation.objects.published().members_on(day).for_list(day)
    name = f"members-{day.isoformat()}.csv"
    return csv_response(name, formats.MEMBER_COLUMNS, map(formats.member_row, members))


def member_detail(request, slug):
    """Show one organisation: what it is, since when it belongs, what it did and promised."""
    organisation = visible_or_404(Organisation.objects.for_page, request, slug=slug)
    memberships = organisation.memberships.all()
    plans, today = listing.plans_of(organisation.pk), timezone.now().date()
    return detail(
        request,
        "network/member_detail.html",
        organisation,
        (_("Members"), reverse("network:member_list")),
        formats.organisation_jsonld(organisation, memberships),
        organisation=organisation,
        memberships=memberships,
        plans=plans,
        today=today,
        bars=charts.plan_bars(plans, today, today),
        chairs=listing.chairs_of(organisation.pk),
        offices=listing.offices_of(organisation.pk),
        participations=organisation.participations.of_newest("event", NEWEST),
        parties=organisation.statement_parties.of_newest("statement", NEWEST),
    )


def person_list(request):
    """List people by family name."""
    people = Person.objects.published().for_list()
    page = page_of(request, people, 100, kept("count of people", people.count))
    return render(request, "network/person_list.html", {"page": page})


def person_detail(request, slug):
    """Show one person: roles with their dates, statements and appearances."""
    person = visible_or_404(Person.objects.for_page, request, slug=slug)
    return detail(
        request,
        "network/person_detail.html",
        person,
        (_("People"), reverse("network:person_list")),
        formats.person_jsonld(person, person.appointments.all()),
        person=person,
        statements=person.statements.newest_cards(NEWEST),
        appearances=person.appearances.of_newest("event", NEWEST),
    )


def chair_list(request):
    """List the terms of the chair, and the troika of today."""
    today = timezone.now().date()
    context = {
        "today": today,
        "troika": ChairTerm.objects.around(today).for_page(),
        "terms": ChairTerm.objects.for_page(),
    }
    return render(request, "network/chair_list.html", context)


def plan_list(request):
    """List the action plans in force on a day, or all of them."""
    day, today = day_asked(request), timezone.now().date()
    asked = plan_filters(request)
    plans = ActionPlan.objects.published()
    number, endless = plans.in_force_on(day).count_of_ends()
    page = page_of(request, narrowed_plans(plans, asked, day).for_list(), PLANS_ON_A_PAGE)
    context = {
        "day": day,
        "today": today,
        "in_force": number,
        "endless": endless,
        "everything": plans.count(),
        "asked": asked,
        "kinds": ActionPlan.Kind.choices,
        "regions": region_choices(),
        "states": plans.states_with_one_by(day),
        "claim": Claim.objects.latest_on("plans", day),
        "page": page,
        "bars": charts.plan_bars(page.object_list, day, today),
    }
    return render(request, "network/plan_list.html", context)


def plan_detail(request, slug):
    plan = visible_or_404(ActionPlan.objects.for_page, request, slug=slug)
    section = (_("Action plans"), reverse("network:plan_list"))
    return detail(
        request,
        "network/plan_detail.html",
        plan,
        section,
        formats.plan_jsonld(plan),
        plan=plan,
        contexts=plan.event_contexts.of_newest("event", NEWEST),
    )


def resolution_list(request):
    """List the resolutions of the agenda, then the related ones."""
    resolutions = Resolution.objects.published()
    page = page_of(request, resolutions.agenda_first(), 100)
    context = {
        "page": page,
        "structured": [formats.list_jsonld(page)],
        "milestones": charts.milestones(page.object_list, [], timezone.now().date()),
    }
    return render(request, "network/resolution_list.html", context)


def resolution_detail(request, slug):
    resolution = visible_or_404(Resolution.objects.for_page, request, slug=slug)
    return detail(
        request,
        "network/resolution_detail.html",
        resolution,
        (_("Resolutions"), reverse("network:resolution_list")),
        formats.resolution_jsonld(resolution),
        resolution=resolution,
        statements=newest_of(resolution.statements, NEWEST),
        contexts=resolution.event_contexts.of_newest("event", NEWEST),
    )


def topic_list(request):
    topics = Topic.objects.published().for_list()
    return render(request, "network/topic_list.html", {"page": page_of(request, topics, 200)})


def topic_detail(request, slug):
    topic = visible_or_404(Topic.objects.for_page, request, slug=slug)
    section = (_("Topics"), reverse("network:topic_list"))
    return detail(
        request,
        "network/topic_detail.html",
        topic,
        section,
        formats.topic_jsonld(topic),
        topic=topic,
        events=newest_of(topic.events, NEWEST),
        statements=newest_of(topic.statements, NEWEST),
        resolutions=topic.resolution_set.published(),
    )


def document_list(request):
    documents = Document.objects.published().for_list()
    return render(request, "network/document_list.html", {"page": page_of(request, documents, 100)})


def document_detail(request, slug):
    document = visible_or_404(Document.objects.for_page, request, slug=slug)
    section = (_("Documents"), reverse("network:document_list"))
    return detail(
        request,
        "network/document_detail.html",
        document,
        section,
        formats.document_jsonld(document),
        document=document,
        statements=newest_of(document.statements, NEWEST),
    )
