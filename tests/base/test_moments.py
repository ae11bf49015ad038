"""Local time: what the wall showed, which moments that can mean, how exactly it is known."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from wpssite.base.moments import (
    Fold,
    Precision,
    check_clock,
    city,
    day_text,
    first_moment,
    instants,
    last_moment,
    part_of_day,
    to_utc,
    validate_zone,
    zone_names,
)

NEW_YORK = "America/New_York"
ZONES = st.sampled_from(sorted(zone_names()))
WALL_CLOCKS = st.datetimes(datetime(1970, 1, 1), datetime(2037, 12, 31))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_zone_data_comes_from_the_package_not_from_the_machine():
    assert zoneinfo.TZPATH == ()
    assert zoneinfo.ZoneInfo("Asia/Tokyo").utcoffset(datetime(2023, 1, 1)) == timedelta(hours=9)


@pytest.mark.parametrize("name", ["America/New_York", "Asia/Tokyo", "Europe/Oslo", "UTC"])
def test_names_of_places_are_zones(name):
    assert validate_zone(name) is None


@pytest.mark.parametrize(
    "name",
    ["EST5EDT", "Mars/Base", "+09:00", "JST", "Etc/GMT+9", "asia/tokyo", "../etc/passwd", ""],
)
def test_other_names_are_refused(name):
    with pytest.raises(ValidationError, match="is not a time zone"):
        validate_zone(name)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected"),
    [
        (date(2023, 9, 21), time(11, 10), NEW_YORK, ["2023-09-21T15:10"]),
        (date(2023, 3, 12), time(2, 30), NEW_YORK, []),
        (date(2023, 3, 12), time(1, 59), NEW_YORK, ["2023-03-12T06:59"]),
        (date(2023, 3, 12), time(3, 0), NEW_YORK, ["2023-03-12T07:00"]),
        (date(2023, 11, 5), time(1, 30), NEW_YORK, ["2023-11-05T05:30", "2023-11-05T06:30"]),
        (date(2023, 11, 5), time(2, 0), NEW_YORK, ["2023-11-05T07:00"]),
        (date(2023, 6, 1), time(0), "Asia/Kolkata", ["2023-05-31T18:30"]),
        (date(2023, 6, 1), time(12), "Asia/Kathmandu", ["2023-06-01T06:15"]),
        # Lord Howe moves its clocks by half an hour only.
        (date(2023, 10, 1), time(2, 15), "Australia/Lord_Howe", []),
        (
            date(2023, 4, 2),
            time(1, 45),
            "Australia/Lord_Howe",
            ["2023-04-01T14:45", "2023-04-01T15:15"],
        ),
        (date(2023, 1, 1), time(0), "Pacific/Kiritimati", ["2022-12-31T10:00"]),
        (date(2023, 1, 1), time(0), "Pacific/Pago_Pago", ["2023-01-01T11:00"]),
        # Samoa went past a whole day.
        (date(2011, 12, 30), time(12), "Pacific/Apia", []),
    ],
)
def test_a_wall_clock_means_these_moments(day, clock, zone, expected):
    assert instants(day, clock, zone) == [utc(text) for text in expected]


@given(local=WALL_CLOCKS, zone=ZONES)
def test_the_moment_of_a_wall_clock_shows_that_wall_clock(local, zone):
    found = instants(local.date(), local.time(), zone)

    for moment in found:
        assert moment.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None) == local
    if len(found) == 1:
        for fold in (None, *Fold.values):
            assert to_utc(local.date(), local.time(), zone, fold) == found[0]


@given(moment=WALL_CLOCKS.map(lambda local: local.replace(tzinfo=UTC)), zone=ZONES)
def test_no_moment_is_lost(moment, zone):
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    found = instants(local.date(), local.time(), zone)

    assert moment in found
    assert to_utc(local.date(), local.time(), zone, local.fold) == moment


def test_a_skipped_time_counts_as_just_after_the_gap():
    assert to_utc(date(2023, 3, 12), time(2, 30), NEW_YORK) == utc("2023-03-12T07:30")


@pytest.mark.parametrize(
    ("fold", "expected"),
    [(None, "2023-11-05T05:30"), (0, "2023-11-05T05:30"), (1, "2023-11-05T06:30")],
)
def test_the_fold_chooses_between_two_equal_times(fold, expected):
    assert to_utc(date(2023, 11, 5), time(1, 30), NEW_YORK, fold) == utc(expected)


def test_an_editor_hears_of_a_time_that_did_not_exist():
    with pytest.raises(ValidationError) as caught:
        check_clock(date(2023, 3, 12), time(2, 30), NEW_YORK, None, "starts_time")

    assert caught.value.message_dict == {
        "starts_time": [
            "02:30 did not exist in New York on 12 March 2023: the clocks went past it."
        ]
    }


def test_an_editor_is_asked_which_of_two_times_is_meant():
    with pytest.raises(ValidationError) as caught:
        check_clock(date(2023, 11, 5), time(1, 30), NEW_YORK, None, "ends_time")

    [sentence] = caught.value.message_dict["ends_time"]
    assert sentence.startswith("01:30 happened twice in New York on 5 November 2023")


@pytest.mark.parametrize(
    ("day", "clock", "zone", "fold"),
    [
        (date(2023, 11, 5), time(1, 30), NEW_YORK, Fold.FIRST),
        (date(2023, 11, 5), time(1, 30), NEW_YORK, Fold.SECOND),
        (date(2023, 9, 21), time(11, 10), NEW_YORK, None),
        (None, time(2, 30), NEW_YORK, None),
        (date(2023, 3, 12), None, NEW_YORK, None),
        (date(2023, 3, 12), time(2, 30), "Mars/Base", None),  # The zone's own field says so.
    ],
)
def test_a_clear_or_unfinished_time_passes(day, clock, zone, fold):
    assert check_clock(day, clock, zone, fold, "starts_time") is None


@pytest.mark.parametrize(
    ("precision", "clock", "first", "last"),
    [
        (Precision.YEAR, None, "2023-01-01T05:00", "2024-01-01T05:00"),
        (Precision.MONTH, None, "2023-12-01T05:00", "2024-01-01T05:00"),
        (Precision.DAY, None, "2023-12-05T05:00", "2023-12-06T05:00"),
        (Precision.MORNING, None, "2023-12-05T05:00", "2023-12-05T17:00"),
        (Precision.AFTERNOON, None, "2023-12-05T17:00", "2023-12-05T23:00"),
        (Precision.EVENING, None, "2023-12-05T23:00", "2023-12-06T04:59"),
        (Precision.MINUTE, time(9, 15), "2023-12-05T14:15", "2023-12-05T14:15"),
        (Precision.MINUTE, None, "2023-12-05T05:00", "2023-12-06T05:00"),
        # A time of day left over from before does not make a day more exact.
        (Precision.DAY, time(9, 15), "2023-12-05T05:00", "2023-12-06T05:00"),
    ],
)
def test_a_time_lasts_as_long_as_it_is_inexact(precision, clock, first, last):
    day = date(2023, 12, 5)

    assert first_moment(day, clock, NEW_YORK, precision) == utc(first)
    assert last_moment(day, clock, NEW_YORK, precision) == utc(last)


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_ends_where_the_next_begins(month):
    following = date(2024 + month // 12, month % 12 + 1, 1)

    for day in (date(2024, month, 1), following - timedelta(days=1)):
        assert last_moment(day, None, "UTC", Precision.MONTH) == datetime(
            following.year, following.month, 1, tzinfo=UTC
        )


def test_a_day_without_midnight_begins_when_the_clocks_resume():
    # Beirut's clocks went from 0:00 to 1:00 on 27 March 2022.
    day = date(2022, 3, 27)

    assert first_moment(day, None, "Asia/Beirut", Precision.DAY) == utc("2022-03-26T22:00")
    assert last_moment(day, None, "Asia/Beirut", Precision.DAY) == utc("2022-03-27T21:00")


@given(
    day=st.dates(date(1970, 1, 1), date(2037, 12, 30)),
    zone=ZONES,
    precision=st.sampled_from(Precision.values),
)
def test_the_last_moment_is_never_before_the_first(day, zone, precision):
    first = first_moment(day, None, zone, precision)

    assert last_moment(day, None, zone, precision) >= first


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        (Precision.YEAR, "2023"),
        (Precision.MONTH, "September 2023"),
        (Precision.DAY, "21 September 2023"),
        (Precision.MINUTE, "21 September 2023"),
    ],
)
def test_a_day_is_written_as_exactly_as_it_is_known(precision, expected):
    assert day_text(date(2023, 9, 21), precision) == expected


def test_only_a_part_of_the_day_has_a_word():
    words = [part_of_day(precision) for precision in Precision.values]

    assert words == ["", "", "", "morning", "afternoon", "evening", ""]


def test_the_city_is_the_last_part_of_a_zone():
    assert city("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert city("UTC") == "UTC"
