"""Resolutions: adopted ones have a number, failed drafts have none."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from network.models import Resolution
from tests.factories import errors_of, make_resolution

ADOPTED, NOT_ADOPTED = Resolution.Outcome.ADOPTED, Resolution.Outcome.NOT_ADOPTED


@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "number"), [(ADOPTED, None), (NOT_ADOPTED, 2538)])
def test_a_number_goes_with_adoption(outcome, number):
    resolution = make_resolution()
    resolution.outcome, resolution.number = outcome, number

    assert errors_of(resolution) == {
        "__all__": ["An adopted resolution has a number; a draft that failed has none."]
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        resolution.save()


@pytest.mark.django_db
def test_any_number_of_drafts_may_have_failed():
    drafts = [
        make_resolution(symbol=symbol, number=None, outcome=NOT_ADOPTED)
        for symbol in ["S/2020/1054", "S/2019/1"]
    ]

    assert [errors_of(draft) for draft in drafts] == [{}, {}]


@pytest.mark.django_db
def test_a_number_is_given_once():
    make_resolution(number=1325)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_resolution(number=1325)


@pytest.mark.django_db
def test_resolutions_of_the_agenda_are_told_from_related_ones_in_order_of_time():
    second = make_resolution(number=1820, decided_on=date(2008, 6, 19))
    make_resolution(number=1366, decided_on=date(2001, 8, 30), in_wps_set=False)
    first = make_resolution(number=1325, decided_on=date(2000, 10, 31))

    assert list(Resolution.objects.of_the_agenda()) == [first, second]


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ((15, 0, 0), True),
        ((13, 0, 2), False),
        ((10, 1, 0), False),
        ((None, None, None), False),
        ((15, None, None), False),  # Not known is not nought.
    ],
)
def test_only_a_known_vote_is_unanimous(votes, expected):
    voted = dict(zip(["votes_for", "votes_against", "abstentions"], votes, strict=True))

    assert Resolution(**voted).unanimous is expected
