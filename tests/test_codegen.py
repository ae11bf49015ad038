"""Templates that are compiled the short way say what Jinja's own would say."""

import pytest
from django.utils.functional import lazystr
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, pass_context
from markupsafe import Markup, escape

from events.models import Event
from tests.factories import make_appearance, make_event
from wpssite.base.escaping import shown
from wpssite.jinja2 import environment

VALUES = st.text() | st.integers() | st.none() | st.floats() | st.text().map(Markup)
VALUES |= st.text().map(lazystr)


@given(VALUES)
def test_what_is_shown_is_escaped_as_anywhere(value):
    assert str(shown(value)) == str(escape(value))


MACROS = """
{% macro show(word="&", more="") %}
<i>{{ word }}{{ more }}{{ varargs }}{% if caller is defined %}{{ caller() }}{% endif %}</i>
{% endmacro %}
"""


@pass_context
def asks(context, word):
    return f"{context['name']} {word}"


@pytest.mark.parametrize(
    "text",
    [
        "{{ plain('a', more='b') }} {{ plain(*[1, 2]) }} {{ plain(**{'word': '<'}) }}",
        "{{ asks('a') }}{% for name in [1, 2] %}{{ asks(name) }}{% endfor %}",
        "{% for row in rows %}{{ row.title() }} {{ loop.cycle('<', '>') }}{% endfor %}",
        "{% macro show(word) %}<b>{{ word }}</b>{{ caller() }}{% endmacro %}"
        "{% call show('&') %}{{ plain('c') }}{% endcall %}",
        "{% from 'macros' import show, show as other %}{{ show('<') }}{{ show(more=other(name)) }}"
        "{% call other(1) %}{{ rows[0] }}{{ show('a', 'b') }}{% endcall %}",
        "{% set plain = name %}{{ plain }}{{ name.upper()|lower }}",
        "{% autoescape false %}{{ '<' }}{{ plain('>') }}{% endautoescape %}",
    ],
)
def test_calls_go_where_jinja_sends_them(text):
    functions = {"plain": lambda word="", *words, **more: f"<{word}{words}{more}>", "asks": asks}
    found = []
    for made in (environment(autoescape=True), Environment(autoescape=True)):
        made.loader = DictLoader({"macros": MACROS})
        made.globals |= functions
        found.append(made.from_string(text).render(name="N & Co", rows=["a <", "b"]))

    assert found[0] == found[1]


@pytest.mark.django_db
def test_rows_of_a_record_are_asked_for_where_they_were_not_loaded(django_assert_num_queries):
    event = make_event()
    make_appearance(event, role_printed="Minister")
    template = environment().from_string(
        "{% for row in event.appearances.all() %}{{ row.role_printed }}{% endfor %}"
    )

    for number, record in [
        (1, Event.objects.get()),
        (0, Event.objects.prefetch_related("appearances").get()),
    ]:
        with django_assert_num_queries(number):
            assert template.render(event=record) == "Minister"
