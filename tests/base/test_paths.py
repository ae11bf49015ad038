"""Addresses and words that are worked out once are those that Django works out each time."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, override

from events.models import Event, Statement
from tests.factories import make_event
from wpssite.base.paths import path_to


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("events:event_detail", [2023, "a-meeting"]),
        ("events:event_detail", [7001, "7002"]),
        ("network:member_detail", ["cote-d_ivoire-2"]),
        ("about", []),
    ],
)
def test_a_path_is_the_one_that_django_reverses(language, name, values):
    with override(language):
        assert path_to(name, *values) == reverse(name, args=values)


@pytest.mark.parametrize("slug", ["", "a b", "a/b", "é"])
def test_what_cannot_stand_in_an_address_is_refused(slug):
    with pytest.raises(NoReverseMatch):
        path_to("network:member_detail", slug)


@pytest.mark.django_db
def test_a_word_for_a_value_follows_the_language_and_what_is_no_value_is_itself():
    event, kinds = make_event(kind=Event.Kind.DIALOGUE), Event._meta.get_field("kind").flatchoices

    for language in ("en", "fr", "ar"):
        with override(language):
            assert event.get_kind_display() == str(dict(kinds)["dialogue"])
    assert Event(kind="unheard-of").get_kind_display() == "unheard-of"
    assert Statement(kind=None).get_kind_display() is None


def render(text: str, **context) -> str:
    return Template("{% load i18n static %}" + text).render(Context(context))


def test_a_constant_tag_follows_the_language_at_every_use():
    template = Template("{% load i18n %}{% translate 'Events' %} {% url 'events:event_list' %}")

    for language in ("en", "fr", "ar", "en"):
        with override(language):
            expected = f"{gettext('Events')} {reverse('events:event_list')}"
            assert template.render(Context()) == expected


def test_a_tag_with_a_variable_is_worked_out_each_time():
    template = Template("{% load i18n static %}{% translate word %}{% url name %}{% static file %}")

    for word, file in [("Events", "a.css"), ("Members", "b.css")]:
        found = template.render(Context({"word": word, "name": "about", "file": file}))
        assert found == f"{word}/about//static/{file}"


def test_a_constant_tag_can_fill_a_variable():
    assert render("{% url 'about' as a %}{% translate 'Events' as b %}[{{ b }} {{ a }}]") == (
        "[Events /about/]"
    )


def test_part_of_a_page_is_made_once_for_each_value_and_sees_nothing_else():
    template = Template("{% load i18n %}{% once name=name %}{{ name }}{{ other }}{% endonce %}")

    found = [template.render(Context({"name": n, "other": "?"})) for n in ("a", "b", "<a>", "a")]

    assert found == ["a", "b", "&lt;a&gt;", "a"]
