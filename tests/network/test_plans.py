"""Action plans: which are in force when, and in what order they follow one another."""

from datetime import date
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from network.models import ActionPlan
from tests.factories import HIDDEN, HIDDEN_IDS, errors_of, make_plan, make_state, public

YEARS = range(2019, 2023)
SOME_YEARS = [None, 2019, 2020, 2021]
STAGES = ActionPlan.Stage.values
SUCCESSORS = [None, *product(STAGES, [None, 2019, 2021])]  # (stage, first year)


def runs(stage, start, end, extended, successor, year) -> bool:
    """The oracle: whether a plan is known to run in `year`."""
    if stage != "adopted" or start is None:
        return False
    years = range(start, YEARS[-1] + 1)
    if extended or end:
        years = range(start, (extended or end) + 1)
    elif successor and successor[0] == "adopted" and successor[1]:
        years = range(start, successor[1])
    return year in years


def in_order(years) -> bool:
    start, end, extended = years
    known = [year for year in (start, end) if year], [year for year in (end, extended) if year]
    return all(sorted(pair) == pair for pair in known)


def every_plan():
    """Each way a plan can be dated and followed, as the arguments of `runs`."""
    for years in filter(in_order, product(SOME_YEARS, repeat=3)):
        for stage, successor in product(STAGES, SUCCESSORS):
            yield stage, *years, successor


def make_plans(owner, cases) -> dict:
    """Plans of `owner` with those that follow them; the case is the value."""
    names = ["stage", "start_year", "end_year", "extended_to"]
    plans = [
        ActionPlan(owner=owner, slug=f"plan-{n}", **dict(zip(names, case[:4], strict=True)))
        for n, case in enumerate(cases)
    ]
    ActionPlan.objects.bulk_create(plans)
    ActionPlan.objects.bulk_create(
        ActionPlan(
            owner=owner,
            **public("successor"),
            supersedes=plan,
            stage=case[4][0],
            start_year=case[4][1],
        )
        for plan, case in zip(plans, cases, strict=True)
        if case[4]
    )
    return dict(zip(plans, cases, strict=True))


@pytest.mark.django_db
def test_plans_in_force_are_those_known_to_run():
    owner = make_state()
    plans = make_plans(owner, list(every_plan()))

    for year in YEARS:
        expected = {plan for plan, case in plans.items() if runs(*case, year)}
        for day in (date(year, 1, 1), date(year, 12, 31)):
            found = set(ActionPlan.objects.in_force_on(day))
            assert found & plans.keys() == expected


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_hidden_successor_changes_no_public_count(hidden):
    plan = make_plan(start_year=2019, end_year=None)
    make_plan(owner=plan.owner, supersedes=plan, start_year=2020, **hidden)

    assert plan in ActionPlan.objects.in_force_on(date(2021, 1, 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"start_year": 2019, "end_year": 2022}, [2019, 2020, 2021, 2022]),
        ({"start_year": 2019, "end_year": 2020, "extended_to": 2021}, [2019, 2020, 2021]),
        ({"start_year": 2022, "end_year": None}, [2022]),
        ({"start_year": None, "end_year": 2022}, []),
        ({"start_year": 2019, "end_year": 2022, "stage": "draft"}, []),
        ({"start_year": 2019, "end_year": 2022, "stage": "unknown"}, []),
    ],
)
def test_a_plan_runs_in_its_years(fields, expected):
    make_plan(**fields)

    years = [y for y in YEARS if ActionPlan.objects.in_force_on(date(y, 6, 1)).exists()]

    assert years == expected


@pytest.mark.django_db
def test_a_plan_in_preparation_does_not_end_the_one_before():
    plan = make_plan(start_year=2019, end_year=None)
    make_plan(owner=plan.owner, supersedes=plan, stage="draft", start_year=2022)

    assert list(ActionPlan.objects.in_force_on(date(2023, 1, 1))) == [plan]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_plan_does_not_supersede_itself_however_far_around(number):
    chain = [make_plan()]
    for _ in range(number - 1):
        chain.append(make_plan(supersedes=chain[-1]))
    chain[0].supersedes = chain[-1]

    assert errors_of(chain[0]) == {"supersedes": ["A plan cannot supersede itself."]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"start_year": 2022, "end_year": 2021}, "The last year is before the first year."),
        (
            {"end_year": 2030, "extended_to": 2029},
            "An extension ends after the plan's last year.",
        ),
    ],
)
def test_years_out_of_order_are_refused(fields, sentence):
    plan = make_plan()
    for name, value in fields.items():
        setattr(plan, name, value)

    assert errors_of(plan) == {"__all__": [sentence]}
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.save()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"start_year": 2019, "end_year": 2022}, "2019–2022"),
        ({}, ""),
    ],
)
def test_years_are_written_in_figures(fields, expected):
    assert ActionPlan(**fields).years_text == expected


def test_the_day_of_adoption_is_written_as_exactly_as_it_is_known():
    plan = ActionPlan(adopted_on=date(2019, 3, 1), adopted_precision="month")

    assert plan.adopted_text == "March 2019"
    assert ActionPlan().adopted_text == ""
