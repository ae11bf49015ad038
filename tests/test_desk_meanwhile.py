"""Two people at one record: neither loses unseen what was typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from events.admin.events import EventForm
from events.models import Event
from tests.desk_forms import Boxes, make_plain_editor, make_reviewer, open_form
from tests.factories import (
    make_event,
    make_membership,
    make_organisation,
    make_participation,
    make_state,
)

pytestmark = pytest.mark.django_db

DRAFT = {"status": "draft", "published_at": None}


def test_whoever_saves_second_hears_of_the_first_before_anything_is_replaced(client):
    event = make_event(title="A meeting", **DRAFT)
    client.force_login(make_reviewer())
    first = open_form(client, event)
    second = open_form(client, event)
    assert first.save(public_note="One source differs.").status_code == 302

    answer = second.save(summary="It ended well.")

    assert answer.status_code == 200
    sentence = "changed this record at"
    assert sentence in answer.text
    assert "It ended well." in answer.text  # What was typed is still there.
    event.refresh_from_db()
    assert (event.public_note, event.summary) == ("One source differs.", "")

    again = Boxes(answer.text).values
    assert second.save(seen=again["seen"], summary="It ended well.").status_code == 302
    event.refresh_from_db()
    assert (event.public_note, event.summary) == ("", "It ended well.")


def test_the_one_who_saved_first_is_named(client):
    event = make_event(**DRAFT)
    other = make_reviewer()
    client.force_login(other)
    open_form(client, event).save(summary="First.")
    late = open_form(client, event)
    open_form(client, event).save(summary="Second.")
    client.force_login(make_plain_editor())

    assert f"Not saved yet: {escape(other.get_username())} changed" in late.save().text


def test_what_an_editor_typed_while_the_record_was_published_can_be_copied(client):
    event = make_event(title="A meeting", **DRAFT)
    client.force_login(make_plain_editor())
    page = open_form(client, event)
    event.publish()

    answer = page.save(summary="Two lines\n<b>typed</b> for long.")

    assert answer.status_code == 403
    assert "this record has become public meanwhile" in answer.text
    assert "These can change it: Reviewers." in answer.text
    assert "Two lines<br>&lt;b&gt;typed&lt;/b&gt; for long." in answer.text
    assert "csrf" not in answer.text.split("<dl")[1].split("</dl>")[0]
    assert Event.objects.get().summary == ""


def test_so_can_what_was_typed_for_a_membership_of_a_state(client):
    state = make_state(**DRAFT)
    membership = make_membership(organisation=state)
    client.force_login(make_plain_editor())
    page = open_form(client, membership)
    state.publish()

    answer = page.save(public_note="Joined by letter.")

    assert answer.status_code == 403
    assert "Joined by letter." in answer.text


def test_a_row_that_somebody_deleted_meanwhile_is_a_new_one(client):
    event = make_event(**DRAFT)
    states = [make_state(), make_state(), make_state()]
    for state in states:
        make_participation(event, state)
    client.force_login(make_reviewer())
    page = open_form(client, event)
    new = page.add_row("participations", organisation=str(make_state().pk), printed_as="New")
    assert open_form(client, event).save(**{"participations-1-DELETE": "on"}).status_code == 302
    typed = {f"participations-{row}-printed_as": f"Row {row}" for row in range(3)}

    answer = page.save(**typed)

    boxes = Boxes(answer.text).values
    rows = [boxes[f"participations-{row}-printed_as"] for row in range(3)]
    assert (rows, boxes[f"{new}-printed_as"]) == (["Row 0", "Row 2", "Row 1"], "New")
    assert boxes["participations-INITIAL_FORMS"] == "2"
    assert event.participations.count() == 2
    again = {name: held for name, held in boxes.items() if "__prefix__" not in name}
    assert client.post(page.address, again).status_code == 302
    saved = event.participations.order_by("printed_as").values_list("printed_as", flat=True)
    assert list(saved) == ["New", "Row 0", "Row 1", "Row 2"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [(Event.touch, "changed this record at"), (Event.delete, "somebody deleted this record")],
)
def test_nobody_slips_in_while_a_form_is_checked(client, monkeypatch, change, sentence):
    event = make_event(title="A meeting", **DRAFT)
    client.force_login(make_reviewer())
    page = open_form(client, event)
    check_boxes = EventForm._clean_fields

    def meanwhile(form):
        change(Event.objects.get())
        check_boxes(form)

    monkeypatch.setattr(EventForm, "_clean_fields", meanwhile)
    with CaptureQueriesContext(connection) as asked:
        answer = page.save(summary="Typed meanwhile.")

    assert sentence in answer.text
    assert not Event.objects.filter(summary="Typed meanwhile.")
    held = [query for query in asked if "FOR UPDATE" in query["sql"]]
    assert len(held) == connection.features.has_select_for_update


@pytest.mark.parametrize("how", ["save", "delete"])
def test_a_record_has_changed_when_a_part_of_it_did(client, how):
    """Its page says when it was last changed, and its citation which version is cited."""
    state = make_organisation(kind="state")
    membership = make_membership(organisation=state)
    client.force_login(make_reviewer())
    before = state.updated_at

    if how == "save":
        assert open_form(client, membership).save(public_note="By letter.").status_code == 302
    else:
        address = reverse("admin:network_membership_delete", args=[membership.pk])
        assert client.post(address, {"post": "yes"}).status_code == 302

    state.refresh_from_db()
    assert state.updated_at > before
