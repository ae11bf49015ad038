"""The programme: its items in order, and who appeared as what on the day."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from events.models import Appearance, EventContext, Segment
from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    errors_of,
    make_appearance,
    make_appointment,
    make_context,
    make_event,
    make_person,
    make_resolution,
    make_segment,
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"starts_time": time(14)}, datetime(2023, 9, 21, 18, tzinfo=UTC)),
        (
            {"starts_on": date(2023, 11, 6), "starts_time": time(14)},
            datetime(2023, 11, 6, 19, tzinfo=UTC),
        ),
    ],
)
def test_an_item_begins_on_its_own_day_or_that_of_the_event(fields, expected):
    assert make_segment(**fields).starts_utc() == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        (
            {"starts_time": time(14), "ends_time": time(13, 59)},
            "ends_time",
            "The item ends before it starts.",
        ),
        (
            {"starts_on": date(2023, 3, 12), "starts_time": time(2, 30)},
            "starts_time",
            "02:30 did not exist in New York",
        ),
    ],
)
def test_an_item_that_cannot_be_is_refused_beside_its_field(fields, field, words):
    errors = errors_of(Segment(event=make_event(), order=1, kind="panel", **fields))

    assert list(errors) == [field]
    assert words in errors[field][0]


@pytest.mark.django_db
def test_items_are_in_the_order_of_the_programme():
    event = make_event()
    third, first, second = (make_segment(event, order=order) for order in (30, 1, 2))

    assert list(event.segments.all()) == [first, second, third]


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_segment, make_appearance, make_context])
def test_an_order_is_given_once_in_an_event(make):
    row = make(order=1)
    make(make_event(), order=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        make(row.event, order=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"unnamed_as": "moderator"}, {"printed_name": "H.E. Ms. Yoko Kamikawa"}]
)
def test_somebody_appears_by_a_link_or_by_words(fields):
    assert errors_of(make_appearance(**fields)) == {}


@pytest.mark.django_db
def test_nobody_does_not_appear():
    appearance = Appearance(event=make_event(), order=1, kind="panel")

    assert errors_of(appearance) == {
        "__all__": ["Say who appeared: choose a person, or write what the source calls them."]
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        appearance.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"printed_name": "Ms. Kamikawa"}, "Kamikawa Yoko"),
        ({"person": None, "printed_name": "Ms. Kamikawa", "unnamed_as": "x"}, "Ms. Kamikawa"),
        ({"person": None, "unnamed_as": "moderator"}, "moderator"),
    ],
)
def test_the_right_name_goes_before_the_printed_one(fields, expected):
    person = make_person(name="Kamikawa Yoko")

    assert make_appearance(**{"person": person} | fields).who == expected


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_hidden_person_is_named_to_nobody_but_the_desk(hidden):
    person = make_person(name="Kamikawa Yoko", **hidden)

    appearance = make_appearance(person=person, printed_name="Speaker 3")

    assert appearance.who == "Speaker 3"
    assert "Kamikawa" in str(appearance)


@pytest.mark.django_db
def test_the_role_of_the_day_outlives_a_change_of_office():
    appointment = make_appointment(role="Minister for Foreign Affairs")
    appearance = make_appearance(
        person=appointment.person, appointment=appointment, role_printed="Foreign Minister"
    )

    appointment.role = "Prime Minister"
    appointment.save()
    appointment.delete()

    appearance.refresh_from_db()
    assert appearance.role_printed == "Foreign Minister"
    assert appearance.appointment is None


@pytest.mark.django_db
def test_someone_keeps_the_place_when_the_item_is_struck():
    segment = make_segment()
    appearance = make_appearance(segment.event, segment=segment)

    segment.delete()

    appearance.refresh_from_db()
    assert appearance.segment is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),
        ({"presence": "absent"}, "absent"),
        ({"mode": "video", "capacity": "personal"}, "in a personal capacity · by video"),
    ],
)
def test_details_say_only_what_is_unusual(fields, expected):
    assert Appearance(**fields).details == expected


@pytest.mark.django_db
def test_a_background_fact_is_words_or_a_record():
    fact = {"event": make_event(), "order": 1, "kind": "resolution"}

    assert errors_of(EventContext(**fact)) == {
        "text": ["Say what the fact is, or choose its record."]
    }
    assert errors_of(EventContext(text="Resolution 1325 turned 15.", **fact)) == {}
    assert errors_of(EventContext(resolution=make_resolution(), **fact)) == {}
