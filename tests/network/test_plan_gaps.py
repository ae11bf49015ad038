"""Years of action plans that do not fit together: left open, covered twice, not known."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from network.models import ActionPlan
from network.plan_gaps import covers
from tests.desk_forms import make_plain_editor
from tests.factories import make_plan, make_state, make_user
from wpssite.base.publishing import Status

pytestmark = pytest.mark.django_db

PAGE = "admin:network_actionplan_gaps"
YEAR = 2024


def look(*years):
    """Return the cover of one state with plans of these (first, last, extended) years."""
    state = make_state()
    for first, last, *more in years:
        extended = more[0] if more else None
        make_plan(owner=state, start_year=first, end_year=last, extended_to=extended)
    found = covers(ActionPlan.objects.select_related("owner"), YEAR)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("years", "gaps", "overlaps", "lapsed"),
    [
        ([(2015, 2018), (2021, 2026)], [(2019, 2020)], [], None),
        ([(2015, 2018), (2020, 2026)], [(2019, 2019)], [], None),
        ([(2015, 2018), (2018, 2026)], [], [(2018, 2018)], None),
        ([(2015, 2026), (2018, 2020)], [], [(2018, 2020)], None),
        ([(2015, 2026), (2018, 2020), (2021, 2030)], [], [(2018, 2020), (2021, 2026)], None),
        ([(2015, 2018, 2020), (2022, 2030)], [(2021, 2021)], [], None),
        ([(2021, 2026), (2010, 2012), (2015, 2018)], [(2013, 2014), (2019, 2020)], [], None),
        ([(2015, 2020)], [], [], 2020),
        ([(2010, 2012), (2015, 2020)], [(2013, 2014)], [], 2020),
    ],
)
def test_years_are_added_up(years, gaps, overlaps, lapsed):
    found = look(*years)
    assert (found.gaps, found.overlaps, found.lapsed) == (gaps, overlaps, lapsed)
    assert found.unknown == []


@pytest.mark.parametrize(
    "years", [[(2015, 2018), (2019, 2024)], [(2015, YEAR)], [(2015, 2018, 2024)], []]
)
def test_years_that_fit_together_are_not_listed(years):
    assert look(*years) is None


def test_nothing_is_said_of_the_years_after_a_plan_without_an_end():
    found = look((2010, 2012), (2015, None), (2022, 2026))
    assert found.gaps == [(2013, 2014)]
    assert found.overlaps == []
    assert [plan.start_year for plan in found.unknown] == [2015]


def test_plan_without_an_end_does_not_hide_an_overlap_with_what_came_before():
    found = look((2010, 2016), (2015, None))
    assert found.overlaps == [(2015, 2016)]
    assert found.lapsed is None


def test_plan_without_a_beginning_is_set_apart():
    found = look((None, 2012), (2015, 2018))
    assert [plan.end_year for plan in found.unknown] == [2012]
    assert (found.gaps, found.lapsed) == ([], None)


def test_owners_and_kinds_are_looked_at_apart():
    state = make_state()
    make_plan(owner=state, start_year=2015, end_year=2026)
    make_plan(owner=state, start_year=2016, end_year=2026, kind="strategy")
    make_plan(start_year=2015, end_year=2026)
    assert covers(ActionPlan.objects.select_related("owner"), YEAR) == []


def test_page_names_owners_and_years(client):
    client.force_login(make_plain_editor())
    state = make_state(name="Japan")
    draft = {"status": Status.DRAFT, "published_at": None}
    make_plan(owner=state, start_year=2015, end_year=2018, **draft)
    make_plan(owner=state, start_year=2020, end_year=2090)
    make_plan(owner=state, start_year=2019, end_year=2019, stage="draft")
    make_plan(owner=state, start_year=2019, end_year=2019, status="withdrawn", withdrawn_note="x")
    whole = make_plan(owner=make_state(name="Norway"), start_year=2015, end_year=2090)
    text = client.get(reverse(PAGE)).text
    assert ">Japan</a>" in text
    assert "<td>2019</td>" in text
    assert whole.owner.name not in text
    assert reverse(PAGE) in client.get(reverse("admin:network_actionplan_changelist")).text


def test_page_costs_the_same_however_many_plans(client, django_assert_num_queries):
    client.force_login(make_plain_editor())
    make_plan(start_year=2010, end_year=2012)
    client.get(reverse(PAGE))
    with CaptureQueriesContext(connection) as first:
        client.get(reverse(PAGE))
    for _ in range(5):
        make_plan(start_year=2010, end_year=None)
    with django_assert_num_queries(len(first)):
        assert len(client.get(reverse(PAGE)).context["covers"]) == 6


def test_page_is_for_those_who_may_see_plans(client):
    client.force_login(make_user(is_staff=True))
    assert client.get(reverse(PAGE)).status_code == 403
