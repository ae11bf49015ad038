"""The feed of the whole site, and the network's records as entries in it."""

from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    MAKERS,
    make_document,
    make_member,
    make_person,
    make_plan,
    make_resolution,
    make_state,
    make_topic,
)
from tests.world import make_full_event, make_world
from wpssite.catalogue import KINDS

pytestmark = pytest.mark.django_db

FEED = "/feed/"


def entries(client) -> dict:
    """Return the entries of the site's feed by their titles."""
    parsed = feedparser.parse(client.get(FEED).content)
    assert not parsed.bozo, parsed.bozo_exception
    return {entry.title: entry for entry in parsed.entries}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_of_record_comes_with_its_identity_and_address(client, kind):
    record = MAKERS[kind.name]()

    found = {entry.id: entry for entry in entries(client).values()}

    entry = found[record.uid.urn]
    assert entry.link == f"http://127.0.0.1:8000{record.get_absolute_url()}"
    assert (entry.title, len(entry.tags)) != ("", 0)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_no_hidden_record_comes(client, kind, hidden):
    record = MAKERS[kind.name](**hidden)

    assert record.uid.urn not in client.get(FEED).text


def test_records_of_the_network_say_what_they_are(client):
    make_member(name="Japan", summary="A state in Asia.")
    make_person(name="Ada Byron", summary="A mathematician.")
    make_plan(owner=make_state(name="Oz"), title="Plan", start_year=2020, end_year=2024)
    make_resolution(symbol="S/RES/1325 (2000)", subject="Women, peace and security")
    make_topic(name="youth", definition="The young.")
    make_document(title="A letter")

    found = entries(client)

    said = {title: (entry.get("summary", ""), entry.tags[0].term) for title, entry in found.items()}
    assert said["Japan"] == ("A state in Asia.", "state")
    assert said["Ada Byron"] == ("A mathematician.", "person")
    assert said["Plan"] == ("Oz, 2020–2024", "national action plan")
    assert said["S/RES/1325 (2000)"] == ("Women, peace and security", "resolution")
    assert said["Youth"] == ("The young.", "topic")
    assert said["A letter"] == ("", "document")


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_plan_does_not_name_a_hidden_owner(client, hidden):
    make_plan(owner=make_state(name="Secret", **hidden), title="Plan")

    assert entries(client)["Plan"].summary == "2020–2030"
    assert "Secret" not in client.get(FEED).text


def test_kinds_are_mixed_by_the_time_they_became_public_and_fifty_come(client):
    now = timezone.now()
    for number in range(20):
        for place, name in enumerate(["topics", "people", "documents"]):
            moment = now - timedelta(hours=3 * number + place)
            field = "title" if name == "documents" else "name"
            MAKERS[name](**{field: f"{name} {number}"}, published_at=moment)

    atom = "{http://www.w3.org/2005/Atom}"
    found = ElementTree.fromstring(client.get(FEED).content).findall(f"{atom}entry")

    published = [entry.findtext(f"{atom}published") for entry in found]
    assert published == sorted(published, reverse=True)
    assert [entry.findtext(f"{atom}title") for entry in found[:4]] == [
        "Topics 0", "people 0", "documents 0", "Topics 1"
    ]  # fmt: skip
    assert len(found) == 50


def test_an_unchanged_feed_is_not_sent_again(client):
    make_topic()
    tag = client.get(FEED)["ETag"]

    assert client.get(FEED, headers={"if-none-match": tag}).status_code == 304


def test_the_home_page_leads_to_the_feed(client):
    head, _, body = client.get("/").text.partition("</head>")

    assert '<link rel="alternate" type="application/atom+xml"' in head
    assert f'href="{FEED}"' in head
    assert f'href="{FEED}"' in body


def test_the_feed_costs_one_query_for_each_kind_and_two_for_what_was_said(client):
    costs = []
    for fill in (make_world, more_of_everything):
        fill()
        with CaptureQueriesContext(connection) as queries:
            assert entries(client)
        costs.append(len(queries))

    assert costs == [len(KINDS) + 2] * 2


def more_of_everything():
    make_full_event(3)
    for make in [*MAKERS.values()] * 3:
        make()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_list_is_a_feed(client, kind):
    record = MAKERS[kind.name]()
    hidden = MAKERS[kind.name](slug="secret-plan", **HIDDEN[0])

    feed = client.get(f"/feed/{kind.name}/").content.decode()
    page = client.get(reverse(kind.list_view)).content.decode()

    assert record.get_absolute_url() in feed
    assert hidden.get_absolute_url() not in feed
    assert 'type="application/atom+xml"' in page


@pytest.mark.django_db
def test_there_is_no_feed_of_another_kind(client):
    assert client.get("/feed/users/").status_code == 404
