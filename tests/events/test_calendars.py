"""Calendars of events: what is in them, what a program reads back, what stays the same for ever."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import icalendar
import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event, EventStatus, StatusChange
from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    make_appearance,
    make_event,
    make_occasion,
    make_participation,
    make_person,
    make_segment,
    make_state,
    make_topic,
)
from tests.world import make_side_event
from wpssite.base.models import OldAddress

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden" / "side-event.ics"
SITTING = {"kind": "sitting", "title": "First day"}


def ics_of(event) -> str:
    return f"{event.get_absolute_url()}event.ics"


def fetched(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content


def events_of(client, address="/events/calendar.ics") -> list:
    return icalendar.Calendar.from_ical(fetched(client, address)).events


def titles(client, address: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in events_of(client, address)]


def the_one(client, event):
    """Return the event itself from its own calendar."""
    return next(row for row in events_of(client, ics_of(event)) if row["UID"] == str(event.uid))


def seed(**fields):
    """The event of the press release, with everything that a calendar tells of it."""
    topics = fields.pop("topics", None) or [make_topic(name="Disaster response")]
    event = make_side_event(
        topics=topics,
        **{
            "slug": "side-event",
            "title": "High-level side event",
            "uid": uuid.UUID(int=1325),
            "summary": "Opening speakers, then national statements.",
            "times_of": make_person(name="Kamikawa Yoko"),
            "country": make_state(name="United States of America"),
        }
        | fields,
    )
    speaker = {"role_printed": "Minister for Foreign Affairs", "kind": "national"}
    make_appearance(event, person=make_person(name="Luminița Odobescu"), kind="opening")
    make_appearance(event, person=event.times_of, **speaker)
    make_appearance(event, unnamed_as="moderator", kind="moderation")
    moment = datetime(2026, 11, 20, 9, tzinfo=UTC)
    Event.objects.filter(pk=event.pk).update(
        created_at=moment, updated_at=moment + timedelta(seconds=1325)
    )
    event.refresh_from_db()
    return event


def test_the_seed_is_written_letter_by_letter_as_kept(client):
    assert fetched(client, ics_of(seed())) == GOLDEN.read_bytes()


def test_two_programs_read_the_seed_s_instant(client):
    content = fetched(client, ics_of(seed()))

    first = icalendar.Calendar.from_ical(content).events[0].start
    second = vobject.readOne(content.decode()).vevent.dtstart.value

    assert first == second == datetime(2023, 9, 21, 15, 10, tzinfo=UTC)
    assert first.utcoffset() == second.utcoffset() == timedelta(hours=-4)


def test_every_line_ends_as_the_standard_has_it(client):
    lines = fetched(client, ics_of(seed(title="武" * 90))).split(b"\r\n")

    assert not any(b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75


# --- When.


@pytest.mark.parametrize(
    ("fields", "starts", "ends"),
    [
        ({"duration_minutes": 90}, "20230921T111000", "20230921T124000"),
        ({"duration_minutes": None}, "20230921T111000", None),
        (
            {"ends_on": date(2023, 9, 22), "ends_time": time(1, 0)},
            "20230921T111000",
            "20230922T010000",
        ),
        ({"ends_on": date(2023, 9, 23)}, "20230921", "20230924"),
        ({"ends_on": date(2023, 9, 21)}, "20230921T111000", None),
        ({"starts_precision": "day", "starts_time": None}, "20230921", "20230922"),
        ({"starts_precision": "evening", "starts_time": None}, "20230921", "20230922"),
        (
            {"starts_precision": "day", "starts_time": None, "ends_on": date(2023, 10, 1)},
            "20230921",
            "20231002",
        ),
    ],
    ids=["length", "no end", "past midnight", "days, end open", "day, end open", "day", "evening",
         "days"],
)  # fmt: skip
def test_an_event_lasts_as_long_as_is_known(client, fields, starts, ends):
    event = make_event(**{"duration_minutes": None} | fields)

    found = the_one(client, event)

    assert found["DTSTART"].to_ical().decode() == starts
    assert ("DTEND" in found) == bool(ends)
    assert not ends or found["DTEND"].to_ical().decode() == ends


def test_how_long_one_person_stayed_is_told_but_is_not_the_end(client):
    found = the_one(client, seed())

    assert "DTEND" not in found
    assert "About 30 minutes: the time that Kamikawa Yoko attended" in found["DESCRIPTION"]


def test_the_second_zone_and_what_is_approximate_are_told(client):
    found = the_one(client, make_side_event(starts_about=True))

    assert "00:10, 22 September 2023, Tokyo time" in found["DESCRIPTION"]
    assert "About 30 minutes\nThe time is approximate." in found["DESCRIPTION"]


@pytest.mark.parametrize("precision", ["month", "year"])
def test_an_event_without_a_day_is_in_no_calendar_and_the_pages_say_so(client, precision):
    event = make_event(starts_precision=precision, starts_time=None, duration_minutes=None)

    assert events_of(client) == []
    assert client.get(ics_of(event)).status_code == 404
    page, around = client.get(event.get_absolute_url()).text, client.get("/events/").text
    assert ics_of(event) not in page
    assert "A calendar can hold it once the day is known." in page
    assert "Events of which only the month or the year is known are not in the calendar." in around


# --- What became of it.


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (EventStatus.SCHEDULED, "CONFIRMED"),
        (EventStatus.RESCHEDULED, "CONFIRMED"),
        (EventStatus.MOVED_ONLINE, "CONFIRMED"),
        (EventStatus.POSTPONED, "TENTATIVE"),
        (EventStatus.CANCELLED, "CANCELLED"),
    ],
)
def test_an_event_keeps_its_place_whatever_becomes_of_it(client, status, expected):
    event = make_event(event_status=status)

    (found,) = events_of(client)

    assert (found["UID"], found["STATUS"]) == (str(event.uid), expected)


def test_a_cancelled_event_says_why(client):
    event = make_event(event_status=EventStatus.CANCELLED)
    StatusChange.objects.create(
        event=event, changed_on=date(2023, 9, 1), event_status="cancelled", reason="A storm.",
        previous_on=date(2023, 9, 20),
    )  # fmt: skip

    text = the_one(client, event)["DESCRIPTION"]

    assert text.startswith("Cancelled.\nA storm.\nIt had been announced for 20 September 2023.")


def test_the_sequence_rises_with_each_change_and_the_identity_stays(client):
    event, seen = make_event(), []
    Event.objects.update(created_at=event.created_at - timedelta(days=2))

    for minutes, change in enumerate([{"title": "A"}, {"starts_time": time(9)}, {"slug": "b"}]):
        for name, value in change.items():
            setattr(event, name, value)
        event.save()
        Event.objects.update(updated_at=event.updated_at + timedelta(minutes=minutes))
        found = the_one(client, event)
        seen.append((found["UID"], found["SEQUENCE"], found["LAST-MODIFIED"].dt))

    identities, numbers, changed = zip(*seen, strict=True)
    assert set(identities) == {str(event.uid)}
    assert list(numbers) == sorted(set(numbers))
    assert list(changed) == sorted(set(changed))
    assert max(numbers) < 2**31


# --- Where and who.


def test_place_kind_topics_and_address_are_told(client, settings):
    settings.SITE_URL = "https://wps.example"
    event = make_event(
        room="Room 1", venue="A hall", city="Oslo", country=make_state(name="Norway"),
        topics=[make_topic(name="Youth"), make_topic(name="Hidden", **HIDDEN[0])],
    )  # fmt: skip

    found = the_one(client, event)

    assert found["LOCATION"] == "Room 1, A hall, Oslo, Norway"
    assert found["CATEGORIES"].to_ical() == b"high-level side event,Youth"
    assert found["URL"] == f"https://wps.example{event.get_absolute_url()}"


def test_an_online_event_is_online(client):
    assert the_one(client, make_event(mode="online", city="Oslo"))["LOCATION"] == "Online"


def test_speakers_stand_once_in_running_order_with_role_and_doubt(client):
    event, person = make_event(), make_person(name="Ada")
    make_appearance(event, person=person, role_printed="Chair")
    make_appearance(event, printed_name="B. Printed", presence="invited")
    make_appearance(event, person=person, role_printed="Chair")
    make_appearance(event, unnamed_as="moderator")
    make_appearance(event, printed_name="Absent", presence="absent")
    make_appearance(event, printed_name="In the room", kind="attendance")

    text = the_one(client, event)["DESCRIPTION"]

    assert text.partition("Speakers:\n")[2] == "Ada, Chair\nB. Printed (invited)"


def test_sittings_on_days_of_their_own_are_parts_of_the_event(client):
    event = make_event(
        starts_on=date(2023, 6, 6), starts_time=None, starts_precision="day", duration_minutes=None
    )
    make_segment(event, **SITTING, starts_on=date(2023, 6, 6), part_of_day="day 1")
    make_segment(event, kind="panel", starts_on=date(2023, 6, 6))
    make_segment(event, kind="sitting")
    make_segment(
        event, **SITTING | {"title": "Resumed"}, starts_on=date(2023, 6, 8), starts_time=time(15),
        ends_time=time(18), venue="Another hall",
    )  # fmt: skip

    whole, first, resumed = events_of(client)

    assert [row["RELATED-TO"] for row in (first, resumed)] == [whole["UID"]] * 2
    assert first["RELATED-TO"].params["RELTYPE"] == "PARENT"
    assert str(first["SUMMARY"]) == f"{event.title}: First day"
    assert (first.start, first.end) == (date(2023, 6, 6), date(2023, 6, 7))
    assert resumed.start.astimezone(UTC) == datetime(2023, 6, 8, 19, tzinfo=UTC)
    assert resumed.end - resumed.start == timedelta(hours=3)
    assert resumed["LOCATION"] == "Another hall"
    assert len({whole["UID"], first["UID"], resumed["UID"]}) == 3


def test_a_sitting_is_the_same_one_after_a_move(client):
    event = make_event()
    sitting = make_segment(event, **SITTING, starts_on=date(2023, 9, 21))
    before = events_of(client)[1]["UID"]
    sitting.order, sitting.starts_on = 7, date(2023, 10, 1)
    sitting.save()

    assert events_of(client)[1]["UID"] == before


# --- Which events.


@pytest.mark.parametrize(
    "query", ["?year=2023", "?kind=launch", "?network=yes", "?host=host", "?topic=topic", "?page=9"]
)
def test_a_calendar_holds_what_the_list_with_its_filters_shows(client, query):
    topic, host = make_topic(slug="topic"), make_state(slug="host")
    event = make_event(kind="launch", topics=[topic])
    make_participation(event, host)
    make_event(starts_on=date(2024, 1, 1), network_event=False)

    shown = client.get(f"/events/{query}" if "page" not in query else "/events/").text
    found = titles(client, f"/events/calendar.ics{query}")

    assert found
    assert {row.title for row in Event.objects.all() if row.title in shown} == set(found)


def test_a_list_leads_to_its_calendar_with_the_filters_in_use(client):
    text = client.get("/events/?year=2023&page=1&tz=Asia/Tokyo&host=japan&x=1").text

    assert 'href="/events/calendar.ics?year=2023&amp;host=japan"' in text
    assert 'href="webcal://127.0.0.1:8000/events/calendar.ics?year=2023&amp;host=japan"' in text


def test_a_member_and_a_topic_have_calendars(client):
    topic, member = make_topic(), make_state()
    make_event(title="About it", topics=[topic])
    make_participation(make_event(title="Held by it"), member)
    make_event(title="Neither")

    for record, title in ((topic, "About it"), (member, "Held by it")):
        address = f"{record.get_absolute_url()}calendar.ics"
        assert titles(client, address) == [title]
        assert f'href="{address}"' in client.get(record.get_absolute_url()).text


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_hidden_event_is_in_no_calendar(client, admin_client, hidden):
    topic, member = make_topic(), make_state()
    event = make_event(topics=[topic], **hidden)
    make_participation(event, member)

    for record in (topic, member):
        assert titles(client, f"{record.get_absolute_url()}calendar.ics") == []
    assert titles(client, "/events/calendar.ics") == []
    gone = 410 if hidden["status"] == "withdrawn" else 404
    assert client.get(ics_of(event)).status_code == gone
    assert admin_client.get(ics_of(event)).status_code == gone


def test_old_addresses_of_calendars_lead_to_the_new_ones(client):
    event, topic = make_event(), make_topic()
    for record in (event, topic):
        OldAddress.objects.remember(record, "old")

    answers = [client.get("/events/2023/old/event.ics"), client.get("/topics/old/calendar.ics")]
    other_year = client.get(ics_of(event).replace("2023", "2020"))

    assert [answer.status_code for answer in (*answers, other_year)] == [301, 301, 301]
    assert answers[0]["Location"] == other_year["Location"] == ics_of(event)
    assert answers[1]["Location"] == f"{topic.get_absolute_url()}calendar.ics"


def test_a_filter_that_cannot_be_is_refused(client):
    assert client.get("/events/calendar.ics?year=soon").status_code == 400


def test_an_unchanged_calendar_is_not_sent_again(client):
    event = make_event()
    tag = client.get("/events/calendar.ics")["ETag"]

    again = client.get("/events/calendar.ics", headers={"if-none-match": tag})
    event.title = "Changed"
    event.save()
    changed = client.get("/events/calendar.ics", headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_an_event_s_page_offers_its_calendar(client):
    event = make_event()

    response = client.get(ics_of(event))

    assert f'href="{ics_of(event)}"' in client.get(event.get_absolute_url()).text
    assert response["Content-Disposition"] == f'inline; filename="{event.slug}.ics"'


def fill(topic, member, size):
    for _ in range(size):
        own = {"slug": f"e-{uuid.uuid4()}", "uid": uuid.uuid4()}
        event = seed(**own, topics=[topic], occasion=make_occasion())
        make_participation(event, member)
        make_segment(event, **SITTING, starts_on=date(2023, 9, 21))


def test_a_calendar_costs_the_same_at_any_size(client):
    topic, member = make_topic(), make_state()
    addresses = [f"{record.get_absolute_url()}calendar.ics" for record in (topic, member)]
    addresses += ["/events/calendar.ics?year=2023"]
    costs = []
    for size in (1, 4):
        fill(topic, member, size)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert titles(client, address)
            costs.append(len(queries))

    assert costs[:3] == costs[3:]
    assert max(costs) <= 7
