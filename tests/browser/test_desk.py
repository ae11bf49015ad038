"""The desk's forms in a real browser: all of them can be reached, typing begins in a box."""

import pytest
from django.urls import reverse

from tests.factories import make_editor

pytestmark = pytest.mark.django_db(transaction=True)

ADD_EVENT = "admin:events_event_add"
STICKING_OUT = """links => links.filter(link => link.offsetParent)
  .filter(link => link.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map(link => link.id)"""
ROWS_REACHED = """rows => {
  rows.scrollLeft = rows.scrollWidth;
  return [...rows.querySelectorAll("td:last-child")].filter(cell => cell.offsetParent)
    .every(cell => cell.getBoundingClientRect().right <= rows.getBoundingClientRect().right + 1);
}"""


@pytest.fixture
def open_desk(open_page, live_server, client, settings):
    """Open a page of the desk, signed in; a query may follow the name of its address."""

    def open_signed_in(name, query="", width=1280):
        client.force_login(make_editor())
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page = open_page("/about/", width=width)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page.goto(live_server.url + reverse(name) + query)
        page.wait_for_load_state("networkidle")
        return page

    return open_signed_in


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_what_stands_beside_a_box_is_within_the_window(open_desk, width):
    page = open_desk(ADD_EVENT, width=width)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")

    beside = page.locator(".form-multiline .related-widget-wrapper-link")

    assert beside.count() > 10
    assert beside.evaluate_all(STICKING_OUT) == []


def test_rows_wider_than_a_small_window_are_scrolled(open_desk):
    page = open_desk(ADD_EVENT, width=360)

    assert page.locator("#participations-group").evaluate(ROWS_REACHED)
    assert page.locator("#id_participations-0-printed_as").bounding_box()["width"] > 100


@pytest.mark.parametrize(
    ("name", "query", "box"),
    [
        (ADD_EVENT, "", "title"),
        (ADD_EVENT, "?title=Round+table", "title"),
        ("admin:events_statement_add", "", "title"),
        ("admin:network_organisation_add", "?_popup=1", "name"),
        ("admin:network_source_add", "?_popup=1", "url"),
        ("admin:network_actionplan_add", "?_popup=1", "owner"),
    ],
)
def test_typing_begins_in_the_first_box(open_desk, name, query, box):
    page = open_desk(name, query)
    here = page.evaluate_handle("document.activeElement")

    row = here.evaluate("here => here.closest('.form-row')?.className")

    assert f"field-{box}" in (row or "")
    assert not here.evaluate("here => here.matches('[type=submit]')")
    assert page.problems == []


def test_sentence_stands_above_the_box_it_is_about(open_desk):
    page = open_desk(ADD_EVENT)
    page.get_by_label("Title:", exact=True).fill("Round table")
    page.locator("#event_form").evaluate("form => form.noValidate = true")
    page.locator("summary").first.click()
    page.locator("#id_ends_time").fill("noon")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).first.click()

    box = page.locator("#id_ends_time").bounding_box()
    sentence = page.get_by_text("Enter a valid time.").bounding_box()

    assert abs(sentence["x"] - box["x"]) < 4
    assert sentence["y"] < box["y"]
