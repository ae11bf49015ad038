"""Geometry of the pictures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpssite.base.charts import Scale, lanes, poles, stairs, ticks, year_of

YEARS = st.integers(1990, 2100)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2023, 1, 1), 2023), (date(2023, 7, 2), 2023 + 182 / 365), (date(2024, 7, 1), 2024.497)],
)
def test_a_day_is_a_year_and_its_part(day, year):
    assert year_of(day) == pytest.approx(year, abs=0.001)


@given(st.dates(), st.dates())
def test_later_days_lie_further_right(one, other):
    assert (one < other) == (year_of(one) < year_of(other))


def test_a_scale_leads_from_end_to_end():
    down = Scale(0, 50, 200, 0)

    assert [down(0), down(25), down(50)] == [200, 100, 0]
    assert down.holds(50)
    assert not down.holds(50.1)


def test_a_scale_of_one_value_divides_by_nothing():
    assert Scale(7, 7, 10, 90)(7) == 10


@given(st.integers(0, 3000), st.integers(0, 5000), st.integers(1, 12))
def test_ticks_are_few_even_and_inside(first, width, most):
    found = ticks(first, first + width, most)

    assert len(found) <= most
    assert all(first <= tick <= first + width for tick in found)
    assert len({b - a for a, b in zip(found, found[1:], strict=False)}) <= 1


def test_stairs_stay_until_the_next_point():
    assert stairs([(0, 10), (40, 5)], 100) == "M0 10H40V5H100"


SPANS = st.lists(st.tuples(YEARS, st.integers(1, 20)), max_size=12).map(
    lambda pairs: sorted((start, start + length) for start, length in pairs)
)


@given(SPANS)
def test_nothing_overlaps_in_a_lane_and_no_lane_is_wasted(spans):
    placed = lanes(spans)

    for i, (start, end) in enumerate(spans):
        for j in range(i):
            if placed[i] == placed[j]:
                assert spans[j][1] <= start or end <= spans[j][0]
    most = max((sum(a <= start < b for a, b in spans) for start, _end in spans), default=0)
    assert len(set(placed)) == most


@given(st.lists(st.floats(0, 100), max_size=15).map(sorted), st.floats(1, 40))
def test_a_pole_is_higher_than_those_within_its_words(places, room):
    levels = poles(places, room)

    for i, place in enumerate(places):
        within = [levels[j] for j in range(i + 1, len(places)) if places[j] < place + room]
        assert levels[i] == max(within, default=-1) + 1
