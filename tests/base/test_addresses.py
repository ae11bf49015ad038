"""Addresses that records had: they lead on in one hop, and tell nothing of what is hidden."""

import pytest
from django.urls import reverse

from tests.desk_forms import DeskPage, make_reviewer
from tests.factories import HIDDEN, HIDDEN_IDS, make_event, make_plan, make_topic
from wpssite.base.models import OldAddress
from wpssite.base.publishing import Status

pytestmark = pytest.mark.django_db


def rename(client, record, slug: str):
    """Give a record another address at the desk."""
    options = record._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    answer = DeskPage(client, reverse(name, args=[record.pk])).save(slug=slug)
    assert answer.status_code == 302
    record.refresh_from_db()


@pytest.fixture
def desk(client):
    client.force_login(make_reviewer())
    return client


@pytest.mark.parametrize("make", [make_event, make_plan, make_topic])
def test_old_address_leads_to_the_new_one_with_what_was_asked(desk, make):
    record = make()
    old = record.get_absolute_url()
    rename(desk, record, "new-name")
    desk.logout()
    answer = desk.get(f"{old}?tz=Asia/Tokyo&x=%C3%A9")
    assert answer.status_code == 301
    assert answer["Location"] == f"{record.get_absolute_url()}?tz=Asia/Tokyo&x=%C3%A9"
    assert desk.get(answer["Location"]).status_code == 200


def test_address_changed_twice_is_one_hop(desk):
    topic = make_topic(slug="first")
    first = topic.get_absolute_url()
    rename(desk, topic, "second")
    rename(desk, topic, "third")
    desk.logout()
    for old in [first, first.replace("first", "second")]:
        assert desk.get(old)["Location"] == topic.get_absolute_url()


def test_record_that_takes_its_address_back_has_no_loop(desk):
    topic = make_topic(slug="first")
    rename(desk, topic, "second")
    rename(desk, topic, "first")
    desk.logout()
    assert desk.get(topic.get_absolute_url()).status_code == 200
    assert desk.get("/topics/second/")["Location"] == topic.get_absolute_url()
    assert OldAddress.objects.count() == 1


def test_address_that_another_record_has_now_is_that_record(desk):
    topic = make_topic(slug="first")
    rename(desk, topic, "second")
    other = make_topic(slug="first", name="Somebody else")
    desk.logout()
    answer = desk.get(other.get_absolute_url())
    assert answer.status_code == 200
    assert "Somebody else" in answer.text


@pytest.mark.parametrize("fields", HIDDEN, ids=HIDDEN_IDS)
def test_old_address_of_a_record_hidden_since_leads_nowhere(desk, fields):
    topic = make_topic()
    old = topic.get_absolute_url()
    rename(desk, topic, "new-name")
    type(topic).objects.filter(pk=topic.pk).update(**fields)
    desk.logout()
    answer = desk.get(old)
    assert answer.status_code in {404, 410}
    assert "new-name" not in answer.text


def test_address_that_nobody_saw_is_not_remembered(desk):
    topic = make_topic(status=Status.DRAFT, published_at=None)
    rename(desk, topic, "new-name")
    assert not OldAddress.objects.exists()


def test_record_taken_back_after_it_was_public_remembers(desk):
    topic = make_topic()
    type(topic).objects.filter(pk=topic.pk).update(status=Status.DRAFT)
    rename(desk, topic, "new-name")
    assert OldAddress.objects.get().record_id == topic.pk


def test_saving_without_a_new_address_remembers_nothing(desk):
    rename(desk, topic := make_topic(), topic.slug)
    assert not OldAddress.objects.exists()


def test_emptied_address_is_made_anew_and_the_old_one_leads_there(desk):
    topic = make_topic(slug="odd-name", name="Mediation")
    rename(desk, topic, "")
    assert topic.slug == "mediation"
    assert OldAddress.objects.get().slug == "odd-name"
