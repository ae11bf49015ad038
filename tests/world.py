"""A small public world for page tests: a rich event with all that hangs on it, at any size."""

import json
import re
from datetime import date, time
from html import unescape
from types import SimpleNamespace

from django.urls import URLResolver, get_resolver
from PIL import Image

from events.models import Attachment, Event, StatementParty
from tests.factories import (
    make_appearance,
    make_appointment,
    make_chair_term,
    make_claim,
    make_context,
    make_document,
    make_event,
    make_focal_point,
    make_member,
    make_name,
    make_occasion,
    make_participation,
    make_party,
    make_person,
    make_person_name,
    make_plan,
    make_point,
    make_resolution,
    make_segment,
    make_series,
    make_source,
    make_statement,
    make_text,
    make_topic,
    numbers,
    the_network,
)
from wpssite.base.imaging import as_webp

STRUCTURED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def structured(response) -> list[dict]:
    """Return the schema.org data of a page."""
    return [json.loads(text) for text in STRUCTURED.findall(response.text)]


def words(response) -> str:
    """Return what a reader sees of a page's main part: no elements, single spaces."""
    main = response.text.partition('<main id="main"')[2].partition("</main>")[0]
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", "<" + main)).split())
    return re.sub(r" ([,.:;)])", r"\1", text).replace("( ", "(")


def in_order(text, *parts) -> bool:
    """Whether the parts stand in the text one after another."""
    place = 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def public_patterns(resolver=None, prefix="", namespace=""):
    """Return (name, route) of every address of the site but those of the desk."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            if inner != "admin:":
                found += public_patterns(pattern, route, inner)
        else:
            found.append((f"{namespace}{pattern.name}", route))
    return found


def make_picture(event, **fields):
    """A photo of an event, with its file."""
    picture = as_webp(Image.new("RGB", (60, 40)), f"photo{next(numbers)}.webp")
    fields = {"order": event.attachments.count() + 1, "title": "A photo"} | fields
    return Attachment.objects.create(event=event, kind="photo", picture=picture, **fields)


def make_speech(event, topics=(), resolutions=(), documents=(), **fields):
    """Somebody's appearance at an event with their role, and the statement they made there."""
    fields = {"role_printed": "Minister for Foreign Affairs"} | fields
    person = fields.pop("person", None) or make_person()
    state = fields.pop("organisation", None) or make_member(iso_alpha2="")
    segment = make_segment(event, kind="opening")
    appearance = make_appearance(
        event, segment=segment, person=person, organisation=state, kind="opening", **fields
    )
    statement = make_statement(
        event=event,
        appearance=appearance,
        person=person,
        role_printed=appearance.role_printed,
        printed_name=appearance.printed_name,
        topics=topics,
        resolutions=resolutions,
        documents=documents,
        sources=[make_source()],
        language="en",
    )
    make_party(statement, state)
    make_party(statement, relation=StatementParty.Relation.JOINS, footnote="* observer")
    make_point(statement)
    make_text(statement)
    return statement


def make_side_event(**fields):
    """An event at 11:10 in New York, which is 00:10 of the next day in Tokyo."""
    defaults = {
        "starts_on": date(2023, 9, 21),
        "starts_time": time(11, 10),
        "zone": "America/New_York",
        "second_zone": "Asia/Tokyo",
        "second_printed_on": date(2023, 9, 22),
        "second_printed_time": time(0, 10),
        "duration_minutes": 30,
        "duration_about": True,
        "city": "New York",
        "kind": Event.Kind.SIDE_EVENT,
        "mode": Event.Mode.OFFLINE,
    }
    return make_event(**defaults | fields)


def make_full_event(size=1, **fields):
    """An event with every field and kind of row filled in, `size` rows of each."""
    event = make_side_event(
        **{
            "summary": "A meeting beside the General Assembly.",
            "description": "<p>More of it.</p>",
            "occasion": make_occasion(url="https://occasion.example/"),
            "series": make_series(),
            "series_number": 1,
            "super_event": make_event(),
            "times_of": make_person(),
            "country": make_member(),
            "venue": "A hall",
            "room": "Room 1",
            "people_present": 80,
            "un_record": "S/PV.1",
            "public_note": "Sources differ on the end.",
            "topics": [make_topic() for _ in range(size)],
            "sources": [make_source() for _ in range(size)],
        }
        | fields
    )
    for _ in range(size):
        fill(event)
    return event


def fill(event):
    """Add one row of each kind to an event."""
    make_participation(event)
    make_participation(event, role="present")
    readers = {"delivered_by": make_person(), "represents": make_person()}
    speech = make_speech(event, remark="A word", remark_about=make_person(), **readers)
    make_appearance(event, kind="moderation", unnamed_as="moderator")
    make_context(event, kind="resolution", resolution=make_resolution())
    make_context(event, kind="plan", plan=make_plan())
    make_context(event, kind="claim", claim=make_claim(states=90, organisations=10))
    membership = make_member().memberships.get()
    make_context(event, kind="membership", membership=membership)
    make_context(event, kind="initiative", organisation=make_member())
    make_picture(event, alt="People at a table")
    Attachment.objects.create(
        event=event, order=event.attachments.count() + 1, title="Film", url="https://film.example/"
    )
    return speech


def make_world(size=1):
    """Records of every kind, `size` of each on the pages that name them, all tied together."""
    topic, resolution, document = make_topic(), make_resolution(), make_document()
    member, person = make_member(iso_alpha2="JP", iso_alpha3="JPN"), make_person()
    plan = make_plan(owner=member)
    world = SimpleNamespace(
        member=member, person=person, plan=plan, topic=topic, resolution=resolution
    )
    world.document, world.network, world.claim = document, the_network(), make_claim()
    world.event = make_full_event(size)
    cited = {"topics": [topic], "resolutions": [resolution], "documents": [document]}
    for number in range(size):
        event = make_event(topics=[topic], starts_on=date(2000 + number, 9, 21))
        make_participation(event, member)
        make_context(event, kind="resolution", resolution=resolution)
        make_context(event, kind="plan", plan=plan)
        world.statement = make_speech(event, person=person, organisation=member, **cited)
        make_chair_term(member, make_member())
        surround(world, number)
    for _ in range(size):
        make_point(world.statement)
        make_text(world.statement)
        make_party(world.statement)
        world.statement.topics.add(make_topic())
        make_speech(world.statement.event)
    return world


def surround(world, number):
    """Add one more of each thing that hangs on the member, person, plan, topic and document."""
    make_plan(owner=world.member, supersedes=world.plan)
    make_focal_point(world.member, person=make_person(), person_is_public=True)
    make_name(world.member)
    make_person_name(world.person)
    make_appointment(world.person, starts_on=date(1950 + number, 1, 1))
    make_topic(broader=world.topic)
    make_resolution(topics=[world.topic])
    make_document(signatories=[world.member], sources=[make_source()])
    for record in [world.member, world.person, world.plan, world.resolution, world.document]:
        record.sources.add(make_source())
