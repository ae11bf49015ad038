"""The site in several languages: the address decides, the record keeps its own words."""

import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from network.regions import KNOWN
from tests.factories import (
    HIDDEN,
    make_context,
    make_event,
    make_member,
    make_plan,
    make_point,
    make_source,
    make_state,
    make_statement,
    make_topic,
    public,
)
from tests.world import make_speech
from tests.world import words as text_of
from wpssite.base.models import Page

pytestmark = pytest.mark.django_db

LISTS = ["", "events/", "statements/", "members/", "people/", "chairs/", "action-plans/",
         "resolutions/", "topics/", "documents/", "about/", "search/?q=peace"]  # fmt: skip
OTHERS = [("fr", "ltr"), ("ar", "rtl")]


def page(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(("language", "direction"), OTHERS)
def test_every_list_answers_in_each_language(client, language, direction, path):
    html = page(client, f"/{language}/{path}")

    assert f'<html lang="{language}" dir="{direction}">' in html


def test_the_menu_stays_in_the_language_of_the_page(client):
    html = page(client, "/fr/")

    menu = html[html.index('id="menu"') : html.index("</header>")]
    links = re.findall(r'href="(/[^"]*)"', menu.replace('href="/fr/"', ""))
    assert 'href="/fr/events/"' in menu
    assert {link for link in links if not link.startswith("/fr/")} == {"/", "/ar/"}


def test_the_address_alone_decides_the_language(client):
    response = client.get("/", headers={"accept-language": "ar"})

    assert response["Content-Language"] == "en"
    assert "Accept-Language" not in response.get("Vary", "")
    assert client.get("/fr/")["Content-Language"] == "fr"


@pytest.mark.parametrize("address", ["/en/", "/de/", "/fr/desk/", "/fr/healthz"])
def test_there_is_no_second_address_for_what_has_one(client, address):
    assert client.get(address).status_code == 404


def test_a_page_names_itself_in_every_language(client):
    event = make_event(starts_on=date(2023, 9, 21))
    path = event.get_absolute_url()

    html = page(client, f"/ar{path}?tz=Asia/Tokyo")

    found = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', html)
    assert dict(found) == {
        "en": settings.SITE_URL + path,
        "x-default": settings.SITE_URL + path,
        "fr": f"{settings.SITE_URL}/fr{path}",
        "ar": f"{settings.SITE_URL}/ar{path}",
    }
    assert f'<link rel="canonical" href="{settings.SITE_URL}/ar{path}">' in html


def test_dates_and_countries_are_in_the_language_of_the_page(client):
    germany = make_member(name="Germany", iso_alpha2="DE")
    make_event(title="A meeting", starts_on=date(2023, 9, 21), country=germany)

    assert "Allemagne" in page(client, "/fr/members/")
    assert "ألمانيا" in page(client, "/ar/members/")
    assert "septembre 2023" in page(client, "/fr/events/")
    assert "سبتمبر 2023" in page(client, "/ar/events/")


@pytest.mark.parametrize(
    ("language", "region", "subregion"),
    [("fr", "Asie", "Asie orientale"), ("ar", "آسيا", "شرق آسيا")],
)
def test_regions_are_in_the_language_of_the_page(client, language, region, subregion):
    japan = make_member(name="Japan", region="Asia", subregion="Eastern Asia")

    members = page(client, f"/{language}/members/?region=Asia")
    plans = page(client, f"/{language}/action-plans/")

    assert f'<option value="Asia" selected>{region}</option>' in members
    assert f'<option value="Asia">{region}</option>' in plans
    assert f"<td>{subregion}</td>" in members
    assert f" · {subregion}</p>" in page(client, f"/{language}{japan.get_absolute_url()}")


def test_a_region_of_another_name_is_shown_as_it_is(client):
    make_member(subregion="Over the hills")

    assert "<td>Over the hills</td>" in page(client, "/fr/members/")


def test_every_region_of_the_reference_data_has_a_name():
    rows = json.loads((settings.BASE_DIR / "fixtures" / "reference.json").read_text())
    fields = [row["fields"] for row in rows if row["model"] == "network.organisation"]

    regions = {row[name] for row in fields for name in ("region", "subregion")} - {""}

    assert {"Africa", "Eastern Asia"} <= regions <= KNOWN


def test_members_stand_in_the_order_of_the_names_shown(client):
    for name, code in [("Germany", "DE"), ("Spain", "ES"), ("Zambia", "ZM"), ("Egypt", "EG")]:
        make_member(name=name, iso_alpha2=code)

    html = page(client, "/fr/members/")

    rows = html[html.index("<tbody>") :]
    names = ["Allemagne", "Égypte", "Espagne", "Zambie"]
    assert sorted(names, key=rows.index) == names


def test_the_united_nations_names_win_over_the_usual_ones():
    with translation.override("fr"):
        assert str(make_state(name="State of Palestine", iso_alpha2="PS")) == "État de Palestine"
    with translation.override("en"):
        assert str(make_state(name="Türkiye", iso_alpha2="TR")) == "Türkiye"


def test_arabic_has_its_plural_forms():
    with translation.override("ar"):
        one, two, few, many = (
            ngettext("%(number)s event", "%(number)s events", number) for number in (1, 2, 5, 11)
        )

    assert len({one, two, few}) == 3
    assert "event" not in one + two + few + many


def test_words_of_the_record_keep_their_language_and_direction(client):
    event = make_event(title="A meeting", summary="It ended well.")

    html = page(client, f"/ar{event.get_absolute_url()}")

    assert 'lang="en" dir="auto">It ended well.' in html
    assert 'lang="en"' not in page(client, event.get_absolute_url()).split("<main")[1]


def test_points_and_roles_keep_their_direction_and_their_number_stays_outside(client):
    event = make_event()
    statement = make_statement(event=event, role_printed="Minister")
    make_point(statement, text="It ends here.")

    statement_page = page(client, f"/ar{statement.get_absolute_url()}")
    event_page = page(client, f"/ar{event.get_absolute_url()}")

    assert '1</a> <span lang="en" dir="auto">It ends here.</span></p>' in statement_page
    assert '</a>، <span class="role" lang="en" dir="auto">Minister</span></h3>' in event_page


def test_pages_that_editors_write_keep_their_language_and_direction(client):
    words = {"title": "Privacy", "standfirst": "In short.", "body": "<p>No logs.</p>"}
    Page.objects.create(**public("page") | words | {"slug": "privacy"})

    html = page(client, "/ar/about/privacy/")

    assert '<h1 lang="en" dir="auto">Privacy</h1>' in html
    assert '<p class="standfirst" lang="en" dir="auto">In short.' in html
    assert '<div class="flow" lang="en" dir="auto"><p>No logs.' in html


def test_the_reasons_that_editors_give_keep_their_language_and_direction(client):
    event = make_event(event_status="cancelled")
    event.status_changes.create(
        changed_on=date(2023, 9, 1), event_status="cancelled", reason="A storm."
    )
    gone = make_event(**HIDDEN[-1] | {"withdrawn_note": "It was a copy."})

    assert 'lang="en" dir="auto">A storm.</span>' in page(client, f"/ar{event.get_absolute_url()}")
    answer = client.get(f"/ar{gone.get_absolute_url()}")
    assert answer.status_code == 410
    assert 'lang="en" dir="auto">It was a copy.</span>' in answer.text


@pytest.mark.parametrize(
    ("language", "background", "confidence"),
    [
        ("fr", "Allemagne\xa0: <a", "Fiabilité élevée\xa0: lu dans une bonne source."),
        ("ar", "ألمانيا: <a", "درجة الوثوق عالية: مستقاة من مصدر جيد."),
    ],
)
def test_marks_between_two_parts_are_those_of_the_page(client, language, background, confidence):
    event = make_event(confidence="high", people_present=80, states_present=20)
    plan = make_plan(owner=make_state(name="Germany", iso_alpha2="DE"))
    make_context(event, kind="plan", plan=plan, text="")

    html = page(client, f"/{language}{event.get_absolute_url()}")

    assert background in html.replace("</a>", "")
    assert confidence in html
    assert {"fr": "\xa0; 20", "ar": "؛ 20"}[language] in html


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "au nom de: Japon"), ("ar", "باسم اليابان")]
)
def test_for_whom_somebody_spoke_is_said_as_the_language_says_it(client, language, words):
    japan = make_state(name="Japan", iso_alpha2="JP")
    event = make_event()
    make_speech(event, organisation=japan)

    for address in [event.get_absolute_url(), "/statements/"]:
        assert words in text_of(client.get(f"/{language}{address}"))


def test_no_template_has_a_mark_of_its_own_between_two_parts():
    found = {}
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = re.sub(r"{% trans.*?{% endtrans %}", "{}", file.read_text(), flags=re.DOTALL)
        if "desk" not in file.parts:
            found[file.name] = re.findall(r"(?:[}]|</\w+>)[,;:] (?={)", text)

    assert not {name: marks for name, marks in found.items() if marks}


def test_names_of_the_style_sheet_read_from_the_left(client):
    html = page(client, "/ar/about/style/")

    assert '<code dir="ltr">--paper</code>' in html
    assert '<small dir="ltr">_when.html, .facts</small>' in html
    assert re.search(r'dir="ltr">\s*<div class="flow"><p class="kicker">\.kicker', html)


def test_an_address_that_stands_for_itself_reads_from_the_left(client):
    named, bare = make_source(title="Report"), make_source(title="")
    event = make_event(sources=[named, bare])

    html = page(client, f"/ar{event.get_absolute_url()}")

    assert f'<a href="{named.url}" rel="external">Report</a>' in html
    assert f'<a href="{bare.url}" rel="external" class="address" dir="ltr">{bare.url}</a>' in html


def test_a_topic_answers_in_each_language_with_its_feed(client):
    topic = make_topic()

    html = page(client, f"/fr{topic.get_absolute_url()}")

    assert f"/fr{topic.get_absolute_url()}feed/" in html
    assert client.get(f"/fr{topic.get_absolute_url()}feed/").status_code == 200
