"""Addresses and words that are worked out once are those that Django works out each time."""

import pytest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, override
from jinja2 import DictLoader, UndefinedError

from events.models import Event, Statement
from tests.factories import make_event
from wpssite.base.fragments import own
from wpssite.base.language import in_language
from wpssite.base.paths import path_to
from wpssite.jinja2 import CONSTANT, environment


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


@pytest.fixture
def page():
    return environment(autoescape=True, loader=DictLoader({}))


def test_a_constant_follows_the_language_of_the_environment(page):
    text = "{{ _('Events') }} {{ url('events:event_list') }} {{ show(_('Members')) }}{{ own() }}"

    for language in ("en", "fr", "ar"):
        with in_language(language):
            found = page.overlay().from_string(text).render(show=lambda word: f"<{word}>")
            expected = f"{gettext('Events')} {reverse('events:event_list')} "
            expected += f"&lt;{gettext('Members')}&gt;{own()}"
            assert found == expected


def test_each_language_has_its_own_templates():
    for language in ("en", "fr", "ar", "en"):
        with in_language(language):
            assert f"<h2>{gettext('Names and borders')}</h2>" in (
                render_to_string("includes/_site_footer.html")
            )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ _(word) }}", "Events"),
        ("{{ url(name) }}", "/about/"),
        ("{{ url('page', slug) }}", "/about/privacy/"),
        ("{{ static(file) }}", "/static/a.css"),
        ("{{ other.url('about') }}", "other about"),
        ("{{ url('about') ~ '?a=1' }}", "/about/?a=1"),
        ("{{ url('about')|upper }}", "/ABOUT/"),
        ("{% if url('about') == '/about/' %}same{% endif %}", "same"),
        ("{{ [url('about'), _('Events')]|join(' ') }}", "/about/ Events"),
    ],
)
def test_a_call_is_worked_out_wherever_it_stands(page, text, found):
    class Other:
        def url(self, name):
            return f"other {name}"

    values = {"word": "Events", "name": "about", "slug": "privacy", "file": "a.css"}
    assert page.from_string(text).render(values, other=Other()) == found


def test_a_constant_with_markup_is_escaped_like_any_text(page, monkeypatch):
    monkeypatch.setitem(CONSTANT, "_", lambda text: f"<b>{text} & co</b>")
    page.globals["_"] = CONSTANT["_"]

    for text in ("{{ _('a') }}", "{{ _(word) }}", "{{ _('a')|string }}"):
        assert page.from_string(text).render(word="a") == "&lt;b&gt;a &amp; co&lt;/b&gt;"


def test_a_missing_name_is_an_error_in_tests_and_a_gap_in_public(settings):
    template = "[{{ record.nothing.at_all }}]"
    with pytest.raises(UndefinedError):
        environment(autoescape=True).from_string(template).render(record=1)

    settings.STRICT_TEMPLATES = False
    assert environment(autoescape=True).from_string(template).render(record=1) == "[]"
