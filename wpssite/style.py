"""Made-up records for the style page: never saved, shown by the includes that real ones use."""

from collections import Counter
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

from events.models import Event, StatementText
from events.reading import Reading, Shown
from events.running_order import Part, Speaker
from wpssite.base.paging import Listing, ListPage
from wpssite.base.paragraphs import differences, with_paragraph_ids
from wpssite.base.publishing import Status

HERE = "/about/style/"
DAY = date(2023, 9, 21)
CHANGED = datetime(2024, 1, 2, 9, tzinfo=UTC)
COLOURS = ["paper", "surface", "sunk", "ink", "ink-soft", "rule", "edge", "accent", "accent-deep"]
COLOURS += ["accent-wash", "warm", "warm-wash", "alert", "alert-wash", "mark", "land"]


class Sample(SimpleNamespace):
    """A public record in all that includes look at; its page is the style page."""

    is_public = True
    confidence = change_note = ""

    def get_absolute_url(self):
        return HERE

    def __str__(self):
        return self.name


def samples() -> dict:
    """Return what `style.html` shows, each as its include takes it."""
    norland = Sample(name="Norland", iso_alpha2="", kind="organisation", parent=None)
    person = Sample(name="Ada Norlander")
    meeting = event()
    claim = SimpleNamespace(
        claimed_by=None,
        source=SimpleNamespace(publisher="Example Ministry", url=HERE),
        value=100,
        qualifier="exact",
        states=90,
        organisations=10,
        only_part="",
        as_of_text="1 January 2024",
    )
    return {
        "colours": COLOURS,
        "event": meeting,
        "events": [meeting],
        "statements": [statement(norland, person)],
        "part": Part("", speakers=[Speaker(appearance(norland, person), 1, None)]),
        "claim": claim,
        "day": DAY,
        "figures": [("Members", 42), ("Plans in force", 17), ("Statements held", 120)],
        "sources": [source()],
        "chips": [("Example year", HERE)],
        "pairs": [("one", "The first choice"), ("two", "The second choice")],
        "reading": reading(),
        "page": ListPage(range(20), 2, 20, Listing(None, None, 60), True),
        "record": None,
        "sample": Sample(name="Sample", updated_at=CHANGED, change_note="The date was wrong."),
    }


def event() -> Event:
    """Return an unsaved event in New York whose second clock shows the next day."""
    found = Event(
        title="A meeting of focal points, to be seen in two time zones",
        slug="example",
        kind=Event.Kind.SIDE_EVENT,
        starts_on=DAY,
        starts_time=time(11, 10),
        zone="America/New_York",
        second_zone="Asia/Tokyo",
        city="New York",
        duration_minutes=30,
        duration_about=True,
        status=Status.PUBLISHED,
        published_at=CHANGED,
    )
    found.derive()
    found.hosts = []
    found.get_absolute_url = lambda: HERE
    return found


def statement(organisation, person) -> Sample:
    party = SimpleNamespace(
        relation="for", organisation=organisation, name_then="", printed_as="", footnote=""
    )
    point = SimpleNamespace(text="Plans that nobody pays for stay plans.")
    return Sample(
        name="A statement",
        person=person,
        who=person.name,
        role_printed="Minister for Foreign Affairs",
        parties=SimpleNamespace(all=lambda: [party]),
        points=SimpleNamespace(all=lambda: [point]),
        event=None,
        occasion_text="A debate",
        date=DAY,
    )


def appearance(organisation, person) -> SimpleNamespace:
    return SimpleNamespace(
        order_is_known=True,
        person=person,
        person_id=1,
        who=person.name,
        unnamed_as="",
        role_printed="Minister for Foreign Affairs",
        organisation=organisation,
        name_then="",
        printed_name="Ada Norlender",
        details="",
        delivered_by=None,
        represents=None,
        remark="",
        public_note="",
    )


def source() -> SimpleNamespace:
    return SimpleNamespace(
        url=HERE,
        title="A release",
        publisher="Example Ministry",
        language="en",
        published_on=DAY,
        read_on=DAY,
    )


def reading() -> Reading:
    """Return two texts beside each other that differ in a few words."""
    before = "<p>Women must be at the table.</p><p>We will pay for our plan.</p>"
    after = "<p>Women lead at the table.</p><p>We will pay for our plan.</p>"
    texts = [
        StatementText(order=1, language="en", kind="check-against-delivery"),
        StatementText(order=2, language="en", kind="as-delivered"),
    ]
    bodies = differences(before, after)
    taken = Counter()
    shown = [
        Shown(text, with_paragraph_ids(html, f"t{text.order}p", taken))
        for text, html in zip(texts, bodies, strict=True)
    ]
    return Reading(texts, shown, "en", compared=True, beside=True)
