"""The pages of members, people, chairs, plans, resolutions, topics and documents."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

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
    make_membership,
    make_name,
    make_organisation,
    make_participation,
    make_party,
    make_person,
    make_person_name,
    make_plan,
    make_point,
    make_resolution,
    make_source,
    make_state,
    make_statement,
    make_topic,
)
from tests.world import in_order, make_side_event, make_speech, make_world, structured, words

pytestmark = pytest.mark.django_db

DAY = date(2023, 9, 21)


def page(client, record):
    response = client.get(record.get_absolute_url())
    assert response.status_code == 200
    return response


# --- Members.


def test_members_are_those_of_the_day(client):
    make_member(name="Norland", starts_on=date(2017, 1, 1))
    make_member(name="Eastland", starts_on=date(2017, 1, 1), ends_on=date(2020, 1, 1))
    make_member(name="Westland", starts_on=date(2023, 9, 22))
    union = make_organisation(name="A Union", kind="regional-organisation")
    make_membership(union)

    response = client.get(f"/members/?on={DAY}")

    text = words(response)
    assert "1 state and 1 regional organisation, as far as these records know" in text
    table = response.text.rpartition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall("A Union|Norland|Eastland|Westland", table) == ["A Union", "Norland"]
    assert "Members on 21 September 2023" in text


def test_members_stand_beside_what_others_stated_with_the_difference(client):
    for _ in range(2):
        make_member()
    source = make_source(publisher="A ministry")
    make_claim(value=100, states=90, organisations=10, as_of=date(2023, 6, 1), source=source)

    text = words(client.get(f"/members/?on={DAY}"))

    assert in_order(
        text,
        "Stated by A ministry 100 90 states + 10 organisations, as of 1 June 2023",
        "Known to these records 2 2 states + 0 organisations, 21 September 2023",
        "98 of those stated are not known by name to these records.",
    )


def test_a_member_in_the_list_shows_since_office_and_plan(client):
    member = make_member(name="Norland", subregion="Northern Europe", iso_alpha2="NO")
    make_focal_point(member, office="Office for peace")
    make_focal_point(member, office="Former office", ends_on=date(2021, 1, 1))
    make_plan(owner=member, start_year=2022, end_year=2027)

    response = client.get(f"/members/?on={DAY}")

    row = words(response).partition("Plan in force")[2]
    assert in_order(
        row, "Norland", "State", "Northern Europe", "26 April 2017", "Office for peace", "2022–2027"
    )
    assert "Former office" not in row
    assert "/static/flags/no.svg" in response.text


@pytest.mark.parametrize(
    ("seen", "words_for_it"),
    [
        ("2023", "2023"),
        ("2023-06", "June 2023"),
        ("2023-06-05", "5 June 2023"),
        ("mid-2023", "mid-2023"),
    ],
)
def test_when_a_member_was_last_named_is_said_as_exactly_as_it_is_known(client, seen, words_for_it):
    member = make_member()
    member.memberships.update(last_seen=seen)

    text = words(client.get(member.get_absolute_url()))

    assert f"last named in a source: {words_for_it} " in text


def test_members_can_be_sent_as_a_table(client):
    make_member(name="Norland")
    make_member(name="Eastland", ends_on=date(2020, 1, 1))

    response = client.get(f"/members.csv?on={DAY}")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "Norland" in response.text
    assert "Eastland" not in response.text


def test_no_member_before_the_network_began(client):
    make_member()

    assert "No member is known for that day" in words(client.get("/members/?on=2015-01-01"))


def test_a_member_shows_what_it_is_did_and_promised(client):
    member = make_member(name="Norland", abbreviation="NL", un_group="weog", summary="In short.")
    make_focal_point(
        member,
        office="Office for peace",
        person=make_person(name="Ane Other"),
        person_is_public=True,
    )
    make_name(member, text="Oldland", form="former")
    make_name(member, text="Nordland", form="printed")
    make_chair_term(member, starts_on=date(2020, 1, 1))
    make_plan(owner=member, title="Second plan", generation=2)
    make_participation(make_event(title="A meeting"), member, role="co-host")
    statement = make_statement(
        title="On peace", person=make_person(name="Kamikawa Yoko"), role_printed="Minister"
    )
    make_party(statement, member, relation="aligns")

    response = page(client, member)

    text = words(response)
    for part in [
        "Norland (NL)",
        "In short.",
        "Member WPS Focal Points Network · since 26 April 2017",
        "Focal point Office for peace, Ane Other",
        "1 January 2020 – 31 December 2020",
        "Western European and Others Group",
        "2020–2030 Second plan national action plan · no. 2",
        "On peace (aligns with) Kamikawa Yoko, Minister",
        "A meeting co-host",
        "Oldland former name",
    ]:
        assert part in text
    assert "Nordland" not in text  # A misprint is only for finding.
    data = structured(response)[0]
    assert data["memberOf"][0]["memberOf"]["name"] == "WPS Focal Points Network"
    assert data["memberOf"][0]["startDate"] == "2017-04-26"


def test_an_office_that_is_not_known_is_said_to_be_so(client):
    assert "Focal point office not known" in words(page(client, make_member()))


# --- People.


def test_people_are_listed_by_family_name_with_their_last_office(client):
    yoko = make_person(name="Kamikawa Yoko", family_name="Kamikawa")
    make_person(name="Ane Zorn", family_name="Zorn")
    make_person(name="Zoe Abel", family_name="Abel")
    make_appointment(yoko, make_state(name="Japan"), role="Minister", starts_on=date(2023, 9, 13))
    make_appointment(yoko, role="Deputy", starts_on=date(2010, 1, 1))

    text = words(client.get("/people/"))

    assert "3 people who took part" in text
    assert in_order(text, "Zoe Abel", "Kamikawa Yoko", "Minister, Japan", "Ane Zorn")
    assert "Deputy" not in text


def test_a_person_s_statements_stand_under_the_role_of_the_day(client):
    person = make_person(name="Kamikawa Yoko")
    for number, role in enumerate(["Minister", "Deputy", "Minister", ""]):
        statement = make_statement(person=person, role_printed=role)
        make_point(statement, text=f"Point {number}.")

    text = words(page(client, person))

    assert in_order(text, "Statements, role not given", "1 statement", "Point 3.")
    assert in_order(text, "Statements as Deputy", "1 statement", "Point 1.")
    assert in_order(text, "Statements as Minister", "2 statements", "Point 2.", "Point 0.")


def test_a_person_shows_offices_events_and_other_names(client):
    person = make_person(name="Kamikawa Yoko", family_name="Kamikawa", name_order="family-first")
    japan = make_state(name="Japan")
    make_appointment(person, japan, role="Minister", ends_on=date(2021, 5, 1))
    make_person_name(person, text="上川陽子", language="ja")
    make_appearance(
        make_event(title="A meeting"),
        person=person,
        role_printed="Guest",
        organisation=japan,
        presence="invited",
    )

    response = page(client, person)

    text = words(response)
    assert "Family name first: Kamikawa" in text
    assert "Minister Japan 1 January 2020 – 1 May 2021" in text
    assert "A meeting Statement · Guest, Japan · invited" in text
    assert '<p lang="ja">上川陽子</p>' in response.text
    data = structured(response)[0]
    assert (data["@type"], data["name"]) == ("Person", "Kamikawa Yoko")
    assert data["affiliation"][0]["roleName"] == "Minister"


# --- Chairs.


def test_the_troika_of_today_stands_above_all_terms(client):
    year = timezone.now().year
    for offset in [-3, -1, 0, 1, 3]:
        name = f"Chair of {year + offset}"
        make_chair_term(make_state(name=name), starts_on=date(year + offset, 1, 1))

    text = words(client.get("/chairs/"))

    troika, _, terms = text.partition("All terms")
    assert in_order(
        troika, "Last,", f"of {year - 1}", "Present,", f"of {year}", "Next,", f"{year + 1}"
    )
    assert f"Chair of {year + 3}" not in troika
    assert in_order(terms, f"Chair of {year + 3}", f"Chair of {year - 3}", "Confirmed by a source")


def test_a_term_nobody_documents_is_not_known(client):
    make_chair_term(starts_on=date(2017, 1, 1), status="unknown", note="No source says.")

    text = words(client.get("/chairs/")).partition("All terms")[2]

    assert "1 January 2017 – 31 December 2017 not known Not known. No source says." in text


# --- Action plans.


def test_plans_are_those_in_force_on_the_day_or_all(client):
    norland = make_state(name="Norland")
    make_plan(owner=norland, title="First", start_year=2010, end_year=2015)
    make_plan(owner=norland, title="Second", start_year=2020, end_year=2022, extended_to=2024)
    make_plan(title="Planned", stage="draft")

    some, all_of_them = [
        words(client.get(f"/action-plans/?on={DAY}{query}")) for query in ("", "&all=yes")
    ]

    assert (
        "1 plan had begun and not ended on that day, as far as these records know, of 3 in all."
        in some
    )
    assert "Norland Second 2020–2022 (extended to 2024)" in some
    assert "First" not in some
    assert "Planned" not in some
    assert in_order(all_of_them, "First", "Second", "Planned")


def test_a_plan_shows_its_years_line_and_where_it_was_recalled(client):
    norland = make_state(name="Norland")
    first = make_plan(owner=norland, title="First plan")
    second = make_plan(owner=norland, title="Second plan", supersedes=first, adopted_on=DAY)
    make_context(make_event(title="A meeting"), kind="plan", plan=second)

    before, after = words(page(client, first)), words(page(client, second))

    assert "Superseded by Second plan" in before
    assert in_order(
        after,
        "National action plan Second plan Norland",
        "2020–2030",
        "Adopted 21 September 2023 Supersedes First plan",
        "Recalled at events 21 September 2023 A meeting",
    )


# --- Resolutions, topics, documents.


def test_resolutions_of_the_agenda_stand_before_related_ones(client):
    make_resolution(symbol="S/RES/1 (1999)", in_wps_set=False, decided_on=date(1999, 1, 1))
    make_resolution(symbol="S/RES/2 (2010)", decided_on=date(2010, 1, 1))
    make_resolution(symbol="S/RES/3 (2000)", votes_for=15, votes_against=0, abstentions=0)
    make_resolution(symbol="S/2020/1054", number=None, outcome="not-adopted")

    text = words(client.get("/resolutions/"))

    assert in_order(
        text, "The agenda", "S/RES/3", "15–0–0", "S/2020/1054 not adopted", "not checked"
    )
    assert in_order(text, "S/RES/2", "Related", "S/RES/1")


def test_a_resolution_shows_its_vote_and_what_cites_it(client):
    resolution = make_resolution(
        symbol="S/RES/1325 (2000)",
        topics=[make_topic(name="Mediation")],
        votes_for=15,
        votes_against=0,
        abstentions=0,
    )
    make_context(make_event(title="A meeting"), kind="resolution", resolution=resolution)
    make_point(make_statement(resolutions=[resolution]), text="It was the first one.")

    response = page(client, resolution)

    assert in_order(
        words(response),
        "S/RES/1325 (2000)",
        "Adopted 31 October 2000",
        "unanimous, 15 in favour",
        "Mediation",
        "Recalled at events",
        "A meeting",
        "Cited in statements",
        "It was the first one.",
    )
    assert structured(response)[0]["legislationDate"] == "2000-10-31"


def test_a_draft_that_failed_says_so(client):
    draft = make_resolution(
        number=None, outcome="not-adopted", votes_for=10, votes_against=0, abstentions=5
    )

    text = words(page(client, draft))

    assert "Draft resolution, not adopted" in text
    assert "10 for, 0 against, 5 abstaining" in text


def test_topics_show_their_place_and_everything_under_them(client):
    broad = make_topic(name="Peace")
    topic = make_topic(name="Mediation", broader=broad, definition="Talks with a third party.")
    make_topic(name="Truce", broader=topic)
    make_resolution(topics=[topic], symbol="S/RES/9 (2001)")
    make_speech(make_side_event(title="A meeting", topics=[topic]), topics=[topic])

    listed, text = words(client.get("/topics/")), words(page(client, topic))

    assert "Mediation under Peace" in listed
    assert in_order(
        text,
        "Mediation Talks with a third party. Broader: Peace Narrower: Truce",
        "Events",
        "A meeting",
        "Statements",
        "A point in our own words.",
        "Resolutions",
        "S/RES/9 (2001)",
    )


def test_a_document_shows_symbols_signatories_and_where_it_is_cited(client):
    document = make_document(
        "A/1", "S/2", title="A letter", signatories=[make_state(name="Norland")]
    )
    make_point(make_statement(documents=[document]), text="As the letter says.")

    listed, text = words(client.get("/documents/")), words(page(client, document))

    assert "A letter A/1 and S/2 · 30 December 2020" in listed
    assert in_order(text, "A/1 and S/2 A letter", "Signed by Norland", "As the letter says.")


# --- What each page costs: the same at any size.


def make_listed(size):
    topic = make_topic()
    for number in range(size):
        member = make_member(iso_alpha2="")
        make_focal_point(member, person=make_person(), person_is_public=True)
        make_name(member)
        make_plan(owner=member)
        make_chair_term(member, make_member())
        make_appointment(starts_on=date(1950 + number, 1, 1))
        make_resolution(topics=[topic])
        make_topic(broader=topic)
        make_document(f"A/{number}", f"S/{number}")
        make_claim(as_of=date(2020, 1, 1) + timedelta(days=number))
        make_speech(make_event(topics=[topic], kind="capital-level-meeting"))


LISTS = {
    "/members/": 6,  # memberships, claims, members; their memberships, plans, offices
    "/members.csv": 2,  # members, their memberships
    "/people/": 3,  # count, people, their offices
    "/chairs/": 4,  # the troika and all terms, each with holders
    "/action-plans/": 6,  # in force, all, states, claim, count, plans
    "/action-plans/?all=yes": 6,
    "/resolutions/": 2,  # count, resolutions
    "/topics/": 2,  # count, topics
    "/documents/": 3,  # count, documents, their symbols
    # Memberships, claims, counts of plans and statements; event; meetings and resolutions;
    # statements, for whom and points; troika and its holders.
    "/": 14,
}


@pytest.mark.parametrize("size", [2, 25])
def test_a_list_costs_the_same_at_any_size(client, django_assert_num_queries, size):
    make_listed(size)

    for address, queries in LISTS.items():
        with django_assert_num_queries(queries, info=address):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("size", [2, 12])
def test_a_record_costs_the_same_at_any_size(client, django_assert_num_queries, size):
    world = make_world(size)
    costs = {
        # Itself, names, memberships, sources, plans, chairs, offices. What hangs on events and on
        # statements costs three each, here and below: how many, the newest keys, the rows.
        world.member: 13,
        # Itself, offices, names, sources; keys of statements, these, for whom, points; events.
        world.person: 11,
        # Itself, later plans, sources, events.
        world.plan: 6,
        # Itself, topics, sources; events; statements, for whom and points.
        world.resolution: 11,
        # Itself, narrower; events and hosts; statements, for whom and points; resolutions.
        world.topic: 12,
        # Itself, symbols, signatories, sources; statements, for whom and points.
        world.document: 9,
    }

    for record, queries in costs.items():
        with django_assert_num_queries(queries, info=str(record)):
            page(client, record)
