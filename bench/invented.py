"""Invented events and statements, with every kind of row that hangs on them."""

from datetime import date, time, timedelta

from events.models import (
    Appearance,
    Attachment,
    Event,
    EventContext,
    Participation,
    Point,
    Segment,
    Statement,
    StatementParty,
    StatementText,
)
from network.models import Source
from wpssite.indexing import KIND_OF

from .bulk import by_owner, find_by, link, loaded, store
from .world import ROLES, World

STATEMENTS = 10  # at each event
REPORTED = 4  # of them, what was said is told in our own words
FIRST_DAY = date(2000, 10, 31)
CITIES = [
    ("New York", "America/New_York", "united-states"),
    ("Windhoek", "Africa/Windhoek", "namibia"),
    ("Berlin", "Europe/Berlin", "germany"),
    ("Ottawa", "America/Toronto", "canada"),
    ("Geneva", "Europe/Zurich", "switzerland"),
    ("Tokyo", "Asia/Tokyo", "japan"),
    ("Oslo", "Europe/Oslo", "norway"),
    ("Madrid", "Europe/Madrid", "spain"),
]
PARTS = ["opening", "panel", "closing"]


def make_events(world: World, numbers):
    """Make events with these numbers, their rows and statements, and what search knows of them."""
    sources = store(
        Source(
            url=f"https://ministry.example/invented/{number}",
            title=world.words.line(6, 14),
            publisher=f"Invented Ministry {number % 200}",
            kind="ministry",
            language="en",
            published_on=world.until - timedelta(days=number % 9000),
        )
        for number in numbers
    )
    events = store(event(world, number) for number in numbers)
    store(
        Event.sources.through(event=event, source=source)
        for event, source in zip(events, sources, strict=True)
    )
    topics = link(events, "topics", lambda: world.some(world.topics, 3))
    hosts = by_owner("event", store(participation(world, e, n) for e in events for n in range(3)))
    segments = by_owner("event", store(segment(world, e, n) for e in events for n in range(3)))
    context = by_owner("event", store(background(world, e, n) for e in events for n in range(2)))
    files = by_owner("event", store(recording(world, e) for e in events))
    shows = by_owner(
        "event",
        store(
            appearance(world, event, segments[event.pk], place)
            for event in events
            for place in range(STATEMENTS)
        ),
    )
    loaded(events, topics=topics, participations=hosts, segments=segments)
    loaded(events, appearances=shows, context=context, attachments=files)
    find_by(KIND_OF[Event], events)
    make_statements(world, [row for event in events for row in shows[event.pk]])


def event(world: World, number: int):
    chance, words = world.chance, world.words
    city, zone, country = chance.choice(CITIES)
    span = (world.until - FIRST_DAY).days
    record = Event(
        title=f"Invented meeting {number}: {words.line(5, 11)}",
        kind=chance.choice(Event.Kind.values),
        network_event=chance.random() < 0.7,
        summary=words.sentence(12, 20),
        description=f"<p>{words.sentence(15, 30)}</p>",
        starts_on=FIRST_DAY + timedelta(days=chance.randrange(span)),
        starts_time=time(chance.randrange(8, 19), chance.choice([0, 15, 30])),
        duration_minutes=chance.choice([60, 90, 120, 180]),
        zone=zone,
        city=city,
        country=world.countries[country],
        venue=f"Invented hall {chance.randrange(100)}",
        mode="offline",
        people_present=chance.randrange(20, 300),
        confidence="high",
        **world.public(f"invented-meeting-{number}"),
    )
    record.derive()
    return record


def participation(world: World, event, place: int):
    state = world.states[(event.pk * 7 + place * 31) % len(world.states)]
    role = ["host", "co-host", "present"][place]
    row = Participation(event=event, organisation=state, order=place + 1, role=role)
    row.name_then = world.called_on(state, event.starts_on)
    return row


def segment(world: World, event, place: int):
    title = world.words.line(3, 7)
    return Segment(event=event, order=place + 1, kind=PARTS[place], title=title)


def background(world: World, event, place: int):
    row = EventContext(event=event, order=place + 1, text=world.words.sentence(8, 18))
    if place:
        row.kind, row.plan = "plan", world.chance.choice(world.plans)
    else:
        row.kind, row.resolution = "resolution", world.chance.choice(world.resolutions)
    return row


def recording(world: World, event):
    return Attachment(
        event=event,
        kind="recording",
        title=world.words.line(4, 8),
        url=f"https://film.example/invented/{event.pk}",
    )


def appearance(world: World, event, segments: list, place: int):
    chance = world.chance
    state = chance.choice(world.states)
    row = Appearance(
        event=event,
        order=place + 1,
        segment=segments[min(place // 4, 2)],
        kind=["opening", "panel", "closing"][min(place // 4, 2)],
        person=world.people[(event.pk * STATEMENTS + place * 37) % len(world.people)],
        role_printed=f"{chance.choice(ROLES)} of {state.name}"[:200],
        organisation=state,
        mode="in-person",
    )
    row.name_then = world.called_on(state, event.starts_on)
    return row


def make_statements(world: World, shows: list):
    """Make the statement of each appearance with its rows, and what search knows of it."""
    statements = store(statement(world, row) for row in shows)
    topics = link(statements, "topics", lambda: world.some(world.topics, 2))
    resolutions = link(statements, "resolutions", lambda: world.some(world.resolutions, 1))
    parties = by_owner("statement", store(party(world, row) for row in statements))
    points = by_owner(
        "statement",
        store(point(world, row) for row in statements if row.appearance.order <= REPORTED),
    )
    texts = by_owner("statement", store(text(world, row) for row in statements))
    loaded(statements, topics=topics, resolutions=resolutions, documents={})
    loaded(statements, parties=parties, points=points, texts=texts)
    find_by(KIND_OF[Statement], statements)


def statement(world: World, show):
    return Statement(
        title=f"Invented statement: {world.words.line(6, 12)}",
        kind=world.chance.choice(["national", "statement", "remarks", "keynote"]),
        event=show.event,
        appearance=show,
        date=show.event.starts_on,
        person=show.person,
        role_printed=show.role_printed,
        mode=show.mode,
        language=world.chance.choice(["en", "en", "en", "fr", "es", "ar"]),
        text_kind=world.chance.choice(["as-delivered", "summary", "not-stated"]),
        confidence="medium",
        **world.public(f"invented-statement-{show.event_id}-{show.order}"),
    )


def party(world: World, statement):
    state = statement.appearance.organisation
    row = StatementParty(statement=statement, organisation=state)
    row.name_then = world.called_on(state, statement.date)
    return row


def point(world: World, statement):
    return Point(statement=statement, order=1, text=world.words.sentence(8, 14))


def text(world: World, statement):
    address = f"https://ministry.example/invented/texts/{statement.pk}"
    return StatementText(
        statement=statement,
        language=statement.language,
        kind=statement.text_kind,
        publisher="Invented Ministry",
        url=address,
    )
