"""People entered twice: found, made one without losing anything, and taken apart again."""

import json
from io import StringIO

import pytest
import reversion
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Revision

from events.models import Appearance, Statement
from network.merging import likely_duplicates, merge, pointing_at
from network.models import Appointment, Person, PersonName
from network.unmerging import merges, undo_merge
from tests.desk_forms import DeskPage, make_plain_editor, make_reviewer
from tests.factories import (
    make_appearance,
    make_appointment,
    make_event,
    make_focal_point,
    make_person,
    make_person_name,
    make_source,
    make_state,
    make_statement,
)
from wpssite.base.models import OldAddress
from wpssite.base.publishing import Status

pytestmark = pytest.mark.django_db

DUPLICATES = "admin:network_person_duplicates"
MERGE = "admin:network_person_merge"
DRAFT = {"status": Status.DRAFT, "published_at": None}


def make_two(**fields):
    """Return a duplicate with something of every kind, and the person to keep."""
    source, shared, later = make_source(), make_source(), make_source()
    kept = make_person(slug="kamikawa-yoko", name="Kamikawa Yoko", sources=[shared])
    twice = make_person(
        slug="yoko-kamikawa", name="Yoko KAMIKAWA", sources=[source, shared], **fields
    )
    state = make_state()
    for person in (kept, twice):
        make_person_name(person, text="上川陽子")
    same = make_appointment(kept, state, role="Minister")
    office = make_appointment(twice, state, role="Minister")
    office.sources.add(later)
    make_appointment(twice, state, role="Envoy")
    make_focal_point(person=twice)
    event = make_event(times_of=twice)
    spoke = make_appearance(event, person=twice, appointment=office, delivered_by=twice)
    make_appearance(event, person=kept, appointment=same)
    make_appearance(event, person=kept, represents=twice, remark_about=twice)
    make_statement(event=event, appearance=spoke, person=twice)
    make_statement(person=kept, delivered_by=twice, represents=twice)
    OldAddress.objects.remember(twice, "kamikawa")
    return twice, kept


def dump() -> list[str]:
    """Return every row of the record by natural keys, without when it was last changed."""
    out = StringIO()
    keys = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    call_command("dumpdata", "network", "events", stdout=out, **keys)
    rows = json.loads(out.getvalue())
    for row in rows:
        row["fields"].pop("updated_at", None)
        for name, value in row["fields"].items():
            row["fields"][name] = sorted(value, key=str) if isinstance(value, list) else value
    addresses = OldAddress.objects.values_list("kind", "slug", "record_id")
    return sorted(json.dumps(row, sort_keys=True) for row in rows) + sorted(map(str, addresses))


def names(groups) -> list[set[str]]:
    return [{person.name for person in group} for group in groups]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("KAMIKAWA Yoko", "Yoko Kamikawa"),
        ("Luminița Odobescu", "Luminita ODOBESCU"),
        ("Sima Bahous", "Bahous, Sima"),
    ],
)
def test_same_words_in_any_order_are_likely_one_person(first, second):
    make_person(name=first)
    make_person(name=second)
    make_person(name="Rebeca Grynspan")
    assert names(likely_duplicates(Person.objects.all())) == [{first, second}]


def test_printed_form_of_one_and_name_of_another_are_likely_one_person():
    make_person_name(make_person(name="Luminița Odobescu"), text="Luminița Odebescu")
    make_person(name="Luminita Odebescu")
    make_person(name="...")
    make_person(name="!!!")
    assert names(likely_duplicates(Person.objects.all())) == [
        {"Luminița Odobescu", "Luminita Odebescu"}
    ]


def test_everything_of_the_duplicate_goes_to_the_kept_person():
    twice, kept = make_two()
    gone = twice.pk
    merge(twice, kept)
    for model, field in pointing_at(kept):
        assert not model.objects.filter(**{field.name: gone}).exists(), (model, field)
    assert set(kept.names.values_list("text", flat=True)) == {"上川陽子", "Yoko KAMIKAWA"}
    assert sorted(kept.appointments.values_list("role", flat=True)) == ["Envoy", "Minister"]
    assert kept.sources.count() == 2
    assert kept.appointments.get(role="Minister").sources.count() == 1
    assert kept.appointments.get(role="Minister").appearances.count() == 2
    assert kept.statements.count() == 2
    assert kept.readings.count() == kept.statements_read.count() == 1
    assert not Person.objects.filter(pk=gone).exists()


def test_both_old_addresses_lead_to_the_kept_page_in_one_hop(client):
    twice, kept = make_two()
    addresses = [twice.get_absolute_url(), twice.get_absolute_url().replace(twice.slug, "kamikawa")]
    merge(twice, kept)
    for address in addresses:
        answer = client.get(address + "?page=1")
        assert answer.status_code == 301
        assert answer["Location"] == kept.get_absolute_url() + "?page=1"


def test_undoing_a_merge_gives_back_every_row_as_it_was():
    twice, kept = make_two(summary="Her own words.")
    before = dump()
    revision = merge(twice, kept)
    assert dump() != before
    person = undo_merge(revision)
    assert (person.pk, person.slug) == (twice.pk, "yoko-kamikawa")
    assert dump() == before


def test_what_was_changed_after_the_merge_outlives_the_undoing():
    twice, kept = make_two()
    revision = merge(twice, kept)
    Person.objects.filter(pk=kept.pk).update(summary="Written since.")
    statement = Statement.objects.get(person=kept, appearance__isnull=False)
    Statement.objects.filter(pk=statement.pk).update(title="Changed since")
    new = make_statement(person=kept)
    undo_merge(revision)
    kept.refresh_from_db()
    statement.refresh_from_db()
    new.refresh_from_db()
    assert kept.summary == "Written since."
    assert (statement.title, statement.person) == ("Changed since", twice)
    assert new.person == kept


def test_merge_can_be_undone_once_and_made_again():
    twice, kept = make_two()
    revision = merge(twice, kept)
    undo_merge(revision)
    with pytest.raises(ValidationError, match="undone already"):
        undo_merge(revision)
    again = merge(Person.objects.get(pk=twice.pk), kept)
    assert list(merges()) == [again, revision]
    undo_merge(again)
    assert Person.objects.filter(pk=twice.pk).exists()


def test_merge_is_not_undone_when_the_address_is_taken():
    twice, kept = make_two()
    revision = merge(twice, kept)
    make_person(slug=twice.slug)
    before = dump()
    with pytest.raises(ValidationError, match="is taken"):
        undo_merge(revision)
    assert dump() == before


def test_rule_that_stands_in_the_way_leaves_everything_as_it_was(monkeypatch):
    twice, kept = make_two()
    before = dump()
    monkeypatch.setattr("network.merging.JOINED", set())
    with pytest.raises(ValidationError, match="stands in the way"):
        merge(twice, kept)
    assert dump() == before
    assert not Revision.objects.exists()


def test_nobody_is_merged_with_themselves_nor_a_public_person_into_a_draft():
    twice, kept = make_two()
    with pytest.raises(ValidationError, match="two different"):
        merge(kept, kept)
    draft = make_person(**DRAFT)
    with pytest.raises(ValidationError, match="Keep the person who is published"):
        merge(kept, draft)
    merge(draft, kept)
    assert Person.objects.count() == 2


def test_every_row_that_may_point_at_a_person_has_a_history():
    models = {model for model, _field in pointing_at(Person)} | {OldAddress}
    assert Appearance in models
    assert [model for model in models if not reversion.is_registered(model)] == []
    hidden = Person._meta.get_fields(include_hidden=True)
    assert not [r for r in hidden if r.auto_created and r.many_to_many]


def test_page_lists_groups_with_counts_and_costs_the_same_however_many(
    client, django_assert_num_queries
):
    client.force_login(make_reviewer())
    make_two()
    with CaptureQueriesContext(connection) as first:
        text = client.get(reverse(DUPLICATES)).content.decode()
    assert "Is this one person: Kamikawa Yoko?" in text
    for number in range(4):
        for name in [f"Anna {number}", f"{number} Anna"]:
            make_statement(person=make_person(name=name))
    with django_assert_num_queries(len(first)):
        answer = client.get(reverse(DUPLICATES))
    group = next(g for g in answer.context["groups"] if g[0].name == "Kamikawa Yoko")
    counts = [(person.statement_count, person.appearance_count) for person in group]
    assert counts == [(1, 2), (1, 1)]


def test_page_that_asks_says_what_will_move_and_what_will_not(client):
    client.force_login(make_reviewer())
    twice, kept = make_two(summary="Her own words.")
    page = DeskPage(client, f"{reverse(MERGE)}?keep={kept.pk}&duplicate={twice.pk}")
    text = client.get(page.address).content.decode()
    for words in ["2 × statements", "1 × appointments", "1 × sources", "Her own words."]:
        assert words in text
    assert "× other names" not in text  # Both have the same.
    assert "The name “Yoko KAMIKAWA”, as another name." in text
    assert "(yoko-kamikawa) will become part of" in text
    assert "(kamikawa-yoko)." in text
    assert Person.objects.filter(pk=twice.pk).exists()
    answer = page.save()
    assert answer.status_code == 302
    assert not Person.objects.filter(pk=twice.pk).exists()
    assert "Yoko KAMIKAWA is now part of Kamikawa Yoko" in client.get(answer["Location"]).text


@pytest.mark.parametrize("listed", [True, False])
def test_page_that_asks_names_no_name_that_the_other_has_already(client, listed):
    client.force_login(make_reviewer())
    kept = make_person(name="Kamikawa Yoko" if listed else "Yoko Kamikawa")
    twice = make_person(name="Yoko Kamikawa")
    if listed:
        make_person_name(kept, text="Yoko Kamikawa", kind="own")
    text = client.get(f"{reverse(MERGE)}?keep={kept.pk}&duplicate={twice.pk}").text
    assert "as another name" not in text
    assert f"The address “{twice.slug}”" in text
    merge(twice, kept)
    assert kept.names.count() == int(listed)


def test_merge_is_undone_from_the_history_of_the_kept_person(client):
    client.force_login(make_reviewer())
    twice, kept = make_two()
    before = dump()
    client.post(reverse(MERGE), {"keep": kept.pk, "duplicate": twice.pk})
    history = reverse("admin:network_person_history", args=[kept.pk])
    text = client.get(history).content.decode()
    undo = reverse("admin:network_person_undo_merge", args=[merges().get().pk])
    assert f'action="{undo}"' in text
    assert "Merged with Yoko KAMIKAWA" in text
    assert client.get(undo).status_code == 405
    assert client.post(undo).status_code == 302
    assert dump() == before
    assert f'action="{undo}"' not in client.get(history).content.decode()
    assert client.post(undo, follow=True).status_code == 200
    assert dump() == before


@pytest.mark.parametrize("keep", ["", "x", "0", "9" * 30, "same"])
def test_nonsense_is_sent_back_to_the_list(client, keep):
    client.force_login(make_reviewer())
    twice, _kept = make_two()
    data = {"keep": twice.pk if keep == "same" else keep, "duplicate": twice.pk}
    for answer in [client.get(reverse(MERGE), data), client.post(reverse(MERGE), data)]:
        assert (answer.status_code, answer["Location"]) == (302, reverse(DUPLICATES))
    assert Person.objects.count() == 2


def test_refusal_is_told_on_the_page(client):
    client.force_login(make_reviewer())
    twice, kept = make_two()
    Person.objects.filter(pk=kept.pk).update(**DRAFT)
    answer = client.post(reverse(MERGE), {"keep": kept.pk, "duplicate": twice.pk}, follow=True)
    assert "Keep the person who is published" in answer.text


def test_only_those_who_publish_and_delete_may_merge(client):
    twice, kept = make_two()
    revision = merge(make_person(), kept)
    client.force_login(make_plain_editor())
    undo = reverse("admin:network_person_undo_merge", args=[revision.pk])
    data = {"keep": kept.pk, "duplicate": twice.pk}
    for answer in [
        client.get(reverse(DUPLICATES)),
        client.get(reverse(MERGE), data),
        client.post(reverse(MERGE), data),
        client.post(undo),
    ]:
        assert answer.status_code == 403
    listed = client.get(reverse("admin:network_person_changelist")).text
    assert reverse(DUPLICATES) not in listed
    assert "merge_selected" not in listed
    history = client.get(reverse("admin:network_person_history", args=[kept.pk])).text
    assert undo not in history


def test_two_ticked_in_the_list_are_asked_about(client):
    client.force_login(make_reviewer())
    twice, kept = make_two()
    address = reverse("admin:network_person_changelist")
    data = {"action": "merge_selected", "_selected_action": [twice.pk, kept.pk]}
    assert client.post(address, data)["Location"].startswith(reverse(MERGE))
    data["_selected_action"] = [twice.pk]
    assert "exactly two" in client.post(address, data, follow=True).text


def test_form_cannot_be_sent_from_elsewhere(client):
    client.handler.enforce_csrf_checks = True
    client.force_login(make_reviewer())
    twice, kept = make_two()
    answer = client.post(reverse(MERGE), {"keep": kept.pk, "duplicate": twice.pk})
    assert answer.status_code == 403
    assert PersonName.objects.filter(person=twice).exists()
    assert Appointment.objects.filter(person=twice).count() == 2
