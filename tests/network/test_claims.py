"""Counts stated by others: kept as stated, with parts that add up."""

from datetime import date

import pytest

from network.models import Claim
from tests.factories import errors_of, make_claim, make_context, make_event
from tests.world import words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "states", "organisations", "accepted"),
    [
        (100, 90, 10, True),
        (100, 90, 11, False),
        (100, 0, 0, False),
        (100, 90, None, True),
        (100, None, None, True),
        (0, 0, 0, True),
    ],
)
def test_the_parts_of_a_count_add_up(value, states, organisations, accepted):
    claim = make_claim(value=value, states=states, organisations=organisations)

    errors = errors_of(claim)

    assert errors == ({} if accepted else {"value": errors["value"]})
    assert accepted or "The parts add up to" in errors["value"][0]


@pytest.mark.django_db
def test_a_source_states_one_count_for_a_day():
    known = make_claim()
    again = Claim(subject=known.subject, as_of=known.as_of, source=known.source, value=99)

    assert errors_of(again) == {"__all__": ["This source's count for that day is already listed."]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 12, 31), None),
        (date(2022, 1, 1), 90),
        (date(2023, 12, 31), 90),
        (date(2024, 1, 1), 100),
        (date(2030, 1, 1), 100),
    ],
)
def test_the_last_count_before_a_day_is_found(day, expected):
    make_claim(as_of=date(2024, 1, 1), value=100)
    make_claim(as_of=date(2022, 1, 1), value=90)
    make_claim(as_of=date(2021, 1, 1), value=107, subject=Claim.Subject.PLANS)

    found = Claim.objects.latest_on("members", day)

    assert (found and found.value) == expected


def test_the_day_of_a_count_is_written_as_exactly_as_it_is_known():
    assert Claim(as_of=date(2024, 6, 1), as_of_precision="month").as_of_text == "June 2024"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("states", "organisations", "shown"),
    [
        (105, None, "105 states, as of"),
        (None, 9, "9 regional organisations, as of"),
        (None, 1, "1 regional organisation, as of"),
    ],
)
def test_of_two_parts_only_the_one_that_was_stated_is_shown(client, states, organisations, shown):
    parts = {"states": states, "organisations": organisations}
    claim = make_claim(value=105, subject=Claim.Subject.PLANS, as_of=date(2020, 1, 1), **parts)
    event = make_event()
    make_context(event, kind="claim", claim=claim, text="")

    for address in ["/action-plans/", event.get_absolute_url()]:
        text = words(client.get(address))

        assert shown in text
        assert "None" not in text
