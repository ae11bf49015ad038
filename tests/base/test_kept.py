"""What is kept in this process for an edition, and what is not."""

from datetime import date

import pytest
from django.db import transaction

from events.lists import Counts, event_listing, event_options
from events.models import Event
from tests.factories import HIDDEN, make_event
from wpssite.base import linked
from wpssite.base.edition import edition_now
from wpssite.base.kept import Kept, kept, kept_values
from wpssite.base.linked import Cards, in_order


@pytest.fixture(autouse=True)
def forget():
    """Leave nothing of a test for the next one."""
    yield
    kept_values["default"].get(None, None, str)


@pytest.mark.django_db(transaction=True)
def test_a_value_is_kept_until_a_change():
    made = []

    def make():
        made.append(Event.objects.count())
        return made[-1]

    assert [kept("events", make), kept("events", make)] == [0, 0]
    make_event()
    assert [kept("events", make), kept("events", make), kept(("events", "fr"), make)] == [1, 1, 1]
    assert len(made) == 3
    with transaction.atomic():
        assert kept("events", lambda: "mine") == "mine"
    assert kept("events", make) == 1


@pytest.mark.django_db(transaction=True)
def test_what_follows_something_of_an_edition_before_is_not_kept():
    before = edition_now()
    make_event()

    assert kept("events", lambda: "old", before) == "old"
    assert kept("events", lambda: "new", edition_now()) == "new"
    assert kept("events", lambda: "newer", edition_now()) == "new"


@pytest.mark.django_db(transaction=True)
def test_what_follows_from_counts_of_an_edition_before_is_not_kept():
    asked = {"year": None, "kind": "", "host": "", "topic": "", "network": ""}
    make_event(starts_on=date(2021, 5, 1))
    before = Counts(Event)
    make_event(starts_on=date(2023, 5, 1))

    for counts, years in [(before, ["2021"]), (Counts(Event), ["2023", "2021"])]:
        assert event_listing(asked, counts).count == len(years)
        assert [value for value, _label in event_options(counts)["year"]] == years


@pytest.mark.django_db(transaction=True)
def test_records_of_lists_stay_at_hand_until_a_change(monkeypatch):
    monkeypatch.setattr(linked, "AT_HAND", 2)
    cards = Cards(lambda: Event.objects.published().for_cards())
    first, second, hidden = make_event(), make_event(), make_event(**HIDDEN[0])
    keys = [first.pk, second.pk, hidden.pk]

    found = in_order(cards, keys)
    assert found == [first, second]
    again = in_order(cards, [second.pk, first.pk])
    assert again[0] is found[1]
    assert again[1] is found[0]

    Event.objects.filter(pk=first.pk).update(title="Renamed")
    assert [event.title for event in in_order(cards, keys)] == ["Renamed", second.title]

    third = make_event()
    in_order(cards, [first.pk, second.pk, third.pk])
    assert len(kept(cards, dict)) == 2
    with transaction.atomic():
        assert in_order(cards, keys)[0] is not in_order(cards, keys)[0]


def test_two_threads_that_put_something_at_hand_leave_no_more_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(linked, "AT_HAND", 2)

    class Shared(dict):
        disturbed = 0

        def __iter__(self):
            if self.disturbed < 2:
                self.disturbed += 1
                raise RuntimeError("dictionary changed size during iteration")
            return super().__iter__()

    shelf = Shared({1: "a", 2: "b", 3: "c"})
    linked.put(shelf, 4, "d")

    assert list(shelf) == [3, 4]


def test_the_values_least_lately_used_go_first():
    values = Kept(most=2)
    for name in "abac":
        values.get(1, name, lambda name=name: name)
    assert set(values.values) == {"a", "c"}


def test_a_value_made_while_the_edition_ended_is_not_kept():
    values = Kept(most=2)

    def make():
        values.get(2, "other", str)
        return "old"

    assert values.get(1, "name", make) == "old"
    assert values.get(2, "name", lambda: "new") == "new"
