"""Feeds of events and statements: what an entry says, what stays the same, who is never named."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, Statement, StatementParty
from network.models import Topic
from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    errors_of,
    make_appearance,
    make_event,
    make_member,
    make_name,
    make_participation,
    make_party,
    make_person,
    make_point,
    make_resolution,
    make_state,
    make_statement,
    make_topic,
)
from tests.world import make_side_event
from wpssite.base.models import OldAddress

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def feed_of(client, address: str):
    """Return a feed as feedparser reads it; a warning or an error in it fails."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def entries(client, address: str) -> list:
    return feed_of(client, address).entries


def elements(client, address: str) -> list:
    """Return the entries of a feed as elements of XML."""
    return ElementTree.fromstring(client.get(address).content).findall(f"{ATOM}entry")


def titles(client, address: str) -> list[str]:
    return [entry.title for entry in entries(client, address)]


def make_speech(**fields):
    """A statement with everything that its entry tells."""
    person = make_person(name="Kamikawa Yoko")
    statement = make_statement(
        **{"person": person, "role_printed": "Minister for Foreign Affairs", "kind": "national",
           "event": make_event(title="Side event")} | fields
    )  # fmt: skip
    make_party(statement, make_member(name="Japan"))
    make_party(statement, make_member(name="Norway"), relation=StatementParty.Relation.JOINS)
    make_point(statement, text="Peace & <security>")
    make_point(statement, text="Second point")
    return statement


def test_a_statement_is_by_its_speaker_in_the_role_of_the_day_with_every_point(client):
    statement = make_speech(summary="Backed the agenda & more.")

    (entry,) = entries(client, "/statements/feed/")

    assert entry.author == "Kamikawa Yoko, Minister for Foreign Affairs"
    assert entry.author_detail.href.endswith(statement.person.get_absolute_url())
    assert entry.summary == "Backed the agenda &amp; more."
    (content,) = entry.content
    assert content.type == "text/html"
    assert "<p>1. Peace &amp; &lt;security&gt;</p><p>2. Second point</p>" in content.value
    assert "<p>For Japan</p>" in content.value
    assert "Norway" not in content.value
    assert ">Side event</a>, 21 September 2023" in content.value
    assert [tag.term for tag in entry.tags] == ["national statement"]


def test_a_statement_without_a_summary_gives_its_first_point(client):
    make_speech(summary="")

    (entry,) = entries(client, "/statements/feed/")

    assert entry.summary == "Peace &amp; &lt;security&gt;"


def test_a_member_has_the_name_of_the_day(client):
    state = make_state(name="Türkiye")
    make_name(state, text="Turkey", form="former", ends_on=datetime(2022, 6, 2).date())
    make_party(make_statement(date=datetime(2020, 1, 1).date()), state)

    assert "<p>For Turkey</p>" in entries(client, "/statements/feed/")[0].content[0].value


def test_an_event_tells_both_its_times_its_place_and_what_became_of_it(client):
    make_side_event(title="Tea & <talk>", summary="A summary.", event_status="cancelled")

    (entry,) = entries(client, "/events/feed/")

    assert entry.title_detail.value == "Tea & <talk>"
    assert entry.summary == "Cancelled. A summary."
    text = entry.content[0].value
    assert "11:10, 21 September 2023, New York time / 00:10, 22 September 2023, Tokyo" in text
    assert "<p>New York</p>" in text


def test_control_characters_from_a_paste_break_no_feed(client):
    make_point(make_statement(title="A\x0bB", summary="C\x0c"), text="D\x01E")

    (entry,) = entries(client, "/statements/feed/")

    assert (entry.title, entry.summary) == ("AB", "C")
    assert "DE" in entry.content[0].value


# --- Identity and times.


def test_an_entry_is_the_same_one_under_a_new_address(client):
    statement, before = make_speech(), elements(client, "/statements/feed/")
    statement.slug = "another"
    statement.save()

    after = elements(client, "/statements/feed/")

    assert before[0].findtext(f"{ATOM}id") == after[0].findtext(f"{ATOM}id") == statement.uid.urn
    assert after[0].find(f"{ATOM}link").get("href") == (
        f"http://127.0.0.1:8000{statement.get_absolute_url()}"
    )


def test_published_and_updated_are_two_times(client):
    event, day = make_event(), timedelta(days=1)
    now = timezone.now().replace(microsecond=0)
    Event.objects.filter(pk=event.pk).update(published_at=now - 3 * day, updated_at=now - day)

    (entry,) = elements(client, "/events/feed/")

    assert entry.findtext(f"{ATOM}published") == (now - 3 * day).isoformat()
    assert entry.findtext(f"{ATOM}updated") == (now - day).isoformat()


def test_a_record_is_not_older_than_its_publication(client):
    event, now = make_event(), timezone.now().replace(microsecond=0)
    Event.objects.filter(pk=event.pk).update(updated_at=now - timedelta(days=9), published_at=now)

    (entry,) = elements(client, "/events/feed/")

    assert entry.findtext(f"{ATOM}updated") == now.isoformat()


def test_the_newest_publication_comes_first_and_fifty_are_enough(client):
    now = timezone.now()
    for number in range(52):
        make_event(title=f"{number}", published_at=now - timedelta(days=number))

    assert titles(client, "/events/feed/") == [str(number) for number in range(50)]


# --- The feed itself.


def test_a_feed_says_what_it_is_where_it_is_and_in_which_language(client):
    parsed = feed_of(client, "/statements/feed/?topic=a-topic&x=1&year=2023")

    links = {link.rel: link.href for link in parsed.feed.links}
    query = "?year=2023&topic=a-topic"
    assert links == {
        "self": f"http://127.0.0.1:8000/statements/feed/{query}",
        "alternate": f"http://127.0.0.1:8000/statements/{query}",
    }
    assert parsed.feed.id == links["self"]
    assert parsed.feed.language == "en"
    assert parsed.feed.title == "Statements (2023, a-topic): WPS Focal Points Network"
    assert parsed.feed.author


def test_an_unchanged_feed_is_not_sent_again_even_an_empty_one(client):
    tag = client.get("/events/feed/")["ETag"]

    again = client.get("/events/feed/", headers={"if-none-match": tag})
    event = make_event()
    changed = client.get("/events/feed/", headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    event.status, event.withdrawn_note = "withdrawn", "A mistake."
    event.save()
    withdrawn = client.get("/events/feed/", headers={"if-none-match": changed["ETag"]})
    assert withdrawn.status_code == 200


def test_a_withdrawal_is_never_hidden_behind_a_date(client):
    response = client.get("/events/feed/")

    assert "Last-Modified" not in response
    later = (datetime.now(UTC) + timedelta(days=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert client.get("/events/feed/", headers={"if-modified-since": later}).status_code == 200


@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("/events/", ["year=2023", "kind=launch", "network=yes", "host=host", "topic=topic"]),
        (
            "/statements/",
            ["year=2023", "speaker=ada", "for=host", "topic=topic", "language=ja",
             "text=summary"],
        ),
    ],
)  # fmt: skip
def test_a_feed_holds_what_the_list_with_its_filters_shows(client, page, queries):
    topic, host = make_topic(slug="topic"), make_state(slug="host")
    event = make_event(kind="launch", topics=[topic])
    make_participation(event, host)
    make_event(starts_on=datetime(2024, 1, 1).date(), network_event=False)
    fields = {"language": "ja", "text_kind": "summary", "topics": [topic]}
    make_party(make_statement(person=make_person(slug="ada"), **fields), host)
    make_statement(date=datetime(2024, 1, 1).date())
    model = Event if page == "/events/" else Statement

    for query in queries:
        text = client.get(f"{page}?{query}").text
        shown = {row.title for row in model.objects.all() if row.get_absolute_url() in text}
        assert set(titles(client, f"{page}feed/?{query}")) == shown, query
        assert len(shown) == 1
        assert f'href="{page}feed/?{query}"' in text  # In the head and as a link.
        assert text.count(f'href="{page}feed/?{query}"') == 2


@pytest.mark.parametrize("address", ["/events/feed/?year=soon", "/statements/feed/?text=x"])
def test_a_filter_that_cannot_be_is_refused(client, address):
    assert client.get(address).status_code == 400


# --- Around a member, a person, a topic.


def around():
    """A topic, a member and a person with an event and a statement each, and strangers to them."""
    topic, member, person = make_topic(), make_member(), make_person()
    event = make_event(title="Theirs", topics=[topic])
    make_participation(event, member)
    make_appearance(event, person=person)
    make_party(make_statement(title="Said", person=person, topics=[topic]), member)
    make_resolution(symbol="S/RES/1325 (2000)", topics=[topic])
    make_party(make_statement(title="Joined"), member, relation="aligns")
    make_event(title="Strange")
    make_statement(title="Unheard")
    return topic, member, person


def test_records_have_feeds_of_what_is_around_them(client):
    topic, member, person = around()

    found = {
        record: set(titles(client, f"{record.get_absolute_url()}feed/"))
        for record in (topic, member, person)
    }

    assert found[topic] == {"Theirs", "Said", "S/RES/1325 (2000)"}
    assert found[member] == {"Theirs", "Said", "Joined"}
    assert found[person] == {"Theirs", "Said"}


def test_pages_lead_to_their_feeds_in_the_head_and_for_the_eye(client):
    for record in around():
        address = f'href="{record.get_absolute_url()}feed/"'
        head, _, body = client.get(record.get_absolute_url()).text.partition("</head>")

        assert f'<link rel="alternate" type="application/atom+xml" title="{record.name}' in head
        assert address in head
        assert address in body


def test_the_feed_of_a_record_is_the_same_one_under_a_new_address(client):
    topic = make_topic()
    before = feed_of(client, f"{topic.get_absolute_url()}feed/").feed.id
    Topic.objects.filter(pk=topic.pk).update(slug="new")
    topic.refresh_from_db()
    OldAddress.objects.remember(topic, "old")

    moved = client.get("/topics/old/feed/")

    assert (moved.status_code, moved["Location"]) == (301, "/topics/new/feed/")
    assert feed_of(client, "/topics/new/feed/").feed.id == before


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_what_is_hidden_is_in_no_feed(client, admin_client, hidden):
    topic, member, person = make_topic(), make_member(), make_person()
    event = make_event(topics=[topic], **hidden)
    make_participation(event, member)
    make_appearance(event, person=person)
    make_party(make_statement(person=person, topics=[topic], **hidden), member)
    gone = make_topic(**hidden)

    for record in (topic, member, person):
        assert titles(client, f"{record.get_absolute_url()}feed/") == []
    assert titles(client, "/events/feed/") == titles(client, "/statements/feed/") == []
    expected = 410 if hidden["status"] == "withdrawn" else 404
    for reader in (client, admin_client):
        assert reader.get(f"/topics/{gone.slug}/feed/").status_code == expected


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_an_entry_names_nobody_hidden(client, hidden):
    secret = make_person(name="Secret", **hidden)
    event = make_event(title="Secret", **hidden)
    statement = make_statement(person=secret, printed_name="As printed", event=event)
    make_party(statement, make_state(name="Secret", **hidden))
    make_side_event(times_of=secret, country=make_state(name="Secret", **hidden))

    text = client.get("/statements/feed/").text + client.get("/events/feed/").text

    assert "Secret" not in text
    assert entries(client, "/statements/feed/")[0].author == "As printed"


def test_no_statement_takes_the_address_of_the_feed():
    assert "slug" in errors_of(make_statement(slug="feed"))


# --- Costs.


def fill(topic, member, person, size):
    for _ in range(size):
        event = make_event(topics=[topic], times_of=person, country=member)
        make_participation(event, member)
        make_appearance(event, person=person)
        statement = make_speech(person=person, event=event, topics=[topic])
        make_party(statement, member)
        make_resolution(topics=[topic])


def test_a_feed_costs_the_same_at_any_size(client):
    records = make_topic(), make_member(), make_person()
    addresses = [f"{record.get_absolute_url()}feed/" for record in records]
    addresses += ["/events/feed/?year=2023", "/statements/feed/?year=2023"]
    costs = []
    for size in (1, 4):
        fill(*records, size)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert titles(client, address)
            costs.append(len(queries))

    assert costs[:5] == costs[5:]
    assert max(costs) <= 10
