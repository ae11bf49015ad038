"""Periods: which days they hold on, which others they meet, how they are written."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from network.models import OrganisationName
from tests.factories import errors_of, make_name, make_organisation
from wpssite.base.periods import EndBound, StartBound

FIRST = date(2020, 2, 25)  # The days around the end of a leap February.
LAST = 9
DAYS = range(LAST + 1)
ENDS = st.none() | st.integers(0, LAST)


def in_order(ends):
    return None in ends or ends[0] <= ends[1]


INTERVALS = st.tuples(ENDS, ENDS).filter(in_order)


def day(number):
    return None if number is None else FIRST + timedelta(days=number)


def days_of(start, end) -> set[int]:
    """The oracle: the numbers of the days an interval covers, both ends counted."""
    return set(range(0 if start is None else start, (LAST if end is None else end) + 1))


def names_with(intervals) -> dict:
    """Rows of one organisation, one for each interval; the interval is the value."""
    organisation = make_organisation()
    rows = [
        OrganisationName(
            organisation=organisation, text=str(place), starts_on=day(start), ends_on=day(end)
        )
        for place, (start, end) in enumerate(intervals)
    ]
    return dict(zip(OrganisationName.objects.bulk_create(rows), intervals, strict=True))


@pytest.mark.django_db
@given(intervals=st.lists(INTERVALS, min_size=1, max_size=8))
def test_a_period_holds_on_each_of_its_days_and_no_other(intervals):
    rows = names_with(intervals)
    own = OrganisationName.objects.filter(pk__in=[row.pk for row in rows])

    for number in DAYS:
        expected = {row for row, ends in rows.items() if number in days_of(*ends)}
        assert set(own.on(day(number))) == expected
        assert {row for row in rows if row.holds_on(day(number))} == expected


@pytest.mark.django_db
def test_periods_overlap_when_they_share_a_day():
    some_days = [None, 0, 2, 3, 4, LAST]
    intervals = list(filter(in_order, product(some_days, repeat=2)))
    rows = names_with(intervals)

    for other in intervals:
        expected = {row for row, ends in rows.items() if days_of(*ends) & days_of(*other)}
        assert set(OrganisationName.objects.overlapping(*map(day, other))) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("offset", "expected"), [(-1, False), (0, True), (1, True), (2, True), (3, False)]
)
def test_the_first_and_the_last_day_count(offset, expected):
    name = make_name(starts_on=FIRST, ends_on=FIRST + timedelta(days=2))
    asked = FIRST + timedelta(days=offset)

    assert OrganisationName.objects.on(asked).exists() is expected
    assert name.holds_on(asked) is expected


@pytest.mark.django_db
def test_a_last_day_before_the_first_is_refused_beside_the_last_day():
    name = OrganisationName(
        organisation=make_organisation(), text="X", starts_on=FIRST, ends_on=date(2020, 2, 24)
    )

    errors = errors_of(name)

    assert errors["ends_on"] == ["The last day is before the first day."]
    with pytest.raises(IntegrityError), transaction.atomic():
        name.save()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "dates not known"),
        ({"starts_on": date(2017, 4, 26)}, "since 26 April 2017"),
        ({"ends_on": date(2018, 12, 31)}, "until 31 December 2018"),
        (
            {"starts_on": date(2017, 4, 26), "ends_on": date(2018, 12, 31)},
            "26 April 2017 – 31 December 2018",
        ),
        (
            {
                "starts_on": date(2017, 1, 1),
                "starts_precision": "year",
                "ends_on": date(2018, 6, 30),
                "ends_precision": "month",
            },
            "2017 – June 2018",
        ),
        (
            {"starts_on": date(2017, 4, 26), "starts_bound": StartBound.NO_LATER},
            "since 26 April 2017 or earlier",
        ),
        (
            {
                "ends_on": date(2018, 12, 31),
                "ends_precision": "year",
                "ends_bound": EndBound.NO_EARLIER,
            },
            "until 2018 or later",
        ),
        (
            {
                "starts_on": date(2017, 1, 1),
                "starts_precision": "year",
                "starts_bound": StartBound.NO_LATER,
                "ends_on": date(2018, 12, 31),
                "ends_bound": EndBound.NO_EARLIER,
            },
            "2017 or earlier – 31 December 2018 or later",
        ),
    ],
)
def test_a_period_is_written_as_far_as_it_is_known(fields, expected):
    assert OrganisationName(**fields).period_text == expected
