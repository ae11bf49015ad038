"""People: the names they are found by, and the offices they held when."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from network.models import Appointment, Person, PersonName
from tests.factories import (
    errors_of,
    make_appointment,
    make_focal_point,
    make_person,
    make_person_name,
    make_post,
    make_state,
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    ["Kamikawa Yoko", "yoko kamikawa", "YŌKO", "上川 陽子", "陽子", "Kamikava", "kamikawa 上川"],
)
def test_a_person_is_found_by_every_form_of_the_name(words):
    person = make_person(name="Kamikawa Yoko", family_name="Kamikawa", given_name="Yoko")
    make_person_name(person, text="上川 陽子", language="ja")
    make_person_name(person, text="Yoko Kamikava", kind=PersonName.Kind.PRINTED)
    make_person(name="Kato Ayako")

    assert list(Person.objects.named(words)) == [person]


@pytest.mark.django_db
def test_a_person_is_found_by_an_arabic_name_in_either_spelling():
    person = make_person(name="سيما بحوث")
    make_person_name(person, text="فاطمة أحمد", language="ar")

    assert list(Person.objects.named("فاطمه احمد")) == [person]


@pytest.mark.django_db
def test_people_are_sorted_by_family_name_whichever_name_comes_first():
    for family, given, name in [
        ("Șerban", "Luminița", "Luminița Șerban"),
        ("Kamikawa", "Yoko", "Kamikawa Yoko"),
        ("", "", "Queen Mary"),
        ("Ås", "Berit", "Berit Ås"),
    ]:
        make_person(name=name, family_name=family, given_name=given)

    names = Person.objects.values_list("name", flat=True)

    assert list(names) == ["Berit Ås", "Kamikawa Yoko", "Queen Mary", "Luminița Șerban"]


@pytest.mark.django_db
def test_a_post_with_one_holder_has_one_at_a_time():
    post = make_post(title="Foreign Minister")
    held = make_appointment(
        make_person(name="Hayashi Yoshimasa"),
        post.organisation,
        post=post,
        starts_on=date(2021, 11, 10),
        ends_on=date(2023, 9, 13),
    )
    successor = {"person": make_person(), "organisation": post.organisation, "role": "Minister"}

    early = Appointment(post=post, starts_on=date(2023, 9, 13), **successor)
    in_time = Appointment(post=post, starts_on=date(2023, 9, 14), **successor)

    assert errors_of(early) == {
        "post": ["Hayashi Yoshimasa holds this post then (10 November 2021 – 13 September 2023)."]
    }
    assert errors_of(in_time) == {}
    assert errors_of(held) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("post_fields", "fields"), [({"single_holder": False}, {}), ({}, {"incoming": True})]
)
def test_shared_and_incoming_offices_may_overlap(post_fields, fields):
    post = make_post(**post_fields)
    make_appointment(organisation=post.organisation, post=post)
    other = {"person": make_person(), "organisation": post.organisation, "role": "Minister"}

    assert errors_of(Appointment(post=post, starts_on=date(2021, 1, 1), **other, **fields)) == {}


@pytest.mark.django_db
def test_somebody_incoming_does_not_stand_in_the_way():
    post = make_post()
    make_appointment(organisation=post.organisation, post=post, incoming=True)
    other = {"person": make_person(), "organisation": post.organisation, "role": "Minister"}

    assert errors_of(Appointment(post=post, starts_on=date(2021, 1, 1), **other)) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("starts_on", [date(2020, 1, 1), None])
def test_an_appointment_is_listed_once(starts_on):
    known = make_appointment(starts_on=starts_on)
    again = Appointment(
        person=known.person,
        organisation=known.organisation,
        role=known.role,
        starts_on=starts_on,
    )

    assert errors_of(again) == {"__all__": ["This appointment is already listed."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


@pytest.mark.django_db
def test_offices_are_asked_for_by_day():
    person, state = make_person(), make_state()
    first = make_appointment(person, state, role="Envoy", ends_on=date(2020, 12, 31))
    second = make_appointment(person, state, role="Minister", starts_on=date(2021, 1, 1))

    assert list(person.appointments.on(date(2020, 12, 31))) == [first]
    assert list(person.appointments.on(date(2021, 1, 1))) == [second]


@pytest.mark.django_db
def test_a_focal_point_outlives_its_person_and_names_nobody_unasked():
    point = make_focal_point(person=make_person())

    point.person.delete()
    point.refresh_from_db()

    assert point.person is None
    assert point.person_is_public is False
