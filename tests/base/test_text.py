"""Text: levelled for finding and sorting, clean whichever way it came in."""

import json
import unicodedata

import pytest
from django.core import serializers
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event
from network.models import Organisation
from tests.factories import event_fields, make_event, make_organisation
from wpssite.base.text import clean_html, fold

HOSTILE = (
    "<h3>Aims</h3><p onclick=go()>Peace <strong>now</strong></p><script>steal()</script>"
    '<img src=x onerror=steal()><a href="javascript:steal()">one</a>'
    '<a href="https://example.org/" target="_blank" style="color:red">two</a>'
)
CLEAN = (
    "<h3>Aims</h3><p>Peace <strong>now</strong></p>"
    '<a rel="noopener">one</a><a href="https://example.org/" rel="noopener">two</a>'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Côte d'Ivoire", "cote d ivoire"),
        ("Côte d’Ivoire", "cote d ivoire"),
        ("Türkiye", "turkiye"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "diyarbakir"),
        ("Straße", "strasse"),
        ("œuvre", "oeuvre"),
        ("Luminița", "luminita"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("Þórdís", "thordis"),
        ("المرأة", "المراه"),
        ("المراه", "المراه"),
        ("上川 陽子", "上川 陽子"),
        ("ＷＰＳ", "wps"),
        ("Guinea-Bissau", "guinea bissau"),
        ("S/RES/1325 (2000)", "s res 1325 2000"),
        ("  — ", ""),
        ("", ""),
    ],
)
def test_text_is_levelled(text, expected):
    assert fold(text) == expected


def test_japanese_voiced_letters_and_korean_are_found_however_they_were_typed():
    for text in ["がぎぐ", "평화"]:
        assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(st.text())
def test_what_is_levelled_is_level(text):
    once = fold(text)

    assert fold(once) == once


@given(st.text())
def test_how_a_letter_was_typed_makes_no_difference(text):
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}

    assert forms == {fold(text)}


@pytest.mark.django_db
def test_names_are_sorted_letter_by_letter_on_every_database():
    names = ["Åland", "Albania", "Côte d'Ivoire", "Costa Rica", "Cote", "Œta", "Oman", "Östland"]
    names += ["Türkiye", "Turkmenistan", "Tuvalu", "日本", "المرأة", "Guinea", "Guinea-Bissau"]
    for name in reversed(names):
        make_organisation(name=name)

    found = list(Organisation.objects.order_by("sort_name").values_list("name", flat=True))

    assert found == sorted(names, key=fold)
    assert found[:4] == ["Åland", "Albania", "Costa Rica", "Cote"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (HOSTILE, CLEAN),
        ("", ""),
        (None, ""),
        ("<p>2 < 3 & 4</p>", "<p>2 &lt; 3 &amp; 4</p>"),
        ("<svg><style><img src=x onerror=go()>", ""),
        ('<a href="data:text/html,x">x</a>', '<a rel="noopener">x</a>'),
        ("<h1>Large</h1>", "Large"),
    ],
)
def test_only_what_an_editor_can_make_is_left(html, expected):
    assert clean_html(html) == expected


@pytest.mark.django_db
def test_a_saved_text_is_clean():
    event = make_event(description=HOSTILE)

    event.refresh_from_db()
    assert event.description == CLEAN


@pytest.mark.django_db
def test_a_text_saved_in_bulk_is_clean():
    event = Event(**event_fields(description=HOSTILE))
    event.derive()

    Event.objects.bulk_create([event])

    assert Event.objects.get().description == CLEAN


@pytest.mark.django_db
def test_a_text_changed_by_an_update_is_clean():
    make_event()

    Event.objects.update(description=HOSTILE)

    assert Event.objects.get().description == CLEAN


@pytest.mark.django_db
def test_texts_changed_in_bulk_are_clean():
    events = [make_event(), make_event()]
    for event in events:
        event.description = HOSTILE

    Event.objects.bulk_update(events, ["description"])

    assert set(Event.objects.values_list("description", flat=True)) == {CLEAN}


@pytest.mark.django_db
def test_a_text_loaded_from_a_fixture_is_clean(tmp_path):
    rows = json.loads(serializers.serialize("json", [make_event()], use_natural_primary_keys=True))
    rows[0]["fields"]["description"] = HOSTILE
    fixture = tmp_path / "events.json"
    fixture.write_text(json.dumps(rows))

    call_command("loaddata", str(fixture), verbosity=0)

    assert Event.objects.get().description == CLEAN
