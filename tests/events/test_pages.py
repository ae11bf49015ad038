"""The pages of events and statements: what they show, and what they cost."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from events.models import StatementParty
from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    make_appearance,
    make_claim,
    make_context,
    make_document,
    make_event,
    make_focal_point,
    make_member,
    make_name,
    make_participation,
    make_party,
    make_person,
    make_plan,
    make_point,
    make_resolution,
    make_segment,
    make_source,
    make_state,
    make_statement,
    make_text,
    make_topic,
)
from tests.world import (
    in_order,
    make_full_event,
    make_side_event,
    make_speech,
    make_world,
    structured,
    words,
)

pytestmark = pytest.mark.django_db


def page(client, record, query=""):
    response = client.get(record.get_absolute_url() + query)
    assert response.status_code == 200
    return response


# --- An event: when.


def test_an_event_shows_both_times_and_the_second_date(client):
    event = make_side_event()

    text = words(page(client, event))

    assert "New York 11:10 Thursday 21 September 2023 New York time, UTC−04:00" in text
    assert "Tokyo next day 00:10 Friday 22 September 2023 Tokyo time, UTC+09:00" in text
    assert "The source prints the Tokyo time too, and it agrees." in text


def test_an_event_says_when_the_printed_second_time_does_not_agree(client):
    event = make_side_event(second_printed_time=time(1, 10))

    text = words(page(client, event))

    assert (
        "The source prints 01:10, 22 September 2023 for Asia/Tokyo, which does not agree." in text
    )


def test_an_event_shows_the_zone_that_the_reader_asks_for(client):
    response = page(client, make_side_event(), "?tz=Asia/Kolkata")

    text = words(response)
    assert "Kolkata 20:40 Thursday 21 September 2023 Kolkata time, UTC+05:30" in text
    assert "Tokyo time, UTC" not in text
    assert 'datetime="2023-09-21T20:40+05:30"' in response.text


def test_an_event_without_a_second_zone_shows_utc_beside_its_own(client):
    text = words(page(client, make_side_event(second_zone="", second_printed_on=None)))

    assert "UTC 15:10 Thursday 21 September 2023 Coordinated Universal Time" in text


def test_a_length_is_about_and_says_whose_it_is(client):
    event = make_side_event(times_of=make_person(name="Kamikawa Yoko"))

    text = words(page(client, event))

    assert "about 30 minutes: the time that Kamikawa Yoko attended; the event itself may" in text


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_length_that_is_a_hidden_person_s_is_not_taken_for_the_event_s(client, hidden):
    text = words(page(client, make_side_event(times_of=make_person(**hidden))))

    assert "the time that one person attended; the event itself may have been longer" in text


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        ("day", "Thursday 21 September 2023"),
        ("month", "September 2023"),
        ("year", "2023"),
        ("evening", "evening Thursday 21 September 2023"),
    ],
)
def test_an_event_known_less_exactly_shows_no_clock(client, precision, shown):
    unknown = {"starts_time": None, "second_printed_on": None, "duration_minutes": None}
    with time_machine.travel("2024-05-06T12:34Z"):  # The page says when it was last changed.
        event = make_side_event(starts_precision=precision, **unknown)

    response = page(client, event)

    assert f"New York {shown} New York time" in words(response)
    assert ":10" not in words(response)
    assert "Your time zone" not in words(response)
    assert (
        structured(response)[0]["startDate"]
        == "2023-09-21"[: {"month": 7, "year": 4}.get(precision, 10)]
    )


def test_an_end_is_shown_on_both_clocks(client):
    text = words(page(client, make_side_event(ends_on=date(2023, 9, 21), ends_time=time(12, 40))))

    assert "Until 12:40, 21 September 2023 (01:40, 22 September 2023, Tokyo time)" in text


@pytest.mark.parametrize(
    ("status", "badge"),
    [
        ("cancelled", "cancelled"),
        ("postponed", "postponed, no new date"),
        ("rescheduled", "moved to another time"),
        ("moved-online", "moved online"),
    ],
)
def test_an_event_that_did_not_go_ahead_as_planned_says_so(client, status, badge):
    event = make_event(event_status=status)

    for address in [event.get_absolute_url(), "/events/"]:
        assert f'<span class="badge bad">{badge}</span>' in client.get(address).text


@pytest.mark.parametrize(
    ("start", "badge"), [(timedelta(days=1), "Coming"), (-timedelta(minutes=1), "Live now")]
)
def test_an_event_to_come_or_under_way_says_so(client, start, badge):
    moment = timezone.now() + start
    event = make_event(starts_on=moment.date(), starts_time=moment.time(), zone="UTC")

    assert badge in words(page(client, event))


# --- An event: who, where, what.


def test_an_event_names_place_hosts_in_order_and_those_present(client):
    event = make_side_event(venue="A hall", room="Room 1", country=make_state(name="Norland"))
    for name, role in [("Westland", "co-host"), ("Eastland", "host"), ("Southland", "present")]:
        make_participation(event, make_state(name=name), role=role)

    text = words(page(client, event))

    assert "Where A hall, Room 1, New York, Norland" in text
    assert "Hosts Westland co-host Eastland host Attendance In person" in text
    assert "Present Southland" in text


def test_a_host_goes_by_the_name_it_had_on_the_day(client):
    event = make_event()
    host = make_state(name="Norland")
    make_name(host, text="Oldland", form="former", ends_on=date(2023, 12, 31))
    make_participation(event, host)

    assert "Oldland (now Norland)" in words(page(client, event))


def test_the_programme_stands_in_order_with_roles_and_printed_names(client):
    event = make_side_event()
    late, early = make_segment(event, order=2, title="Closing"), make_segment(event, order=1)
    minister = make_person(name="Kamikawa Yoko")
    appearance = {"segment": early, "organisation": make_state(name="Japan")}
    make_appearance(
        event,
        person=minister,
        printed_name="Kamikawa Yohko",
        role_printed="Minister",
        remark="Peace is work",
        remark_about=make_person(name="Ane Other"),
        **appearance,
    )
    make_appearance(event, person=None, unnamed_as="moderator", segment=late)

    text = words(page(client, event))

    assert in_order(
        text,
        "Programme",
        "Panel",
        "1 Kamikawa Yoko",
        "Minister, for Japan",
        "Printed by the source as “Kamikawa Yohko”",
        "Peace is work",
        "said about Ane Other",
        "Closing",
        "1 Moderator",
        "Not named by the source",
    )


def test_an_event_tells_what_was_said_in_points(client):
    event = make_side_event()
    statement = make_speech(event, person=make_person(name="Kamikawa Yoko"))
    make_point(statement, text="Women belong at the table.")

    text = words(page(client, event))

    assert in_order(text, "What was said", "In our words", "Kamikawa Yoko", "Women belong at the")
    assert "What Kamikawa Yoko said" in text


def test_an_event_shows_its_background_and_the_count_that_was_stated(client):
    event = make_side_event()
    source = make_source(publisher="A ministry")
    claim = make_claim(
        value=100, states=90, organisations=10, as_of=date(2023, 6, 1), source=source
    )
    make_context(event, kind="claim", claim=claim, text="")
    resolution = make_resolution(symbol="S/RES/1325 (2000)")
    make_context(event, kind="resolution", resolution=resolution, text="The first one.")
    plan = make_plan(owner=make_state(name="Norland"), title="Third plan", end_year=2028)
    make_context(event, kind="plan", plan=plan, text="")
    seat = make_member(name="Eastland").memberships.get()
    make_context(event, kind="membership", membership=seat, text="")

    response = page(client, event)

    text = words(response)
    assert "100 members of the Network: 90 states and 10 regional organisations, as of" in text
    assert "1 June 2023, according to A ministry" in text
    assert '<a href="/members/?on=2023-09-21">' in response.text
    assert "S/RES/1325 (2000) (31 October 2000): The first one." in text
    assert "Norland: Third plan (2020–2028)" in text
    assert "Eastland: WPS Focal Points Network (since 26 April 2017)" in text


def test_an_event_shows_topics_sources_files_and_confidence(client):
    event = make_full_event(confidence="high", change_note="The hour was wrong.")

    response = page(client, event)

    text = words(response)
    assert event.topics.get().name in text
    assert event.sources.get().publisher in text
    assert 'alt="People at a table"' in response.text
    assert '<a href="https://film.example/" rel="external">Film</a>' in response.text
    assert "Confidence is high: read in a good source." in text
    assert "Correction: The hour was wrong." in text


def test_an_event_is_an_event_to_machines_too(client):
    event = make_side_event(
        title="Peace by women",
        times_of=make_person(),
        super_event=make_event(title="A week"),
        event_status="rescheduled",
        language="en",
    )
    make_participation(event, make_state(name="Norland"))
    make_participation(event, make_state(name="Southland"), role="present")
    make_appearance(event, person=make_person(name="Kamikawa Yoko"), role_printed="Minister")

    data, crumbs = structured(page(client, event))

    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "Event"
    assert data["name"] == "Peace by women"
    assert data["startDate"] == "2023-09-21T11:10-04:00"
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert data["location"]["address"]["addressLocality"] == "New York"
    assert [row["name"] for row in data["organizer"]] == ["Norland"]
    assert data["performer"][0]["roleName"] == "Minister"
    assert data["performer"][0]["performer"]["name"] == "Kamikawa Yoko"
    assert (data["superEvent"]["@type"], data["superEvent"]["name"]) == ("Event", "A week")
    assert "duration" not in data  # The minutes are one person's.
    assert crumbs["itemListElement"][-1]["name"] == "Peace by women"


def test_structured_data_cannot_close_its_script(client):
    event = make_event(title="</script><script>alert(1)</script>")

    response = page(client, event)

    assert "<script>alert" not in response.text
    assert structured(response)[0]["name"] == event.title


def test_formatted_text_is_clean_on_the_page(client):
    event = make_event(description='<p onclick="x()">Kept<script>alert(1)</script></p>')

    response = page(client, event)

    assert "<p>Kept</p>" in response.text
    assert "alert(1)" not in response.text


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_speaker_who_is_hidden_leaves_no_empty_link(client, hidden):
    event = make_side_event()
    person = make_person(**hidden)
    statement = make_statement(
        event=event, person=person, appearance=make_appearance(event, person=person)
    )
    make_point(statement)

    response = page(client, event)

    assert "Not named here" in words(response)
    assert '/"></a>' not in response.text


def test_a_wrong_year_leads_to_the_right_address(client):
    event = make_side_event()

    response = client.get(f"/events/2022/{event.slug}/")

    assert (response.status_code, response["Location"]) == (301, event.get_absolute_url())


# --- Lists of events.


def test_events_to_come_stand_first_and_past_ones_by_year(client):
    soon = timezone.now() + timedelta(days=3)
    for title, day in [
        ("Oldest", date(2019, 3, 1)),
        ("Latest", date(2023, 9, 21)),
        ("Later", (soon + timedelta(days=5)).date()),
        ("Next", soon.date()),
    ]:
        make_event(title=title, starts_on=day)

    text = words(client.get("/events/")).partition("4 events")[2]

    assert in_order(text, "Coming", "Next", "Later", "2023", "Latest", "2019", "Oldest")


def test_an_event_in_a_list_shows_both_times_and_its_hosts(client):
    event = make_side_event()
    for name in ["Norland", "Eastland", "Westland"]:
        make_participation(event, make_state(name=name))

    text = words(client.get("/events/2023/"))

    assert "11:10 New York time / 00:10, 22 September 2023, Tokyo time" in text
    assert "New York · hosted by Norland, Eastland and Westland" in text


def test_each_part_of_the_line_below_an_event_keeps_its_direction(client):
    event = make_side_event()
    for name in ["Norland", "Eastland", "Westland"]:
        make_participation(event, make_state(name=name))

    html = client.get("/ar/events/2023/").text

    clocks = ["11:10 توقيت New York", "00:10، 22 سبتمبر 2023، توقيت Tokyo"]
    assert "<bdi>{}</bdi> / <bdi>{}</bdi>".format(*clocks) in html
    hosts = "<bdi>Norland</bdi>، <bdi>Eastland</bdi> و<bdi>Westland</bdi>"
    assert f"<bdi>New York</bdi> · باستضافة {hosts}" in html


def listed(response) -> set[str]:
    """The texts of the links to events and statements on a page."""
    return set(
        re.findall(r'<a href="/(?:events/\d{4}|statements)/[^/"]+/">([^<]+)</a>', response.text)
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"One", "Two"}),
        ("?year=2023", {"One"}),
        ("?kind=dialogue", {"Two"}),
        ("?host=norland", {"One"}),
        ("?host=southland", set()),  # It was merely present.
        ("?topic=mediation", {"Two"}),
        ("?network=yes", {"Two"}),
        ("?year=2023&topic=mediation", set()),
    ],
)
def test_events_are_narrowed_by_what_the_reader_chooses(client, query, found):
    one = make_event(title="One", network_event=False)
    make_participation(one, make_state(slug="norland"))
    make_participation(one, make_state(slug="southland"), role="present")
    topic = make_topic(slug="mediation")
    make_event(title="Two", starts_on=date(2022, 1, 1), kind="dialogue", topics=[topic])

    response = client.get(f"/events/{query}")

    assert listed(response) == found
    assert ("No event fits all of these" in words(response)) == (not found)


def test_a_filter_in_use_can_be_taken_away_alone(client):
    make_participation(make_event(), make_state(slug="norland", name="Norland"))

    response = client.get("/events/?year=2023&host=norland&page=1")

    assert '<a href="/events/?host=norland"><span class="hidden">Remove</span> 2023</a>' in (
        response.text
    )
    assert '<a href="/events/?year=2023"><span class="hidden">Remove</span> Norland</a>' in (
        response.text
    )


def test_pages_of_a_list_keep_its_filters(client):
    for _ in range(21):
        make_event()

    response = client.get("/events/?year=2023")

    assert "21 events" in words(response)
    assert "Page 1 of 2" in words(response)
    assert 'href="?year=2023&amp;page=2"' in response.text
    assert client.get("/events/?year=2023&page=2").text.count('<li class="event">') == 1


def test_a_year_lists_its_events_from_the_first(client):
    make_event(title="Autumn")
    make_event(title="Spring", starts_on=date(2023, 3, 1))
    make_event(title="Other", starts_on=date(2022, 3, 1))

    text = words(client.get("/events/2023/"))

    assert in_order(text, "Events of 2023", "2 events", "Spring", "Autumn")
    assert "Other" not in text


# --- Statements.


def test_an_event_says_what_we_have_of_a_statement_where_that_is_known(client):
    event = make_event()
    make_statement(event=event)

    assert "not stated" not in words(page(client, event))

    make_statement(event=event, text_kind="summary")

    assert "summary" in words(page(client, event))


def make_seen_statement():
    """A statement whose page has something in every place."""
    person = make_person(name="Kamikawa Yoko")
    statement = make_speech(
        make_side_event(title="Peace by women"),
        person=person,
        printed_name="Kamikawa Yohko",
        organisation=make_state(name="Japan"),
        topics=[make_topic(name="Mediation")],
        resolutions=[make_resolution(symbol="S/RES/1325 (2000)")],
    )
    statement.delivered_by = make_person(name="Ane Other")
    statement.text_by = make_state(name="A ministry")
    statement.text_kind = "summary"
    statement.save()
    make_point(statement, text="Women belong at the table.", order=7)
    make_text(statement, language="ja", url="https://text.example/", origin="unofficial", body="")
    return statement


def test_a_statement_shows_who_in_which_role_for_whom_where_and_what(client):
    response = page(client, make_seen_statement())

    text = words(response)
    assert in_order(
        text,
        "summary by a third party",
        "Kamikawa Yoko",
        "Minister for Foreign Affairs on that day",
        "for Japan",
        "Printed by the source as “Kamikawa Yohko”",
        "7 Women belong at the table.",
        "Points in our own words, after a summary by A ministry.",
        "Joins",
        "* observer",
        "Event Peace by women",
        "21 September 2023",
        "Read by Ane Other",
        "Language of delivery English",
        "Mediation",
        "Japanese",
        "unofficial translation",
        "Resolutions cited S/RES/1325 (2000)",
    )
    assert '<p id="p7">' in response.text
    assert 'hreflang="ja"' in response.text


def test_a_statement_leads_to_its_neighbours_in_running_order(client):
    event = make_side_event()
    first, middle, last = [make_speech(event) for _ in range(3)]

    response = page(client, middle)

    assert f'<a href="{first.get_absolute_url()}" rel="prev">' in response.text
    assert f'<a href="{last.get_absolute_url()}" rel="next">' in response.text


def test_a_statement_without_an_event_names_its_occasion(client):
    text = words(page(client, make_statement(occasion_text="Open day", event=None)))

    assert "On the occasion of Open day" in text
    assert "Language of delivery not known" in text


def test_a_statement_is_a_work_to_machines_too(client):
    data, crumbs = structured(page(client, make_seen_statement()))

    assert data["@type"] == "CreativeWork"
    assert data["author"]["name"] == "Kamikawa Yoko"
    assert data["contributor"]["name"] == "Ane Other"
    assert data["dateCreated"] == "2023-09-21"
    assert data["recordedAt"]["name"] == "Peace by women"
    assert data["about"] == ["Mediation"]
    assert data["citation"] == ["S/RES/1325 (2000)"]
    assert [step["name"] for step in crumbs["itemListElement"]] == ["Statements", data["name"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"One", "Two"}),
        ("?year=2022", {"Two"}),
        ("?speaker=kamikawa", {"One"}),
        ("?for=japan", {"One"}),
        ("?for=norland", set()),  # It merely joined.
        ("?topic=mediation", {"Two"}),
        ("?language=ja", {"Two"}),
        ("?text=verbatim", {"Two"}),
        ("?text=verbatim&year=2023", set()),
    ],
)
def test_statements_are_narrowed_by_what_the_reader_chooses(client, query, found):
    one = make_statement(title="One", person=make_person(slug="kamikawa"), language="en")
    make_party(one, make_state(slug="japan"))
    make_party(one, make_state(slug="norland"), relation=StatementParty.Relation.JOINS)
    topic = make_topic(slug="mediation")
    two = {"title": "Two", "date": date(2022, 1, 1), "language": "ja", "text_kind": "verbatim"}
    make_statement(topics=[topic], **two)

    response = client.get(f"/statements/{query}")

    assert listed(response) == found
    assert ("No statement fits all of these" in words(response)) == (not found)


def test_statements_are_listed_the_latest_first_with_a_point_and_for_whom(client):
    make_statement(title="Older", date=date(2020, 1, 1))
    statement = make_speech(
        make_side_event(title="A meeting"), organisation=make_state(name="Japan")
    )

    text = words(client.get("/statements/"))

    assert in_order(
        text,
        "A point in our own words.",
        statement.person.name,
        "Minister for Foreign Affairs, for Japan",
        "A meeting · 21 September 2023",
        "Older",
    )


# --- What each page costs: the same at any size.


def make_listed(size):
    topic = make_topic()
    for _ in range(size):
        event = make_event(topics=[topic, make_topic()], country=make_member())
        make_participation(event)
        make_participation(event, role="co-host")
        statement = make_speech(event, topics=[topic])
        make_point(statement)
        make_party(statement)
        make_focal_point(make_member())


LISTS = {
    # Those that a process keeps: counts and what waits, filter options, what is to come. Then:
    "/events/": 7,  # keys, events, their hosts
    "/events/?kind=dialogue&network=yes&year=2023": 5,  # count of none
    "/events/2023/": 4,  # events, their hosts
    "/statements/": 8,  # keys, statements, for whom, points
}


@pytest.mark.parametrize("size", [2, 25])
def test_a_list_costs_the_same_at_any_size(client, django_assert_num_queries, size):
    make_listed(size)

    for address, queries in LISTS.items():
        with django_assert_num_queries(queries, info=address):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("size", [1, 12])
def test_an_event_costs_the_same_at_any_size(client, django_assert_num_queries, size):
    event = make_full_event(size)
    assert connection.features.supports_json_field  # Django asks the database for it once.

    # The event; participations, segments, appearances, statements and their points, background,
    # topics, sources, attachments.
    with django_assert_num_queries(10):
        page(client, event)


@pytest.mark.parametrize("size", [1, 12])
def test_a_statement_costs_the_same_at_any_size(client, django_assert_num_queries, size):
    world = make_world(size)

    # The statement; parties, points, texts, topics, resolutions, sources; its neighbours.
    with django_assert_num_queries(9):
        page(client, world.statement)


def test_a_bare_event_and_a_bare_statement_cost_no_more(client, django_assert_max_num_queries):
    event, statement = make_event(), make_statement()
    page(client, event), page(client, statement)  # Queries are compiled once.

    with django_assert_max_num_queries(9):
        page(client, event)
    with django_assert_max_num_queries(8):
        page(client, statement)


# --- What was moved, and what is cited.


def test_a_moved_event_says_why_and_from_when(client):
    event = make_event(event_status="rescheduled", starts_on=date(2030, 7, 8))
    event.status_changes.create(
        changed_on=date(2030, 5, 2),
        event_status="rescheduled",
        previous_on=date(2030, 6, 30),
        previous_time=time(10, 0),
        reason="The room was taken.",
    )

    text = words(client.get(event.get_absolute_url()))

    assert "The room was taken. It had been announced for 30 June 2030, 10:00." in text
    assert "Announced on 2 May 2030." in text


def test_a_statement_names_the_public_documents_it_cites(client):
    statement = make_statement()
    statement.documents.add(
        make_document(title="A letter"), make_document(title="Hidden", **HIDDEN[0])
    )

    text = words(client.get(statement.get_absolute_url()))

    assert "Documents cited A letter" in text
    assert "Hidden" not in text


def test_a_wrong_year_in_an_address_keeps_the_zone_asked_for(client):
    event = make_event(starts_on=date(2023, 9, 21))

    response = client.get(f"/events/2022/{event.slug}/?tz=Asia/Tokyo")

    assert response.status_code == 301
    assert response["Location"] == f"{event.get_absolute_url()}?tz=Asia/Tokyo"


def test_a_moved_event_tells_machines_its_earlier_start(client):
    event = make_event(event_status="rescheduled", zone="America/New_York")
    event.status_changes.create(
        changed_on=date(2030, 5, 2),
        event_status="rescheduled",
        previous_on=date(2030, 6, 30),
        previous_time=time(10, 0),
    )

    data = structured(client.get(event.get_absolute_url()))[0]

    assert data["previousStartDate"] == "2030-06-30T10:00-04:00"


def test_a_list_names_its_records_to_machines(client):
    event = make_event()

    (data,) = structured(client.get("/events/"))

    assert data["numberOfItems"] == 1
    assert data["itemListElement"][0]["url"].endswith(event.get_absolute_url())
