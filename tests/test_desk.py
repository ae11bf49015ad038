"""The desk test: an editor enters a press release in one sitting, a reviewer publishes it."""

from html import unescape

import pytest
from django.urls import reverse

from events.models import Event, Occasion, Statement
from network.models import ActionPlan, Claim, Membership, Organisation, Person, Resolution, Source
from tests.desk_forms import DeskPage, make_plain_editor, make_reviewer
from wpssite.base.publishing import Status

pytestmark = pytest.mark.django_db

SITE = "https://www.mofa.go.jp/fp/pc/page1e_000757.html"
STATES = ["United States", "Romania", "Japan"]
PEOPLE = {
    "Antony Blinken": ("Blinken", "Antony"),
    "Luminița Odobescu": ("Odobescu", "Luminița"),
    "Rebeca Grynspan": ("Grynspan", "Rebeca"),
    "Sima Bahous": ("Bahous", "Sima"),
    "Kamikawa Yoko": ("Kamikawa", "Yoko"),
}
OPENERS = [
    ("Antony Blinken", "Secretary of State", "United States", "co-chair", ""),
    (
        "Luminița Odobescu",
        "Minister of Foreign Affairs",
        "Romania",
        "co-chair",
        "Luminița Odebescu",
    ),
    ("Rebeca Grynspan", "Secretary-General", "UNCTAD", "organisation", "Rebecca Grynspan"),
    ("Sima Bahous", "Executive Director", "UN Women", "organisation", ""),
]
POINTS = [
    "Took part in a symposium on WPS the year before, as a panellist.",
    "Japan builds a domestic framework for WPS; a parliamentary league has pressed for it.",
    "WPS belongs in the response to disasters, not only to conflict.",
    "Japan goes on raising WPS in the Security Council.",
    "Backs the Center of Excellence that the co-chairs promote.",
    "Wants more cooperation on WPS with ASEAN in the 50th year of friendship.",
]
ON_EVENT_PAGE = [
    "11:10",
    "21 September 2023",
    "22 September 2023",
    "00:10",
    "about 30 minutes",
    "United States",
    "Romania",
    *PEOPLE,
    "Minister for Foreign Affairs",
    "Odebescu",
    "truly great leader",
    "1325",
    "First national action plan",
    "Second national action plan",
    "Third national action plan",
    "100",
    "90",
    "10",
]


def popup(client, model, **fields):
    """Add a record in the small window that the + beside a box opens; return it."""
    options = model._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_add")
    before = set(model.objects.values_list("pk", flat=True))
    answer = DeskPage(client, f"{address}?_to_field=id&_popup=1").set(**fields).save()
    assert answer.status_code == 200
    assert "popup_response" in answer.content.decode()
    return model.objects.exclude(pk__in=before).get()


def enter_organisations(client) -> dict:
    """Return the organisations of the release by name."""
    kinds = dict.fromkeys(STATES, "state") | {"UNCTAD": "un-entity", "UN Women": "un-entity"}
    kinds["Security Council"] = "un-entity"
    return {n: popup(client, Organisation, name=n, kind=kind) for n, kind in kinds.items()}


def enter_people(client) -> dict:
    """Return the people of the release by name."""
    return {
        name: popup(client, Person, name=name, family_name=family, given_name=given)
        for name, (family, given) in PEOPLE.items()
    }


def enter_resolution(client):
    page = DeskPage(client, reverse("admin:network_resolution_add"))
    page.set(symbol="S/RES/1325 (2000)", number=1325, subject="Women, peace and security")
    answer = page.set(decided_on="2000-10-31").save()
    assert answer.status_code == 302
    return Resolution.objects.get()


def enter_background(client, made: dict) -> list[dict]:
    """Return the rows of the event's background, their records entered."""
    japan, council = made["Japan"].pk, made["Security Council"].pk
    plans = [
        popup(client, ActionPlan, owner=japan, title=f"{word} national action plan", generation=n)
        for n, word in enumerate(["First", "Second", "Third"], 1)
    ]
    seat = popup(
        client,
        Membership,
        organisation=japan,
        body=council,
        role="non-permanent member",
        starts_on="2023-01-01",
        ends_on="2024-12-31",
    )
    claim = popup(
        client,
        Claim,
        subject="members",
        as_of="2023-09-30",
        as_of_precision="month",
        value=100,
        states=90,
        organisations=10,
        source=Source.objects.get().pk,
    )
    return [
        {"kind": "resolution", "resolution": enter_resolution(client).pk},
        *({"kind": "plan", "plan": plan.pk} for plan in plans),
        {"kind": "membership", "membership": seat.pk},
        {"kind": "claim", "claim": claim.pk},
        {"kind": "anniversary", "year": 2023, "text": "50 years of Japan-ASEAN friendship."},
    ]


def enter_event(client, organisations, people, background):
    """Fill in the one form of the event, with everybody in it, and save it as a draft."""
    page = DeskPage(client, reverse("admin:events_event_add"))
    page.set(
        title="WPS Focal Points Network High-Level Side Event",
        kind="high-level-side-event",
        starts_on="2023-09-21",
        starts_time="11:10",
        zone="America/New_York",
        duration_minutes=30,
        duration_about="on",
        second_zone="Asia/Tokyo",
        city="New York",
        country=organisations["United States"].pk,
        occasion=popup(client, Occasion, name="UN General Assembly, high-level week 2023").pk,
        sources=[Source.objects.get().pk],
    )
    for name in ["United States", "Romania"]:
        page.add_row("participations", organisation=organisations[name].pk, role="co-host")
    page.add_row("segments", kind="opening")
    page.add_row("segments", kind="national")
    for name, role, whose, capacity, printed in OPENERS:
        page.add_row(
            "appearances",
            segment_no=1,
            kind="opening",
            person=people[name].pk,
            printed_name=printed,
            role_printed=role,
            organisation=organisations[whose].pk,
            capacity=capacity,
        )
    page.add_row(
        "appearances",
        segment_no=2,
        kind="national",
        person=people["Kamikawa Yoko"].pk,
        role_printed="Minister for Foreign Affairs",
        organisation=organisations["Japan"].pk,
    )
    page.add_row(
        "appearances",
        kind="moderation",
        unnamed_as="moderator",
        remark="truly great leader",
        remark_about=people["Kamikawa Yoko"].pk,
    )
    for row in background:
        page.add_row("context", **row)
    answer = page.save()
    assert answer.status_code == 302
    return Event.objects.get()


def enter_statement(client, event, japan):
    """Follow “Add statement” beside the fifth speaker and enter what she said."""
    appearance = event.appearances.get(order=5)
    link = f"{reverse('admin:events_statement_add')}?appearance={appearance.pk}"
    shown = client.get(reverse("admin:events_event_change", args=[event.pk]))
    assert link in shown.content.decode()
    page = DeskPage(client, link)
    page.set(title="National statement of Japan", text_kind="summary", event="", person="")
    page.add_row("parties", organisation=japan.pk)
    for text in POINTS:
        page.add_row("points", text=text)
    assert page.save().status_code == 302
    return Statement.objects.get()


def enter_release(client):
    """Enter the whole release; return the event and the statement, both drafts."""
    popup(client, Source, url=SITE, title="High-level side event", publisher="MOFA Japan")
    organisations, people = enter_organisations(client), enter_people(client)
    background = enter_background(client, organisations)
    event = enter_event(client, organisations, people, background)
    return event, enter_statement(client, event, organisations["Japan"])


def publish_all(client, event):
    """Publish the people and records by the list's action, the event by its form."""
    for model in [Organisation, Person, Resolution, ActionPlan, Statement]:
        options = model._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        keys = list(model.objects.values_list("pk", flat=True))
        client.post(address, {"action": "publish", "_selected_action": keys})
        assert model.objects.published().count() == len(keys)
    page = DeskPage(client, reverse("admin:events_event_change", args=[event.pk]))
    assert page.save(status="published").status_code == 302
    event.refresh_from_db()
    assert event.is_public


def assert_public(client, event, statement):
    """Find each fact of the release on the pages that everyone sees."""
    page = unescape(client.get(event.get_absolute_url()).content.decode())
    missing = [fact for fact in ON_EVENT_PAGE if fact not in page]
    assert missing == []
    main = page[page.index("<main") :]
    openers = [main.index(name) for name, *_ in OPENERS]
    assert openers == sorted(openers)
    said = unescape(client.get(statement.get_absolute_url()).content.decode())
    missing = [fact for fact in [*POINTS, "Kamikawa Yoko", "Japan"] if fact not in said]
    assert missing == []


def test_editor_enters_a_release_and_a_reviewer_publishes_it(client):
    client.force_login(make_plain_editor())
    event, statement = enter_release(client)
    client.logout()
    assert event.status == Status.DRAFT
    assert event.slug == "wps-focal-points-network-high-level-side-event"
    assert client.get(event.get_absolute_url()).status_code == 404
    assert client.get(statement.get_absolute_url()).status_code == 404

    client.force_login(make_reviewer())
    publish_all(client, event)
    client.logout()
    assert_public(client, event, statement)


def test_rows_are_numbered_linked_and_filled_in(client):
    client.force_login(make_plain_editor())
    event, statement = enter_release(client)
    assert [row.order for row in event.participations.all()] == [1, 2]
    speakers = [(row.order, row.segment and row.segment.order) for row in event.appearances.all()]
    assert speakers == [(1, 1), (2, 1), (3, 1), (4, 1), (5, 2), (6, None)]
    assert event.appearances.get(order=2).printed_name == "Luminița Odebescu"
    assert [fact.order for fact in event.context.all()] == [1, 2, 3, 4, 5, 6, 7]
    assert event.starts_utc.isoformat() == "2023-09-21T15:10:00+00:00"
    assert statement.event == event
    assert statement.date == event.starts_on
    assert statement.person == Person.objects.get(name="Kamikawa Yoko")
    assert statement.role_printed == "Minister for Foreign Affairs"
    assert [point.text for point in statement.points.all()] == POINTS
