"""The two doors to public data, and the rules of a record's status."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.models import Topic
from tests.factories import HIDDEN, HIDDEN_IDS, errors_of, make_editor, make_topic, make_user
from wpssite.base.publishing import Status, public

NOW = datetime(2024, 3, 8, 12, tzinfo=UTC)
hidden_states = pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)


def make_viewer(*, is_staff):
    """An account with the permission to view topics, on the staff or not."""
    user = make_user(is_staff=is_staff)
    user.user_permissions.add(Permission.objects.get(codename="view_topic"))
    return user


@pytest.mark.django_db
def test_a_published_record_is_public():
    topic = make_topic()

    assert topic.is_public
    assert public(topic) == topic
    assert list(Topic.objects.published()) == [topic]


@pytest.mark.django_db
@hidden_states
def test_a_hidden_record_is_not_public(hidden):
    topic = make_topic(**hidden)

    assert not topic.is_public
    assert public(topic) is None
    assert not Topic.objects.published().exists()


def test_no_record_is_not_public():
    assert public(None) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, True), (0, True), (0.000001, False), (1, False)]
)
def test_a_record_becomes_public_at_its_moment(seconds, expected):
    topic = make_topic(published_at=NOW + timedelta(seconds=seconds))

    with time_machine.travel(NOW, tick=False):
        assert topic.is_public is expected
        assert Topic.objects.published().exists() is expected


@pytest.mark.django_db
@hidden_states
def test_nobody_but_the_desk_opens_a_hidden_record(hidden):
    topic = make_topic(**hidden)

    outsiders = [
        AnonymousUser(),
        make_user(),
        make_user(is_staff=True),
        make_viewer(is_staff=False),
    ]
    for user in outsiders:
        assert not Topic.objects.visible_to(user).exists()
    for user in [make_editor(), make_viewer(is_staff=True)]:
        assert list(Topic.objects.visible_to(user)) == [topic]


@pytest.mark.django_db
def test_everyone_opens_a_published_record():
    topic = make_topic()

    for user in [AnonymousUser(), make_user(), make_editor()]:
        assert list(Topic.objects.visible_to(user)) == [topic]


@pytest.mark.django_db
def test_an_account_that_is_switched_off_sees_no_more_than_a_visitor():
    make_topic(**HIDDEN[0])

    assert not Topic.objects.visible_to(make_editor(is_active=False)).exists()


@pytest.mark.django_db
def test_withdrawn_records_are_found_as_such():
    topics = [make_topic(**hidden) for hidden in HIDDEN]

    assert list(Topic.objects.withdrawn()) == [topics[3]]


@pytest.mark.django_db
def test_publishing_makes_a_record_public_at_once():
    topic = make_topic(**HIDDEN[0])

    with time_machine.travel(NOW, tick=False):
        topic.publish()

    topic.refresh_from_db()
    assert (topic.status, topic.published_at) == (Status.PUBLISHED, NOW)


@pytest.mark.django_db
def test_publishing_keeps_a_time_to_come():
    later = timezone.now() + timedelta(days=3)
    topic = make_topic(status=Status.REVIEW, published_at=later)

    topic.publish()

    topic.refresh_from_db()
    assert topic.published_at == later
    assert not topic.is_public


@pytest.mark.django_db
def test_publishing_refuses_a_record_that_breaks_a_rule():
    topic = make_topic(**HIDDEN[0])
    topic.name = ""

    with pytest.raises(ValidationError):
        topic.publish()

    assert not Topic.objects.published().exists()


@pytest.mark.django_db
def test_a_record_that_is_taken_back_is_a_draft():
    topic = make_topic()

    topic.take_back()

    topic.refresh_from_db()
    assert topic.status == Status.DRAFT
    assert not Topic.objects.published().exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.PUBLISHED, "published_at": None},
        {"status": Status.WITHDRAWN, "withdrawn_note": ""},
    ],
    ids=["published without a time", "withdrawn without a reason"],
)
def test_the_database_refuses_half_a_status(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_topic(**fields)


@pytest.mark.django_db
def test_an_editor_hears_why_a_withdrawal_is_refused():
    topic = make_topic()
    topic.status = Status.WITHDRAWN

    assert errors_of(topic) == {"__all__": ["Say why the record was withdrawn."]}


@pytest.mark.django_db
def test_an_editor_need_not_enter_the_time_of_publication():
    topic = Topic(name="Mediation", slug="mediation", status=Status.PUBLISHED)

    assert errors_of(topic) == {}
    assert topic.published_at is not None


@pytest.mark.django_db
def test_an_address_belongs_to_one_record():
    taken = make_topic()

    errors = errors_of(Topic(name="Another", slug=taken.slug))

    assert errors == {"slug": ["Another record already has this address."]}
