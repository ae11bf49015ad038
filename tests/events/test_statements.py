"""Statements: by whom, from which appearance, for whom, in which texts."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from events.lists import neighbours_of
from events.models import Statement, StatementText
from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    errors_of,
    make_appearance,
    make_event,
    make_party,
    make_person,
    make_point,
    make_state,
    make_statement,
    make_text,
    make_topic,
)


def unsaved(**fields):
    return Statement(**{"title": "On peace", "slug": "on-peace"} | fields)


@pytest.mark.django_db
def test_what_is_left_empty_comes_from_the_appearance():
    appearance = make_appearance(
        make_event(starts_on=date(2024, 3, 8)),
        person=make_person(),
        printed_name="Ms. Kamikawa",
        role_printed="Foreign Minister",
        mode="video",
    )
    statement = unsaved(appearance=appearance)

    assert errors_of(statement) == {}
    assert statement.event == appearance.event
    assert statement.date == date(2024, 3, 8)
    assert statement.person == appearance.person
    assert statement.printed_name == "Ms. Kamikawa"
    assert statement.role_printed == "Foreign Minister"
    assert statement.mode == "video"


@pytest.mark.django_db
def test_what_is_written_stays():
    appearance = make_appearance(role_printed="Foreign Minister", mode="video")
    written = {"role_printed": "Chair", "mode": "online", "date": date(2023, 9, 22)}

    statement = unsaved(appearance=appearance, **written)

    assert errors_of(statement) == {}
    assert {name: getattr(statement, name) for name in written} == written


@pytest.mark.django_db
def test_an_appearance_at_another_event_is_refused():
    appearance = make_appearance()
    statement = unsaved(appearance=appearance, person=appearance.person, event=make_event())

    assert errors_of(statement) == {"appearance": ["This appearance is at another event."]}


@pytest.mark.django_db
def test_an_appearance_by_somebody_else_is_refused():
    appearance = make_appearance(person=make_person(name="Kamikawa Yoko"))
    statement = unsaved(appearance=appearance, person=make_person())

    assert errors_of(statement) == {"person": ["The appearance is by Kamikawa Yoko."]}


@pytest.mark.django_db
def test_one_statement_is_made_at_an_appearance():
    appearance = make_appearance()
    make_statement(appearance=appearance)

    assert list(errors_of(unsaved(appearance=appearance))) == ["appearance"]


@pytest.mark.django_db
def test_a_statement_has_the_date_of_its_event_or_one_of_its_own():
    person = make_person()
    at_an_event = unsaved(person=person, event=make_event(starts_on=date(2024, 3, 8)))

    assert errors_of(at_an_event) == {}
    assert at_an_event.date == date(2024, 3, 8)
    assert errors_of(unsaved(person=person)) == {"date": ["Enter the date, or choose the event."]}


@pytest.mark.django_db
def test_a_statement_is_by_somebody():
    statement = unsaved(date=date(2024, 3, 8))

    assert errors_of(statement) == {
        "__all__": ["Say who spoke: choose a person or write the name."]
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        statement.save()
    assert errors_of(unsaved(date=date(2024, 3, 8), printed_name="The President")) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_hidden_speaker_is_not_named(hidden):
    person = make_person(name="Kamikawa Yoko", **hidden)

    assert make_statement(person=person).who == ""
    assert make_statement(person=person, printed_name="The Minister").who == "The Minister"
    assert make_statement(person=make_person(name="Kato Ayako")).who == "Kato Ayako"


@pytest.mark.django_db
def test_statements_of_an_event_are_in_running_order():
    event = make_event()
    made = [
        make_statement(event=event, appearance=make_appearance(event, order=order))
        for order in (3, 1, 2)
    ]

    found = list(event.statements.in_running_order())

    assert found == [made[1], made[2], made[0]]
    neighbours = neighbours_of(made[2])
    assert neighbours == {"previous": made[1], "next": made[0]}


@pytest.mark.django_db
def test_a_hidden_statement_is_nobodys_neighbour():
    event = make_event()
    first, hidden, last = (
        make_statement(event=event, appearance=make_appearance(event), **fields)
        for fields in ({}, HIDDEN[0], {})
    )
    assert neighbours_of(first) == {"previous": None, "next": last}
    assert neighbours_of(hidden) == {"previous": None, "next": None}
    assert neighbours_of(make_statement()) == {"previous": None, "next": None}


@pytest.mark.django_db
def test_statements_are_found_by_what_is_public_about_them():
    person, state, topic = make_person(), make_state(), make_topic()
    joiner = make_state()
    statement = make_statement(person=person, topics=[topic])
    make_party(statement, state)
    make_party(statement, joiner, relation="joins")
    make_statement()

    assert list(Statement.objects.by(person.slug)) == [statement]
    assert list(Statement.objects.made_for(state.slug)) == [statement]
    assert list(Statement.objects.about(topic.slug)) == [statement]
    assert not Statement.objects.made_for(joiner.slug).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_statements_are_not_found_by_what_is_hidden_about_them(hidden):
    person, state, topic = make_person(**hidden), make_state(**hidden), make_topic(**hidden)
    make_party(make_statement(person=person, topics=[topic]), state)

    assert not Statement.objects.by(person.slug).exists()
    assert not Statement.objects.made_for(state.slug).exists()
    assert not Statement.objects.about(topic.slug).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "accepted"),
    [
        ({}, False),
        ({"body": "<p>Peace.</p>"}, True),
        ({"url": "https://example.org/text"}, True),
    ],
)
def test_a_text_is_here_or_elsewhere(fields, accepted):
    text = StatementText(statement=make_statement(), language="en", **fields)

    assert errors_of(text) == (
        {} if accepted else {"__all__": ["Give the text or the address where it stands."]}
    )


@pytest.mark.django_db
def test_a_text_says_in_which_language_it_is():
    text = StatementText(statement=make_statement(), url="https://example.org/text")

    assert list(errors_of(text)) == ["language"]


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_point, make_text])
def test_an_order_is_given_once_in_a_statement(make):
    row = make(order=1)
    make(make_statement(), order=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        make(row.statement, order=1)


@pytest.mark.django_db
def test_an_organisation_stands_once_in_a_relation_to_a_statement():
    known = make_party()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_party(known.statement, known.organisation)
