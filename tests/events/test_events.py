"""Events: when they begin and are over, what is refused, which are to come."""

import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from events.models import Attachment, Event, Participation
from tests.factories import (
    HIDDEN,
    errors_of,
    event_fields,
    make_event,
    make_event_at,
    make_organisation,
    make_participation,
    make_series,
    make_state,
    make_topic,
)

NOW = datetime(2024, 3, 8, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "starts", "ends"),
    [
        ({}, "2023-09-21T15:10", "2023-09-21T15:40"),
        ({"duration_minutes": None}, "2023-09-21T15:10", "2023-09-22T04:00"),
        (
            {"ends_on": date(2023, 9, 21), "ends_time": time(12)},
            "2023-09-21T15:10",
            "2023-09-21T16:00",
        ),
        ({"ends_on": date(2023, 9, 22)}, "2023-09-21T15:10", "2023-09-23T04:00"),
        (
            {"starts_precision": "day", "starts_time": None},
            "2023-09-21T04:00",
            "2023-09-22T04:00",
        ),
        (
            {"starts_precision": "afternoon", "starts_time": None},
            "2023-09-21T16:00",
            "2023-09-21T22:00",
        ),
        (
            {"starts_precision": "month", "starts_time": None},
            "2023-09-01T04:00",
            "2023-10-01T04:00",
        ),
        (
            {"starts_precision": "year", "starts_time": None},
            "2023-01-01T05:00",
            "2024-01-01T05:00",
        ),
        ({"zone": "Asia/Tokyo"}, "2023-09-21T02:10", "2023-09-21T02:40"),
        (
            {"starts_on": date(2023, 11, 5), "starts_time": time(1, 30), "fold": 0},
            "2023-11-05T05:30",
            "2023-11-05T06:00",
        ),
        (
            {"starts_on": date(2023, 11, 5), "starts_time": time(1, 30), "fold": 1},
            "2023-11-05T06:30",
            "2023-11-05T07:00",
        ),
    ],
)
def test_the_bounds_of_an_event_are_worked_out_in_utc(fields, starts, ends):
    event = make_event(**fields)

    event.refresh_from_db()
    assert (event.starts_utc, event.ends_utc) == (utc(starts), utc(ends))
    assert errors_of(event) == {}


@pytest.mark.django_db
def test_the_bounds_follow_a_change():
    event = make_event()
    event.zone = "Europe/Oslo"
    event.save()

    event.refresh_from_db()
    assert event.starts_utc == utc("2023-09-21T09:10")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        ("2023-09-21T15:09", "next"),
        ("2023-09-21T15:10", "live"),
        ("2023-09-21T15:40", "live"),
        ("2023-09-21T15:41", "past"),
    ],
)
def test_the_phase_of_an_event_goes_by_the_clock(moment, phase):
    event = make_event()

    with time_machine.travel(utc(moment), tick=False):
        assert event.phase == phase
        assert event.heading == (2023 if phase == "past" else None)


@pytest.mark.django_db
@hypothesis_settings(max_examples=25)
@given(events=st.lists(st.tuples(st.integers(-4, 4), st.integers(1, 4)), max_size=6))
def test_every_event_is_either_to_come_or_past(events):
    made = [
        make_event_at(NOW + start * MINUTE, duration_minutes=minutes) for start, minutes in events
    ]

    with time_machine.travel(NOW, tick=False):
        own = Event.objects.filter(pk__in=[event.pk for event in made])
        upcoming, past = list(own.upcoming()), list(own.past())
        coming = sorted(own.upcoming_keys())
        phases = {event: event.phase for event in made}

    assert set(past) == {event for event, phase in phases.items() if phase == "past"}
    assert set(upcoming) == set(made) - set(past)
    assert len(upcoming) + len(past) == len(made)
    assert [e.starts_utc for e in upcoming] == sorted(e.starts_utc for e in upcoming)
    assert [e.starts_utc for e in past] == sorted((e.starts_utc for e in past), reverse=True)
    assert [key for _begin, key in coming] == [event.pk for event in upcoming]


@pytest.mark.django_db
def test_an_event_of_which_only_the_year_is_known_is_to_come_until_the_year_is_over():
    make_event(starts_on=date(2024, 1, 1), starts_time=None, starts_precision="year")

    with time_machine.travel(utc("2025-01-01T05:00"), tick=False):
        assert Event.objects.upcoming().exists()
    with time_machine.travel(utc("2025-01-01T05:01"), tick=False):
        assert not Event.objects.upcoming().exists()


@pytest.mark.django_db
def test_an_event_belongs_to_the_year_on_its_own_calendar():
    event = make_event(starts_on=date(2023, 12, 31), starts_time=time(23, 30))

    assert event.starts_utc.year == 2024
    assert list(Event.objects.in_year(2023)) == [event]
    assert not Event.objects.in_year(2024).exists()
    assert event.get_absolute_url() == f"/events/2023/{event.slug}/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"starts_time": None}, "starts_time", "Enter the time, or say"),
        (
            {"starts_on": date(2023, 3, 12), "starts_time": time(2, 30)},
            "starts_time",
            "02:30 did not exist in New York on 12 March 2023",
        ),
        (
            {"starts_on": date(2023, 11, 5), "starts_time": time(1, 30)},
            "starts_time",
            "01:30 happened twice in New York on 5 November 2023",
        ),
        (
            {"ends_on": date(2024, 3, 10), "ends_time": time(2, 30)},
            "ends_time",
            "02:30 did not exist",
        ),
        ({"ends_time": time(12)}, "ends_on", "Enter the day on which it ends"),
        ({"ends_on": date(2023, 9, 20)}, "ends_on", "ends before it starts"),
        (
            {"ends_on": date(2023, 9, 21), "ends_time": time(11)},
            "ends_time",
            "ends before it starts",
        ),
        ({"second_printed_on": date(2023, 9, 22)}, "second_zone", "Say in which zone"),
        ({"zone": "Mars/Base"}, "zone", "is not a time zone"),
        ({"zone": "EST5EDT"}, "zone", "is not a time zone"),
        ({"second_zone": "JST"}, "second_zone", "is not a time zone"),
        ({"starts_on": date(203, 9, 21)}, "starts_on", "between 1900 and 2100"),
        ({"ends_on": date(9999, 12, 31)}, "ends_on", "between 1900 and 2100"),
        ({"starts_precision": "second"}, "starts_precision", "not a valid choice"),
        ({"language": "English"}, "language", "BCP 47"),
    ],
)
def test_a_mistake_is_shown_beside_its_field(fields, field, words):
    errors = errors_of(Event(**event_fields(**fields)))

    assert list(errors) == [field]
    assert words in errors[field][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"starts_precision": "day", "starts_time": None},
        {"starts_on": date(2023, 11, 5), "starts_time": time(1, 30), "fold": 1},
        {"ends_on": date(2023, 9, 21), "ends_time": time(11, 10)},
        {"second_zone": "Asia/Tokyo", "second_printed_on": date(2023, 9, 22)},
        {"starts_on": date(2022, 12, 31), "zone": "Pacific/Kiritimati"},
    ],
)
def test_what_is_right_is_accepted(fields):
    assert errors_of(Event(**event_fields(**fields))) == {}


@pytest.mark.django_db
def test_the_database_keeps_an_end_after_the_start():
    event = make_event()

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(ends_utc=event.starts_utc - MINUTE)


@pytest.mark.django_db
def test_a_number_in_a_series_is_given_once():
    series = make_series()
    make_event(series=series, series_number=1)
    again = Event(**event_fields(series=series, series_number=1))

    assert errors_of(again) == {"__all__": ["Another event has this number in the series."]}
    assert errors_of(Event(**event_fields(series=series, series_number=2))) == {}
    assert errors_of(Event(**event_fields(series=make_series(), series_number=1))) == {}


@pytest.mark.django_db
def test_events_of_a_series_need_no_number():
    series = make_series()

    assert errors_of(make_event(series=series)) == {}
    assert errors_of(make_event(series=series)) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 2])
def test_an_event_is_not_part_of_itself(number):
    chain = [make_event()]
    for _ in range(number - 1):
        chain.append(make_event(super_event=chain[-1]))
    chain[0].super_event = chain[-1]

    assert errors_of(chain[0]) == {"super_event": ["An event cannot be part of itself."]}


@pytest.mark.django_db
def test_events_are_found_by_their_public_hosts_but_not_by_those_present():
    host, guest, hidden = make_state(), make_state(), make_state(**HIDDEN[0])
    event = make_event()
    make_participation(event, host)
    make_participation(event, hidden)
    make_participation(event, guest, role=Participation.Role.PRESENT)

    assert list(Event.objects.hosted_by(host.slug)) == [event]
    assert not Event.objects.hosted_by(guest.slug).exists()
    assert not Event.objects.hosted_by(hidden.slug).exists()


@pytest.mark.django_db
def test_events_are_found_by_their_public_topics_once():
    topics = [make_topic(), make_topic(), make_topic(**HIDDEN[0])]
    event = make_event(topics=topics)

    assert list(Event.objects.about(topics[0].slug)) == [event]
    assert not Event.objects.about(topics[2].slug).exists()


@pytest.mark.django_db
def test_an_organisation_has_a_role_at_an_event_once():
    known = make_participation(organisation=make_organisation())
    again = Participation(event=known.event, organisation=known.organisation, role=known.role)

    assert errors_of(again) == {"__all__": ["This organisation is already listed in that role."]}


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    return SimpleUploadedFile("from a camera.jpg", out.getvalue(), "image/jpeg")


@pytest.mark.django_db
def test_an_uploaded_picture_is_kept_remade_under_a_name_nobody_can_guess(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    photo = Attachment(event=make_event(), kind="photo", title="Room", alt="A room")
    photo.picture = picture()
    photo.full_clean()

    photo.save()

    [kept] = tmp_path.rglob("*.*")
    assert photo.picture.name == f"pictures/{kept.name}"
    assert "camera" not in kept.name
    with Image.open(kept) as image:
        assert image.format == "WEBP"


@pytest.mark.django_db
def test_a_picture_of_a_hidden_event_is_not_shown(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    names = {}
    for event in [make_event(), make_event(**HIDDEN[0])]:
        photo = Attachment(event=event, title="Room", alt="A room", picture=picture())
        photo.full_clean()
        photo.save()
        names[event.is_public] = photo.picture.name

    for asked in [names[True], names[True].replace(".webp", "-card-50-50.webp")]:
        assert Attachment.objects.shows_publicly(asked)
    for asked in [names[False], names[False].replace(".webp", "-card-50-50.webp"), "pictures/x"]:
        assert not Attachment.objects.shows_publicly(asked)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "accepted"),
    [({}, False), ({"decorative": True}, True), ({"alt": "A room full of people"}, True)],
)
def test_a_picture_is_described_unless_it_is_decoration(fields, accepted):
    photo = Attachment(event=make_event(), title="Room", picture=picture(), **fields)

    errors = errors_of(photo)

    assert errors == (
        {} if accepted else {"alt": ["Describe the picture, or mark it as decoration."]}
    )


@pytest.mark.django_db
def test_an_attachment_is_somewhere():
    errors = errors_of(Attachment(event=make_event(), title="Programme"))

    assert errors == {"__all__": ["Upload a picture or give a web address."]}
