"""The chair: whose term it is, and the troika around a day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from network.models import ChairHolder, ChairTerm
from tests.factories import errors_of, make_chair_term, make_member


def years(terms) -> list[int]:
    return [term.starts_on.year for term in terms]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2016, 6, 1), [2017]),
        (date(2017, 1, 1), [2017, 2018]),
        (date(2018, 1, 1), [2017, 2018, 2019]),
        (date(2018, 12, 31), [2017, 2018, 2019]),
        (date(2019, 1, 1), [2018, 2019, 2021]),
        (date(2020, 6, 1), [2019, 2021]),  # Nobody is known to have chaired then.
        (date(2021, 12, 31), [2019, 2021]),
        (date(2022, 1, 1), [2021]),
    ],
)
def test_the_troika_is_the_last_the_present_and_the_next_term(day, expected):
    for year in [2019, 2017, 2021, 2018]:
        make_chair_term(starts_on=date(year, 1, 1))

    assert years(ChairTerm.objects.around(day)) == expected


@pytest.mark.django_db
def test_a_term_without_a_last_day_goes_on():
    make_chair_term(starts_on=date(2023, 1, 1))
    make_chair_term(starts_on=date(2024, 1, 1), ends_on=None)

    assert years(ChairTerm.objects.around(date(2030, 1, 1))) == [2023, 2024]


@pytest.mark.django_db
def test_terms_come_with_their_holders_in_order_and_in_two_queries(django_assert_num_queries):
    states = [make_member() for _ in range(3)]
    make_chair_term(*states)
    make_chair_term(*reversed(states))

    with django_assert_num_queries(2):
        found = [
            [holder.organisation for holder in term.holders.all()]
            for term in ChairTerm.objects.order_by("starts_on").for_page()
        ]

    assert found == [states, states[::-1]]


@pytest.mark.django_db
def test_one_term_begins_on_a_day():
    make_chair_term(starts_on=date(2018, 1, 1))

    errors = errors_of(ChairTerm(starts_on=date(2018, 1, 1), status="unknown"))

    assert errors == {"__all__": ["A term begins on that day already."]}


@pytest.mark.django_db
def test_a_term_has_a_first_day():
    term = ChairTerm(status="unknown")

    assert errors_of(term) == {"__all__": ["Enter the first day of the term."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        term.save()


@pytest.mark.django_db
def test_a_member_holds_a_term_once():
    state = make_member()
    term = make_chair_term(state)

    errors = errors_of(ChairHolder(term=term, organisation=state))

    assert errors == {"__all__": ["This member is already a holder of the term."]}
