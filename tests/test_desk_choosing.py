"""What the boxes of the desk propose for typed words, and what they take."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from events.models import Event
from tests.desk_forms import DeskPage, make_plain_editor
from tests.factories import (
    make_event,
    make_name,
    make_organisation,
    make_person,
    make_person_name,
    make_state,
)

pytestmark = pytest.mark.django_db

SENTENCE = "The country of an event must be a state."


@pytest.fixture
def editor(client):
    client.force_login(make_plain_editor())
    return client


def proposed(client, model, field, words) -> list[str]:
    """Return what a box of an event, or of a row below it, proposes for `words`."""
    asked = {"app_label": "events", "model_name": model, "field_name": field, "term": words}
    answer = client.get(reverse("admin:autocomplete"), asked)
    return [row["text"] for row in answer.json()["results"]]


def make_states_and_their_offices():
    state = make_state(name="United States of America")
    make_name(state, text="USA")
    make_organisation(name="Permanent Mission of the United States", kind="mission")
    make_organisation(name="United States Department of State", kind="ministry")
    make_organisation(name="Institute for the USA", abbreviation="IUSA", kind="think-tank")


def test_state_stands_before_its_ministry_and_both_before_what_ends_so(editor):
    make_states_and_their_offices()
    assert proposed(editor, "participation", "organisation", "united states") == [
        "United States of America",
        "United States Department of State",
        "Permanent Mission of the United States",
    ]


def test_what_is_called_exactly_so_stands_first(editor):
    make_states_and_their_offices()
    found = proposed(editor, "participation", "organisation", "usa")
    assert found == ["United States of America", "Institute for the USA"]
    assert proposed(editor, "participation", "organisation", "iusa") == ["Institute for the USA"]
    make_state(name="Iusatania")
    found = proposed(editor, "participation", "organisation", "IUSA")
    assert found == ["Institute for the USA", "Iusatania"]


def test_people_are_proposed_by_the_name_that_begins_so(editor):
    make_person(name="Ana Park", family_name="Park", given_name="Ana")
    make_person(name="Bo Yoko", family_name="Yoko", given_name="Bo")
    make_person_name(make_person(name="Zoe Zed"), text="Yoko Zed")
    make_person(name="Anna Akayokoma")
    found = proposed(editor, "appearance", "person", "yoko")
    assert found == ["Bo Yoko", "Zoe Zed", "Anna Akayokoma"]
    assert proposed(editor, "appearance", "person", "ana park") == ["Ana Park"]


def test_nothing_typed_leaves_the_order_of_names(editor):
    make_organisation(name="Beta")
    make_state(name="Gamma")
    make_organisation(name="Alpha", abbreviation="A")
    found = proposed(editor, "participation", "organisation", "")
    assert found == ["Alpha", "Beta", "Gamma"]


def test_country_of_an_event_is_a_state(editor):
    make_states_and_their_offices()
    assert proposed(editor, "event", "country", "united states") == ["United States of America"]
    mission = make_organisation(name="Mission", kind="mission")
    page = DeskPage(editor, reverse("admin:events_event_add")).set(title="Side event")
    answer = page.save(country=mission.pk)
    assert answer.context["adminform"].form.errors["country"] == [SENTENCE]
    assert not Event.objects.exists()
    with pytest.raises(ValidationError, match=SENTENCE):
        make_event(country=mission).full_clean()
