"""Organisations: their names, and who belongs to which body on which day."""

from datetime import date, timedelta

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from network.models import Membership, Organisation, OrganisationName
from tests.factories import (
    errors_of,
    make_member,
    make_membership,
    make_name,
    make_organisation,
    make_state,
    public,
    the_network,
)

FIRST = date(2020, 2, 25)
DAYS = range(8)
ENDS = st.none() | st.sampled_from(DAYS)
STATUSES = st.sampled_from(Membership.Status.values)


def day(number):
    return None if number is None else FIRST + timedelta(days=number)


@st.composite
def memberships(draw):
    """The memberships of one organisation: (first day, last day, status, of the Network?)."""
    rows = draw(
        st.lists(
            st.tuples(ENDS, ENDS, STATUSES, st.booleans()),
            max_size=3,
            unique_by=lambda row: (row[0], row[3]),
        )
    )
    return [row for row in rows if None in row[:2] or row[0] <= row[1]]


def is_member(rows, number) -> bool:
    """The oracle: whether one of the rows makes a member of the Network on the day."""
    return any(
        of_the_network
        and status == "member"
        and number in range(first or 0, (DAYS[-1] if last is None else last) + 1)
        for first, last, status, of_the_network in rows
    )


@pytest.mark.django_db
@hypothesis_settings(max_examples=25)
@given(world=st.lists(memberships(), min_size=1, max_size=4))
def test_members_on_a_day_are_those_whose_full_membership_holds(world):
    bodies = {True: the_network(), False: make_organisation()}
    states = [make_state() for _ in world]
    for state, rows in zip(states, world, strict=True):
        for first, last, status, of_the_network in rows:
            body, ends = bodies[of_the_network], {"starts_on": day(first), "ends_on": day(last)}
            make_membership(state, body, status=status, **ends)

    own = Organisation.objects.filter(pk__in=[state.pk for state in states])
    for number in DAYS:
        expected = {s for s, rows in zip(states, world, strict=True) if is_member(rows, number)}
        assert set(own.members_on(day(number))) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("number", [10, 1_000, 10_000])
def test_members_on_a_day_cost_one_query(number, django_assert_num_queries):
    states = Organisation.objects.bulk_create(
        Organisation(slug=f"state-{n:03}", name=f"State {n:03}", kind="state")
        for n in range(number)
    )
    body = the_network()
    Membership.objects.bulk_create(Membership(organisation=s, body=body) for s in states)
    with connection.cursor() as cursor:  # As autovacuum would: PostgreSQL may think both empty.
        cursor.execute("ANALYZE network_organisation")
        cursor.execute("ANALYZE network_membership")

    with django_assert_num_queries(1):
        found = list(Organisation.objects.members_on(date(2024, 1, 1)))

    assert len(found) == number


@pytest.mark.django_db
def test_members_of_another_body_are_asked_for_by_its_address():
    council = make_organisation(slug="un-security-council")
    norway, japan = make_state(), make_member()
    make_membership(norway, council, starts_on=date(2021, 1, 1), ends_on=date(2022, 12, 31))

    found = Organisation.objects.members_on(date(2022, 12, 31), "un-security-council")

    assert list(found) == [norway]
    assert list(Organisation.objects.members_on(date(2022, 12, 31))) == [japan]


@pytest.mark.django_db
def test_who_left_was_a_member_once():
    left = make_member(ends_on=date(2019, 12, 31))
    make_state()

    assert list(Organisation.objects.ever_members()) == [left]
    assert not Organisation.objects.members_on(date(2020, 1, 1)).exists()


@pytest.mark.django_db
def test_organisations_are_counted_by_kind():
    make_member()
    make_member()
    make_membership(make_organisation(kind="regional-organisation"))

    members = Organisation.objects.members_on(date(2024, 1, 1))

    assert members.count_by_kind_and_region() == {
        ("state", ""): 2,
        ("regional-organisation", ""): 1,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "Côte d'Ivoire",
        "Cote d'Ivoire",
        "COTE D’IVOIRE",
        "ivoire côte",
        "Ivory Coast",
        "ivory",
        "Republic of Ivory",
        "Cote d'Ivore",
        "コートジボワール",
        "CIV",
        "coast ivoire",  # A word from one name, a word from another.
    ],
)
def test_a_state_is_found_by_every_form_of_its_name(words):
    state = make_state(name="Côte d'Ivoire", abbreviation="CIV")
    make_name(state, text="Ivory Coast", language="en", ends_on=date(1985, 12, 31))
    make_name(state, text="Republic of the Ivory Coast", form=OrganisationName.Form.OFFICIAL)
    make_name(state, text="Cote d'Ivore", form=OrganisationName.Form.PRINTED)
    make_name(state, text="コートジボワール", language="ja")
    make_name(make_state(name="Croatia"), text="Hrvatska")

    assert list(Organisation.objects.named(words)) == [state]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["Ivory Croatia", "100%", "_", "nowhere"])
def test_nothing_is_found_by_words_that_no_single_organisation_has(words):
    make_name(make_state(name="Côte d'Ivoire"), text="Ivory Coast")
    make_state(name="Croatia")

    found = Organisation.objects.named(words)

    # Signs alone are no words, so they narrow nothing.
    assert found.count() == (2 if words == "_" else 0)


@pytest.mark.django_db
def test_a_renamed_organisation_is_sorted_and_found_anew():
    state = make_state(name="Swaziland")
    state.name = "Eswatini"
    state.save()
    name = make_name(state, text="Ngwane")
    name.text = "Umbuso weSwatini"
    name.save()

    assert state.sort_name == "eswatini"
    assert list(Organisation.objects.named("umbuso")) == [state]
    assert not Organisation.objects.named("ngwane").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1960, 1, 1), "Swaziland"),
        (date(2018, 4, 18), "Swaziland"),
        (date(2018, 4, 19), None),
        (date(2024, 1, 1), None),
    ],
)
def test_the_name_on_a_day_is_the_former_one_then_borne(day, expected):
    state = make_state(name="Eswatini")
    make_name(state, text="Swaziland", form="former", ends_on=date(2018, 4, 18))
    make_name(state, text="Suazilandia", form="short", language="es", ends_on=date(2018, 4, 18))
    make_name(make_state(), text="Upper Volta", form="former", ends_on=date(2018, 4, 18))
    make_membership(state)

    then = OrganisationName.objects.then("organisation", day)
    [membership] = Membership.objects.annotate(name_then=then)

    assert membership.name_then == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2018, 6, 1), None),
        (date(2018, 12, 31), date(2020, 1, 1)),
        (date(2016, 1, 1), date(2017, 1, 1)),
        (None, date(2017, 1, 1)),
        (None, None),
    ],
)
def test_a_membership_that_overlaps_another_is_refused(first, last):
    earlier = make_membership(starts_on=date(2017, 1, 1), ends_on=date(2018, 12, 31))
    later = Membership(
        organisation=earlier.organisation, body=earlier.body, starts_on=first, ends_on=last
    )

    assert errors_of(later) == {
        "starts_on": ["This overlaps another membership: 1 January 2017 – 31 December 2018."]
    }


@pytest.mark.django_db
def test_a_membership_may_follow_another_on_the_next_day():
    earlier = make_membership(starts_on=date(2017, 1, 1), ends_on=date(2018, 12, 31))
    next_day = {"organisation": earlier.organisation, "starts_on": date(2019, 1, 1)}

    assert errors_of(Membership(body=earlier.body, **next_day)) == {}
    assert errors_of(Membership(body=make_organisation(), **next_day)) == {}
    assert errors_of(earlier) == {}


@pytest.mark.django_db
def test_two_memberships_from_an_unknown_day_are_one():
    earlier = make_membership(starts_on=None, ends_on=date(2017, 1, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        make_membership(earlier.organisation, earlier.body, starts_on=None)


@pytest.mark.django_db
def test_a_body_is_not_a_member_of_itself():
    body = the_network()

    errors = errors_of(Membership(organisation=body, body=body))

    assert errors == {"body": ["A body cannot be a member of itself."]}


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_organisation_is_not_part_of_itself_however_far_around(number):
    chain = [make_organisation()]
    for _ in range(number - 1):
        chain.append(make_organisation(parent=chain[-1]))
    chain[0].parent = chain[-1]

    assert errors_of(chain[0]) == {"parent": ["An organisation cannot be part of itself."]}
    assert errors_of(make_organisation(parent=make_organisation())) == {}


@pytest.mark.django_db
def test_codes_that_look_like_words_stay_text():
    for name, code in [("Namibia", "NA"), ("Norway", "NO")]:
        make_state(name=name, iso_alpha2=code)

    text = serializers.serialize("json", Organisation.objects.all(), use_natural_primary_keys=True)
    Organisation.objects.all().delete()
    for row in serializers.deserialize("json", text):
        row.save()

    codes = Organisation.objects.values_list("name", "iso_alpha2")
    assert list(codes) == [("Namibia", "NA"), ("Norway", "NO")]


@pytest.mark.django_db
def test_a_code_belongs_to_one_organisation_and_none_is_no_code():
    make_state(iso_alpha2="NO")
    make_state(iso_alpha2="")

    assert errors_of(make_state(iso_alpha2="")) == {}
    with pytest.raises(IntegrityError), transaction.atomic():
        make_state(iso_alpha2="NO")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"), [("iso_alpha2", "no"), ("iso_alpha3", "N1R"), ("m49", "57")]
)
def test_codes_have_their_form(field, value):
    state = make_state()
    setattr(state, field, value)

    assert list(errors_of(state)) == [field]


@pytest.mark.django_db
def test_the_page_of_members_costs_the_same_for_ten_and_for_ten_thousand(client):
    def queries(number) -> int:
        states = Organisation.objects.bulk_create(
            Organisation(name="State", kind="state", sort_name="state", **public("state"))
            for _ in range(number)
        )
        body = the_network()
        Membership.objects.bulk_create(Membership(organisation=s, body=body) for s in states)
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/members/?on=2024-01-01")
        assert response.status_code == 200
        return len(captured)

    assert queries(10) == queries(1_000) == queries(10_000) <= 6
