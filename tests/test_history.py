"""The history of records: nothing is lost, one record comes back at a time, nothing leaks."""

import re

import pytest
import reversion
from django.apps import apps
from django.contrib import admin
from django.db.models.signals import post_save
from django.urls import reverse
from reversion.models import Revision, Version

from events.models import Event
from network.models import Membership, Organisation, Person
from tests.desk_forms import DeskPage, make_plain_editor, make_reviewer
from tests.factories import (
    make_appearance,
    make_appointment,
    make_event,
    make_membership,
    make_person,
    make_person_name,
    make_segment,
    make_source,
    make_state,
    make_statement,
    make_user,
)
from wpssite.base.history import HistoryAdmin, keep
from wpssite.base.models import User
from wpssite.base.publishing import Status

pytestmark = pytest.mark.django_db

DRAFT = {"status": Status.DRAFT, "published_at": None}
EVENT, PERSON = "events_event", "network_person"


@pytest.fixture
def reviewer(client):
    client.force_login(make_reviewer())
    return client


def address(kind, page, *args) -> str:
    return reverse(f"admin:{kind}_{page}", args=args)


def save(client, kind, record, **fields):
    answer = DeskPage(client, address(kind, "change", record.pk)).save(**fields)
    assert answer.status_code == 302
    record.refresh_from_db()


def versions(record) -> list[Version]:
    """Return the versions of a record, the first one first."""
    return list(Version.objects.get_for_object(record).order_by("pk"))


def bring_back(client, kind, record, version, **fields):
    page = DeskPage(client, address(kind, "revision", record.pk, version.pk))
    return page.save(**fields)


def test_first_change_keeps_what_was_before(reviewer):
    event = make_event(title="From a fixture")
    save(reviewer, EVENT, event, title="Changed")
    before, after = versions(event)
    assert before.field_dict["title"] == "From a fixture"
    assert after.field_dict["title"] == "Changed"
    assert "before the first change" in before.revision.comment
    assert after.revision.user.groups.get().name == "Reviewers"


def test_record_comes_back_with_its_rows_and_links(reviewer):
    event = make_event(title="First", sources=[make_source()])
    one, two = make_segment(event, order=1), make_segment(event, order=2)
    speaker = make_appearance(event, segment=one)
    page = DeskPage(reviewer, address(EVENT, "change", event.pk)).set(
        **{"segments-0-order": 2, "segments-1-order": 1, "title": "Second", "sources": []}
    )
    page.add_row("segments", kind="closing", order=3)
    assert page.save().status_code == 302
    assert event.segments.count() == 3

    assert bring_back(reviewer, EVENT, event, versions(event)[0]).status_code == 302
    event.refresh_from_db()
    assert event.title == "First"
    assert list(event.segments.values_list("pk", "order")) == [(one.pk, 1), (two.pk, 2)]
    assert event.sources.count() == 1
    assert event.appearances.get() == speaker
    assert "Brought back" in versions(event)[-1].revision.comment


def test_row_that_was_deleted_comes_back(reviewer):
    person = make_person()
    make_person_name(person, text="Former name")
    page = DeskPage(reviewer, address(PERSON, "change", person.pk))
    assert page.save(**{"names-0-DELETE": "on"}).status_code == 302
    assert not person.names.exists()
    assert bring_back(reviewer, PERSON, person, versions(person)[0]).status_code == 302
    assert person.names.get().text == "Former name"


def test_looking_at_an_older_version_changes_nothing(reviewer):
    event = make_event(title="First")
    save(reviewer, EVENT, event, title="Second")
    heard = []
    post_save.connect(lambda **kwargs: heard.append(kwargs), sender=User, weak=False)
    count = Revision.objects.count()
    text = reviewer.get(address(EVENT, "revision", event.pk, versions(event)[0].pk)).text
    assert 'value="First"' in text
    assert "This is the record as it was" in text
    event.refresh_from_db()
    assert event.title == "Second"
    assert Revision.objects.count() == count
    assert post_save.receivers


def test_older_version_can_be_mended_before_it_is_saved(reviewer):
    event = make_event(title="First")
    save(reviewer, EVENT, event, title="Second")
    refused = bring_back(reviewer, EVENT, event, versions(event)[0], starts_on="")
    assert refused.status_code == 200
    event.refresh_from_db()
    assert event.title == "Second"
    bring_back(reviewer, EVENT, event, versions(event)[0], title="Third")
    event.refresh_from_db()
    assert event.title == "Third"


def test_status_and_address_stay_as_they_are_now(reviewer):
    event = make_event(title="First", slug="first", **DRAFT)
    save(reviewer, EVENT, event, title="Second", slug="second", status="published")
    bring_back(reviewer, EVENT, event, versions(event)[0])
    event.refresh_from_db()
    assert (event.title, event.slug, event.status) == ("First", "second", Status.PUBLISHED)
    assert event.is_public


def test_only_the_one_record_comes_back_of_a_revision_of_many(reviewer):
    events = [make_event(title=f"First {n}", **DRAFT) for n in (1, 2)]
    keep(events, "Both")
    for event in events:
        Event.objects.filter(pk=event.pk).update(title="Second")
    bring_back(reviewer, EVENT, events[0], versions(events[0])[0])
    titles = Event.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["First 1", "Second"]


def test_record_locked_now_cannot_be_brought_back_to_the_draft_it_was(client):
    event = make_event(title="First", **DRAFT)
    keep([event], "As a draft")
    event.title = "Second"
    event.publish()
    client.force_login(make_plain_editor())
    place = address(EVENT, "revision", event.pk, versions(event)[0].pk)
    assert client.get(place).status_code == 403
    assert client.post(place, {"title": "First"}).status_code == 403
    history = client.get(address(EVENT, "history", event.pk)).text
    assert "As a draft" in history
    assert place not in history
    event.refresh_from_db()
    assert event.title == "Second"


def test_version_of_another_kind_is_not_reached_through_a_kind_one_may_change(client):
    event = make_event(title="First")
    keep([event], "Public")
    Event.objects.filter(pk=event.pk).update(title="Second")
    client.force_login(make_plain_editor())
    version = versions(event)[0]
    for place in [
        address("network_topic", "recover", version.pk),
        address("network_topic", "revision", event.pk, version.pk),
        address(EVENT, "recover", version.pk),
        address(EVENT, "revision", event.pk + 1, version.pk),
    ]:
        assert client.get(place).status_code == client.post(place, {}).status_code == 404
    event.refresh_from_db()
    assert event.title == "Second"


def test_deleted_record_comes_back_as_a_draft(reviewer):
    person = make_person(name="Deleted")
    make_person_name(person, text="Another name")
    key = person.pk
    reviewer.post(address(PERSON, "delete", key), {"post": "yes"})
    assert not Person.objects.exists()
    text = reviewer.get(address(PERSON, "recoverlist")).text
    place = re.search(r'href="([^"]+/recover/\d+/)"', text)[1]
    assert "Save to bring it back as a draft" in reviewer.get(place).text
    assert not Person.objects.exists()
    assert DeskPage(reviewer, place).save().status_code == 302
    person = Person.objects.get(pk=key)
    assert (person.name, person.status) == ("Deleted", Status.DRAFT)
    assert person.names.get().text == "Another name"


def test_records_deleted_together_come_back_one_by_one(reviewer):
    people = [make_person() for _ in range(2)]
    keys = [person.pk for person in people]
    data = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    reviewer.post(address(PERSON, "changelist"), data)
    assert not Person.objects.exists()
    version = Version.objects.get_deleted(Person).get(object_id=keys[0])
    DeskPage(reviewer, address(PERSON, "recover", version.pk)).save()
    assert Person.objects.get().pk == keys[0]


@pytest.mark.parametrize("method", ["get", "post"])
def test_version_that_names_a_record_no_longer_there_is_refused_in_words(reviewer, method):
    speaker = make_person()
    statement = make_statement(person=speaker)
    keep([statement], "With the speaker")
    type(statement).objects.filter(pk=statement.pk).update(person=make_person())
    speaker.delete()
    place = address("events_statement", "revision", statement.pk, versions(statement)[0].pk)
    answer = getattr(reviewer, method)(place, follow=True)
    assert "It cannot be brought back: a record that it named" in answer.text


def test_rows_that_others_need_are_not_taken_away(reviewer):
    event = make_event()
    keep([event], "Without appearances")
    appearance = make_appearance(event)
    make_statement(event=event, appearance=appearance, person=appearance.person)
    answer = reviewer.get(address(EVENT, "revision", event.pk, versions(event)[0].pk), follow=True)
    assert answer.status_code == 200
    assert event.appearances.count() == 1


def test_history_of_a_record_that_was_never_changed_opens(reviewer):
    text = reviewer.get(address(EVENT, "history", make_event().pk)).text
    assert "Nothing has been changed here yet" in text


def test_publishing_from_the_list_is_told_in_each_history(reviewer):
    events = [make_event(**DRAFT) for _ in range(2)]
    data = {"action": "publish", "_selected_action": [event.pk for event in events]}
    reviewer.post(address(EVENT, "changelist"), data)
    for event in events:
        before, after = versions(event)
        assert (before.field_dict["status"], after.field_dict["status"]) == ("draft", "published")
        assert after.revision.version_set.get().object_id == str(event.pk)


def test_part_is_told_in_the_history_of_its_whole(client):
    client.force_login(make_plain_editor())
    membership = make_membership(organisation=make_state(**DRAFT))
    save(client, "network_membership", membership, role="observer")
    first, last = versions(membership.organisation)
    assert first.revision != last.revision
    stored = last.revision.version_set.get(
        object_id=membership.pk, content_type__model="membership"
    )
    assert stored.field_dict["role"] == "observer"


def test_deleted_part_comes_back_with_its_whole(reviewer):
    membership = make_membership()
    whole = membership.organisation
    reviewer.post(address("network_membership", "delete", membership.pk), {"post": "yes"})
    assert not Membership.objects.exists()
    answer = bring_back(reviewer, "network_organisation", whole, versions(whole)[0])
    assert answer.status_code == 302
    assert Membership.objects.get() == membership


def test_part_cannot_be_added_to_a_locked_record(client):
    client.force_login(make_plain_editor())
    person, state = make_person(), make_state()
    page = DeskPage(client, reverse("admin:network_appointment_add"))
    page.set(person=person.pk, organisation=state.pk, role="Minister")
    assert page.save().status_code == 403
    assert not person.appointments.exists()
    draft = make_appointment(make_person(**DRAFT), role="Envoy")
    page = DeskPage(client, reverse("admin:network_appointment_change", args=[draft.pk]))
    assert page.save(person=person.pk).status_code == 403
    draft.refresh_from_db()
    assert draft.person != person


def test_small_window_makes_a_revision_too(client):
    client.force_login(make_plain_editor())
    page = DeskPage(client, reverse("admin:network_organisation_add") + "?_popup=1")
    page.set(name="Japan", kind="state").save()
    assert len(versions(Organisation.objects.get())) == 1


def test_reading_pages_takes_no_lock_and_no_revision(reviewer):
    event = make_event()
    for place in [address(EVENT, "changelist"), address(EVENT, "change", event.pk)]:
        assert reviewer.get(place).status_code == 200
    assert not Revision.objects.exists()


@pytest.mark.parametrize("page", ["history", "recoverlist"])
def test_history_is_for_those_who_work_on_the_kind(client, page):
    event = make_event()
    args = [event.pk] if page == "history" else []
    client.force_login(make_user(is_staff=True))
    assert client.get(address(EVENT, page, *args)).status_code == 403
    client.logout()
    assert client.get(address(EVENT, page, *args)).status_code == 302


def test_nothing_of_the_history_reaches_readers(reviewer):
    person = make_person(note="Told in confidence.", summary="Old summary.")
    save(reviewer, PERSON, person, summary="New summary.", note="")
    reviewer.logout()
    text = reviewer.get(person.get_absolute_url()).text
    assert "New summary." in text
    assert "Old summary." not in text
    assert "confidence" not in text


def test_accounts_and_passwords_have_no_history():
    assert not reversion.is_registered(User)
    ours = [m for label in ("network", "events") for m in apps.get_app_config(label).get_models()]
    kinds = [model for model in ours if model in admin.site._registry]
    assert [m for m in kinds if not isinstance(admin.site._registry[m], HistoryAdmin)] == []
