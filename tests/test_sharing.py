"""What a page says of itself to those who link to it: its one address, and its picture."""

import re
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    MAKERS,
    make_event,
    make_member,
    make_person,
    make_plan,
    make_statement,
)
from tests.world import make_side_event, make_world
from wpssite.base import cards
from wpssite.base.models import OldAddress
from wpssite.base.moments import zone_names
from wpssite.base.page_meta import common_zones
from wpssite.catalogue import KINDS
from wpssite.settings import PAGE_SIZE

KIND_IDS = [kind.name for kind in KINDS]
SITE = "http://127.0.0.1:8000"
META = re.compile(r'<meta (?:property|name)="((?:og|twitter|article):[^"]+)" content="([^"]*)">')


def canonical(response) -> list[str]:
    return [
        unescape(found) for found in re.findall(r'rel="canonical" href="([^"]+)"', response.text)
    ]


def meta(response) -> dict:
    return {name: unescape(value) for name, value in META.findall(response.text)}


# --- The one address of a page.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/", "/"),
        ("/?tz=Asia/Tokyo", "/"),
        ("/about/?utm_source=letter", "/about/"),
        (
            "/events/?utm_source=letter&kind=high-level-side-event",
            "/events/?kind=high-level-side-event",
        ),
        (
            "/events/?year=2023&kind=high-level-side-event",
            "/events/?kind=high-level-side-event&year=2023",
        ),
        ("/events/?year=&kind=&page=1", "/events/"),
        ("/statements/?language=en&tz=UTC", "/statements/?language=en"),
        ("/members/?on=2023-09-21&sort=since", "/members/?on=2023-09-21"),
        ("/members/?region=Asia&kind=state", "/members/?kind=state&region=Asia"),
        ("/action-plans/?all=yes", "/action-plans/?all=yes"),
        ("/chairs/?on=2023-09-21", "/chairs/"),
        ("/search/?q=peace", "/search/"),
    ],
)
def test_a_list_keeps_its_own_filters_in_its_address_and_nothing_else(client, asked, kept):
    assert canonical(client.get(asked)) == [SITE + kept]


@pytest.mark.django_db
def test_a_later_page_of_a_list_has_an_address_of_its_own(client):
    for _ in range(PAGE_SIZE + 1):
        make_event()

    assert canonical(client.get("/events/?page=2")) == [f"{SITE}/events/?page=2"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_a_record_has_one_address_whatever_is_asked_of_it(client, kind):
    record = MAKERS[kind.name]()

    answer = client.get(record.get_absolute_url() + "?tz=Asia/Tokyo&on=2023-09-21&x=1")

    assert canonical(answer) == [SITE + record.get_absolute_url()]
    assert f'<bdi dir="ltr">{SITE}{record.get_absolute_url()}</bdi>' in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/no/", "/events/?page=x", "/report/"])
def test_what_cannot_be_found_again_has_no_address_to_share(client, address):
    answer = client.get(address)

    assert canonical(answer) == []
    assert meta(answer) == {}
    assert '<meta name="robots" content="noindex">' in answer.text


# --- What a preview shows.


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_a_record_is_named_and_dated_for_previews(client, kind):
    record = MAKERS[kind.name]()
    answer = client.get(record.get_absolute_url())

    found = meta(answer)
    structured_name = kind.jsonld(record)["name"]
    assert found["og:title"] == structured_name == found["og:image:alt"]
    assert found["og:url"] == SITE + record.get_absolute_url()
    assert found["og:type"] == "article"
    assert found["og:locale"] == "en_GB"
    assert found["og:description"]
    assert found["article:modified_time"].startswith(f"{record.updated_at:%Y-%m-%dT%H:%M:%S}")
    assert found["og:image"] == f"{SITE}/share/{kind.name}/{record.slug}.png"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")


@pytest.mark.django_db
def test_a_list_is_named_by_its_title_and_shows_the_sites_picture(client):
    found = meta(client.get("/events/"))

    assert found["og:title"] == "Events · WPS Focal Points Network"
    assert found["og:type"] == "website"
    assert found["og:image"] == f"{SITE}/share/site.png"
    assert "article:modified_time" not in found


@pytest.mark.django_db
def test_a_title_is_escaped_once_wherever_it_stands(client):
    event = make_event(title='Women & men: "equal" <b>')

    text = client.get(event.get_absolute_url()).text

    assert text.count("Women &amp; men: &#34;equal&#34; &lt;b&gt;") >= 3
    assert "&amp;amp;" not in text


# --- The picture.


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_every_record_has_a_small_picture_for_one_query(client, kind, django_assert_num_queries):
    record = MAKERS[kind.name]()

    with django_assert_num_queries(1):
        answer = client.get(f"/share/{kind.name}/{record.slug}.png")

    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert len(answer.content) < 60_000
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_hidden_record_has_no_picture_even_for_the_desk(admin_client, kind, hidden):
    record = MAKERS[kind.name](**hidden)

    answer = admin_client.get(f"/share/{kind.name}/{record.slug}.png")

    assert answer.status_code == (410 if hidden.get("withdrawn_note") else 404)


@pytest.mark.django_db
def test_who_has_the_picture_is_told_so_until_its_words_change(client, monkeypatch):
    event = make_event(title="Before")
    first = client.get(f"/share/events/{event.slug}.png")
    known = {"HTTP_IF_NONE_MATCH": first["ETag"]}

    monkeypatch.setattr("wpssite.base.cards.card", lambda *lines: pytest.fail("drawn for nothing"))
    again = client.get(f"/share/events/{event.slug}.png", **known)
    monkeypatch.undo()
    event.title = "After"
    event.save()
    changed = client.get(f"/share/events/{event.slug}.png", **known)

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert changed.status_code == 200
    assert changed.content != first.content


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_the_picture_names_no_hidden_record_beside_its_own(client, monkeypatch, hidden):
    drawn = []
    monkeypatch.setattr("wpssite.base.cards.card", lambda *lines: drawn.append(lines) or b"")
    person = make_person(name="Secret Person", **hidden)
    statement = make_statement(title="A speech", person=person, printed_name="As printed")
    plan = make_plan(title="A plan", owner=make_member(name="Secret State", **hidden))

    client.get(f"/share/statements/{statement.slug}.png")
    client.get(f"/share/action-plans/{plan.slug}.png")

    site = "WPS Focal Points Network"
    assert drawn == [
        (site, "Statement", "A speech", "As printed · 21 September 2023"),
        (site, "Action plan", "A plan", ""),
    ]


@pytest.mark.django_db
def test_the_picture_of_an_old_address_is_found_at_the_present_one(client):
    event = make_event()
    OldAddress.objects.remember(event, "once")

    answer = client.get("/share/events/once.png")

    assert answer["Location"] == reverse("share", args=["events", event.slug])


@pytest.mark.django_db
def test_every_picture_that_a_page_names_is_there(client):
    world = make_world()
    pages = ["/", "/events/", "/about/", world.event.get_absolute_url()]

    for page in pages:
        address = meta(client.get(page))["og:image"].removeprefix(SITE)
        assert client.get(address).status_code == 200, page


LONG = "Mainstreaming women’s participation in peacebuilding and post-conflict reconstruction "


@pytest.mark.parametrize(
    "title",
    [
        LONG * 4,
        "Donaudampfschifffahrtsgesellschaftskapitänsfrauen" * 5,
        "上川陽子外務大臣の挨拶" * 20,
        "كلمة وزيرة الخارجية بشأن المرأة والسلام والأمن " * 5,
        "\U00010380\U00010381",
        "",
        "   ",
    ],
    ids=["long", "one word", "Japanese", "Arabic", "a script no font has", "none", "spaces"],
)
def test_any_title_makes_a_small_picture(title):
    picture = cards.card("The site", "Event", title, "21 September 2023")

    assert Image.open(BytesIO(picture)).size == cards.SIZE
    assert len(picture) < 60_000


def test_a_title_is_broken_into_lines_that_fit():
    font = cards.font("", 60)

    lines = cards.wrapped(LONG + "x" * 200, font)

    assert "".join("".join(lines).split()) == "".join((LONG + "x" * 200).split())
    assert all(font.getlength(line) <= cards.WIDTH - 2 * cards.EDGE for line in lines)


def test_a_title_that_no_font_can_write_gives_way_to_the_name_of_the_site(monkeypatch):
    monkeypatch.setattr(cards, "FONTS", [""])  # A machine without fonts.
    cards.card.cache_clear()

    assert cards.font_for("A title", 40) is not None
    assert cards.font_for("Luminița", 40) is None
    assert cards.card("The site", "", "Luminița", "") == cards.card("The site", "", "The site", "")
    cards.card.cache_clear()


def test_arabic_is_left_out_where_it_cannot_be_shaped(monkeypatch):
    monkeypatch.setattr(cards.features, "check", lambda name: False)

    assert cards.font_for("المرأة", 40) is None


# --- The zones that a reader is offered.


@pytest.mark.django_db
def test_the_zones_that_are_offered_exist_and_stand_once_in_the_page(client):
    offered = common_zones()

    assert set(offered) <= zone_names()
    assert 50 <= len(offered) == len(set(offered)) <= 75
    text = client.get(make_side_event().get_absolute_url()).text
    assert text.count('<datalist id="zones">') == text.count('list="zones"') == 1
    assert "<datalist" not in client.get("/members/").text
