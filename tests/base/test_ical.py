"""Calendar files: what any program reads back, whatever the zone, the hour or the script."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.tz import tzical

from wpssite.base.ical import Item, calendar_file, zones_of
from wpssite.base.moments import zone_names

NEW_YORK = ZoneInfo("America/New_York")
SOURCE = "https://wps.example/events/calendar.ics"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STAMP = datetime(2026, 11, 20, 9, tzinfo=UTC)


def item(starts, ends=None, **fields) -> Item:
    defaults = {"uid": f"{starts.isoformat()}@test", "title": "A meeting", "changed": STAMP}
    defaults |= {"sequence": 0, "status": "CONFIRMED", "url": "https://wps.example/"}
    return Item(**defaults | {"starts": starts, "ends": ends} | fields)


def file_of(*items) -> bytes:
    return calendar_file("Events", "Events of the record.", SOURCE, items)


def unfolded(content: bytes) -> str:
    return content.decode().replace("\r\n ", "")


def instants(content: bytes) -> list[datetime]:
    """Return when the events of a file begin, in UTC, as its own VTIMEZONE tell it.

    `dateutil` reads them: it neither wrote the file nor knows zones by name here.
    """
    text = unfolded(content)
    zones = tzical(io.StringIO(text)) if "BEGIN:VTIMEZONE" in text else None
    found = []
    for zone, clock, utc in re.findall(r"DTSTART(?:;TZID=([^:]+))?:(\d{8}T\d{6})(Z?)\r\nDT", text):
        moment = datetime.strptime(clock, "%Y%m%dT%H%M%S")
        moment = moment.replace(tzinfo=UTC if utc else zones.get(zone))
        found.append(moment.astimezone(UTC))
    return found


def test_a_moment_names_its_zone_and_the_file_explains_it():
    content = file_of(item(datetime(2023, 9, 21, 11, 10, tzinfo=NEW_YORK)))

    text = unfolded(content)
    assert "DTSTART;TZID=America/New_York:20230921T111000\r\n" in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert instants(content) == [datetime(2023, 9, 21, 15, 10, tzinfo=UTC)]


def test_days_need_no_zone_and_the_last_one_is_excluded():
    text = unfolded(file_of(item(date(2023, 6, 6), date(2023, 6, 10))))

    assert "DTSTART;VALUE=DATE:20230606\r\nDTEND;VALUE=DATE:20230610\r\n" in text
    assert "VTIMEZONE" not in text


def moments_of(zone: ZoneInfo) -> list[datetime]:
    """Return moments of four years, those around every change of the clocks among them."""
    days = [datetime(2024, 1, 1, tzinfo=UTC) + number * DAY for number in range(4 * 365)]
    hours = [[day + number * HOUR for number in range(24)] for day in changes(zone, days, DAY)]
    around = [
        change + number * HOUR / 2
        for day in hours
        for change in changes(zone, day, HOUR)
        for number in (1, 2, 3, 5)
    ]
    return [moment.astimezone(zone) for moment in sorted({*days[::150], *around})]


def changes(zone: ZoneInfo, moments, step: timedelta) -> list[datetime]:
    """Return the moments after which, within a step, the clocks of a zone change."""
    offsets = [moment.astimezone(zone).utcoffset() for moment in [*moments, moments[-1] + step]]
    return [m for m, a, b in zip(moments, offsets, offsets[1:], strict=False) if a != b]


@pytest.mark.parametrize("part", range(4))
def test_in_every_zone_of_the_world_a_file_gives_the_right_instants(part):
    names = sorted(zone_names() - {"UTC"})[part::4]
    assert len(names) > 100

    for name in names:
        moments = moments_of(ZoneInfo(name))
        content = file_of(*map(item, moments))

        expected = [moment.astimezone(UTC) for moment in moments]
        assert instants(content) == expected, name
        named = unfolded(content).count(f"DTSTART;TZID={name}:")
        assert named > len(moments) / 3, f"{name}: too many moments in UTC"


def test_icalendar_misses_the_short_periods_of_morocco_so_such_a_moment_is_in_utc():
    moment = datetime(2024, 3, 20, 10, tzinfo=ZoneInfo("Africa/Casablanca"))  # In Ramadan.

    text = unfolded(file_of(item(moment)))

    assert moment.utcoffset() == timedelta(0)
    assert "DTSTART:20240320T100000Z" in text
    assert "VTIMEZONE" not in text


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (datetime(2023, 11, 5, 1, 30, tzinfo=NEW_YORK), ";TZID=America/New_York:20231105T013000"),
        (datetime(2023, 11, 5, 1, 30, fold=1, tzinfo=NEW_YORK), ":20231105T063000Z"),
        (datetime(2023, 3, 12, 1, 59, tzinfo=NEW_YORK), ";TZID=America/New_York:20230312T015900"),
        (datetime(2023, 3, 12, 5, tzinfo=NEW_YORK), ";TZID=America/New_York:20230312T050000"),
        (datetime(2023, 1, 1, tzinfo=ZoneInfo("Pacific/Kiritimati")), "20230101T000000"),
        (datetime(2023, 12, 31, 23, 59, tzinfo=ZoneInfo("Pacific/Pago_Pago")), "20231231T235900"),
    ],
    ids=["repeated, first", "repeated, second", "before a gap", "after a gap", "+14", "-11"],
)  # fmt: skip
def test_the_hours_around_a_change_and_the_ends_of_the_world(moment, line):
    content = file_of(item(moment))

    assert line in unfolded(content)
    assert instants(content) == [moment.astimezone(UTC)]


def test_a_zone_is_explained_from_the_first_to_the_last_moment_of_the_file():
    moments = [datetime(year, 12, 31, 23, tzinfo=NEW_YORK) for year in (1990, 2030)]

    zone = zones_of([item(moments[0], moments[0] + timedelta(days=1)), item(moments[1])])

    assert datetime(1990, 1, 1) == zone["America/New_York"].subcomponents[0].DTSTART
    assert instants(file_of(*map(item, moments))) == [m.astimezone(UTC) for m in moments]


@pytest.mark.parametrize(
    "letter", ["日", "ع", "é", "🕊", ",;\\"], ids=["ja", "ar", "fr", "dove", "marks"]
)
def test_lines_are_folded_at_75_octets_and_never_within_a_letter(letter):
    text = letter * 120

    content = file_of(item(date(2023, 9, 21), title=text, description=f"{text}\n{text}"))

    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert [line.decode() for line in lines]  # Each line alone is whole UTF-8.
    event = icalendar.Calendar.from_ical(content).events[0]
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (text, f"{text}\n{text}")


def test_control_characters_do_not_come_through():
    content = file_of(item(date(2023, 9, 21), title="A\x0bB\x00C", categories=("x\x0cy",)))

    assert b"SUMMARY:ABC\r\n" in content
    assert b"CATEGORIES:xy\r\n" in content


def test_a_calendar_says_what_it_is_and_how_often_to_ask():
    text = unfolded(file_of())

    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert "\r\nNAME:Events\r\n" in text
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in text
    assert f"\r\nSOURCE;VALUE=URI:{SOURCE}\r\n" in text
    assert text.endswith("END:VCALENDAR\r\n")
