"""Two people at one record: neither loses unseen what was typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from reversion.models import Version

from events.models import Event
from network.models import Appointment, FocalPoint, Membership
from tests.desk_forms import Boxes, DeskPage, make_plain_editor, make_reviewer, open_form
from tests.factories import (
    make_appointment,
    make_chair_term,
    make_event,
    make_membership,
    make_participation,
    make_person,
    make_source,
    make_state,
)
from wpssite.base.meanwhile import version_of

pytestmark = pytest.mark.django_db

DRAFT = {"status": "draft", "published_at": None}


def assert_can_be_copied(answer, text: str):
    """Whether a form was refused because its record is public, and shows what was typed."""
    assert answer.status_code == 403
    assert "this record has become public meanwhile" in answer.text
    assert "These can change it: Reviewers." in answer.text
    assert text in answer.text


def open_first_version(client, record) -> DeskPage:
    """Open the form that brings back the oldest version of a record."""
    version = Version.objects.get_for_object(record).last()
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_revision"
    return DeskPage(client, reverse(name, args=[record.pk, version.pk]))


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

    assert_can_be_copied(answer, "Two lines<br>&lt;b&gt;typed&lt;/b&gt; for long.")
    assert "csrf" not in answer.text.split("<dl")[1].split("</dl>")[0]
    assert Event.objects.get().summary == ""


def test_so_can_what_was_typed_for_a_membership_of_a_state(client):
    state = make_state(**DRAFT)
    membership = make_membership(organisation=state)
    client.force_login(make_plain_editor())
    page = open_form(client, membership)
    state.publish()

    answer = page.save(note="Joined by letter.")

    assert_can_be_copied(answer, "Joined by letter.")
    assert Membership.objects.get().note == ""


@pytest.mark.parametrize("way", ["add", "move"])
def test_so_can_what_was_typed_for_a_part_of_what_became_public(client, way):
    state, appointment = make_state(**DRAFT), make_appointment(make_person(**DRAFT))
    client.force_login(make_plain_editor())
    if way == "add":
        page = DeskPage(client, reverse("admin:network_focalpoint_add"))
        page.set(organisation=str(state.pk), starts_on="2020-01-01", office="Office of two")
        state.publish()
    else:
        page = open_form(client, appointment)
        person = make_person()
        page.set(person=str(person.pk), role="Office of two")

    answer = page.save()

    assert_can_be_copied(answer, "Office of two")
    assert not FocalPoint.objects.exists()
    assert not Appointment.objects.filter(role="Office of two")


@pytest.mark.parametrize("make", [make_event, make_source])
def test_so_can_what_was_typed_for_a_record_that_was_deleted(client, make):
    record = make()
    client.force_login(make_reviewer())
    page = open_form(client, record)
    record.delete()

    answer = page.save(title="Typed for long")

    assert answer.status_code == 404
    assert "this record was deleted meanwhile" in answer.text
    assert "Typed for long" in answer.text


def test_a_record_without_a_date_of_its_last_change_is_watched_too(client):
    membership, other = make_membership(), make_reviewer()
    client.force_login(other)
    late = open_form(client, membership)
    open_form(client, membership).save(note="By letter.")

    answer = late.save(starts_on="2020-02-02")

    assert f"Not saved yet: {escape(other.get_username())} changed" in answer.text
    again = Boxes(answer.text).values
    assert late.save(seen=again["seen"], note="Mine.").status_code == 302
    assert Membership.objects.get().note == "Mine."


def test_its_links_and_rows_are_part_of_such_a_record():
    membership, term, source = make_membership(), make_chair_term(make_state()), make_source()
    before = version_of(membership), version_of(term)

    membership.sources.add(source)
    term.holders.first().delete()

    assert version_of(membership) != before[0]
    assert version_of(term) != before[1]


def test_a_change_of_what_it_links_to_is_none_of_such_a_record():
    membership, source = make_membership(), make_source()
    membership.sources.add(source)
    before = version_of(membership)
    source.title = "Another title"
    source.save()

    assert version_of(membership) == before


def test_who_brings_back_an_older_membership_hears_of_a_newer_one(client):
    membership = make_membership(note="first")
    client.force_login(make_reviewer())
    open_form(client, membership).save(note="second")
    page = open_first_version(client, membership)
    open_form(client, membership).save(note="third")

    answer = page.save()

    assert "changed this record at" in answer.text
    assert Membership.objects.get().note == "third"
    assert page.save(seen=Boxes(answer.text).values["seen"]).status_code == 302
    assert Membership.objects.get().note == "first"


def test_bringing_back_a_part_of_what_became_public_says_so(client):
    appointment = make_appointment(make_person(**DRAFT))
    client.force_login(make_plain_editor())
    open_form(client, appointment).save(role="Second")
    page = open_first_version(client, appointment)

    answer = page.save(person=str(make_person().pk), role="Typed for long")

    assert_can_be_copied(answer, "Typed for long")
    appointment.refresh_from_db()
    assert appointment.role == "Second"


def test_who_brings_back_an_older_version_hears_of_a_newer_one(client):
    event = make_event(title="First")
    client.force_login(make_reviewer())
    open_form(client, event).save(title="Second")
    page = open_first_version(client, event)
    open_form(client, event).save(title="Third")

    answer = page.save()

    assert "changed this record at" in answer.text
    event.refresh_from_db()
    assert event.title == "Third"
    assert page.save(seen=Boxes(answer.text).values["seen"]).status_code == 302
    event.refresh_from_db()
    assert event.title == "First"


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


@pytest.mark.parametrize(("make", "held"), [(make_event, 1), (make_membership, 2)])
def test_nobody_slips_in_while_a_form_is_checked(client, make, held):
    """The record is held before anything of it is read, and what it is a part of before that."""
    record = make()
    client.force_login(make_reviewer())
    page = open_form(client, record)
    with CaptureQueriesContext(connection) as asked:
        assert page.save(note="Mine.").status_code == 302

    queries = [query["sql"] for query in asked]
    holding = [number for number, sql in enumerate(queries) if "FOR NO KEY UPDATE" in sql]
    assert len(holding) == held * connection.features.has_select_for_update
    if holding:
        assert holding == list(range(holding[0], holding[0] + held))
        assert " JOIN " not in "".join(queries[holding[0] : holding[-1] + 1])  # Of one table each.
        _savepoint, reading = queries[holding[-1] + 1 : holding[-1] + 3]
        assert reading.startswith(f'SELECT "{record._meta.db_table}"."id"')


@pytest.mark.parametrize("missing", ["x", "-5", "", "0", "9" * 30, None, " {} ", "other"])
def test_a_row_whose_key_the_page_did_not_have_is_no_fault_of_ours(client, missing):
    event = make_event(**DRAFT)
    row, other = make_participation(event, make_state()), make_participation()
    client.force_login(make_reviewer())
    page = open_form(client, event)
    name = "participations-0-id"
    if missing is None:
        del page.data[name]
    else:
        page.data[name] = str(other.pk) if missing == "other" else missing.format(row.pk)

    answer = page.save(**{"participations-0-printed_as": "Typed"})

    assert answer.status_code in {200, 302}
    assert event.participations.count() == 1
    assert not other.event.participations.filter(printed_as="Typed")


@pytest.mark.parametrize("way", ["added", "replaced"])
def test_a_row_that_somebody_else_has_added_is_refused_at_its_twin(client, way):
    event, state = make_event(**DRAFT), make_state()
    client.force_login(make_reviewer())
    if way == "replaced":
        row = make_participation(event, state)
    page = open_form(client, event)
    if way == "replaced":
        row.delete()
    else:
        page.add_row("participations", organisation=str(state.pk))
    make_participation(event, state)

    answer = page.save()

    assert answer.status_code == 200
    assert "This organisation is already listed in that role." in answer.text
    assert event.participations.count() == 1


@pytest.mark.parametrize("how", ["save", "delete"])
def test_a_record_has_changed_when_a_part_of_it_did(client, how):
    """Its page says when it was last changed, and its citation which version is cited."""
    state = make_state()
    membership = make_membership(organisation=state)
    client.force_login(make_reviewer())
    before = state.updated_at

    if how == "save":
        assert open_form(client, membership).save(note="By letter.").status_code == 302
    else:
        address = reverse("admin:network_membership_delete", args=[membership.pk])
        assert client.post(address, {"post": "yes"}).status_code == 302

    state.refresh_from_db()
    assert state.updated_at > before


def test_a_part_that_moves_changes_both_records(client):
    here, there = make_person(), make_person()
    appointment = make_appointment(here)
    client.force_login(make_reviewer())

    assert open_form(client, appointment).save(person=str(there.pk)).status_code == 302

    for person in (here, there):
        before = person.updated_at
        person.refresh_from_db()
        assert person.updated_at > before
        assert Version.objects.get_for_object(person).exists()
