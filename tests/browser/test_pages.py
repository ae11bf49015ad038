"""Every page in a real browser: nothing fails, nothing sticks out, nobody else is asked."""

import pytest
from django.urls import reverse

from tests.factories import make_editor
from tests.world import make_side_event, make_world
from wpssite.catalogue import KINDS

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [360, 768, 1280]
DETAILS = ["event", "statement", "member", "person", "plan", "resolution", "topic", "document"]
LONG = "Mainstreaming women’s participation in peacebuilding and post-conflict reconstruction "


def addresses():
    """Fill the live database and return the address of a page of each kind."""
    world = make_world(3)
    world.event.title = LONG * 2 + "Donaudampfschifffahrtsgesellschaftskapitänsfrauen"
    world.event.save()
    world.member.summary = "https://very-long-address.example/" + "a" * 120
    world.member.save()
    lists = [reverse(kind.list_view) for kind in KINDS]
    records = [getattr(world, name).get_absolute_url() for name in DETAILS]
    return ["/", "/about/", "/chairs/", *lists, *records, "/events/2023/"]


def width_of(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def test_every_page_fits_at_every_width_and_reports_no_problem(open_page):
    for address in addresses():
        page = open_page(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_load_state("networkidle")

            assert width_of(page) <= width, f"{address} at {width} px"
        assert page.problems == [], address
        assert page.locator("h1").count() == 1, address


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_dark_where_the_reader_wants_it(open_page, width):
    page = open_page(make_side_event().get_absolute_url(), width=width, color_scheme="dark")

    ink, paper = page.evaluate(
        "(() => { const style = getComputedStyle(document.body);"
        " return [style.color, style.backgroundColor]; })()"
    )

    assert page.problems == []
    assert lightness(ink) > lightness(paper)
    assert width_of(page) <= width


def lightness(colour: str) -> float:
    """Return the sum of red, green and blue in a computed colour."""
    return sum(float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3])


@pytest.mark.parametrize("width", WIDTHS)
def test_an_event_shows_both_times_without_scripting(open_page, width):
    page = open_page(make_side_event().get_absolute_url(), width=width, javascript=False)

    assert page.get_by_text("11:10", exact=True).is_visible()
    assert page.get_by_text("00:10", exact=True).is_visible()
    assert page.get_by_text("Friday 22 September 2023").is_visible()
    assert page.get_by_text("Your time", exact=True).is_hidden()
    assert page.problems == []


def test_an_event_shows_the_reader_s_own_time_beside_the_others(open_page):
    page = open_page(make_side_event().get_absolute_url())

    own = page.locator("[data-reader]")

    assert own.is_visible()
    assert "15:10" in own.inner_text()  # The browser's clock here is UTC.


@pytest.mark.parametrize("address", ["/no-such-page/", "/events/?page=x"])
@pytest.mark.parametrize("width", WIDTHS)
def test_an_error_page_fits_and_asks_for_nothing_more(open_page, address, width):
    page = open_page(address, width=width)

    refusals = [problem for problem in page.problems if address not in problem]
    assert [problem for problem in refusals if "Failed to load resource" not in problem] == []
    assert width_of(page) <= width


def test_the_menu_opens_on_a_small_screen_from_the_keyboard(open_page):
    page = open_page("/", width=360)
    link = page.locator("#menu").get_by_text("Statements")
    hidden_at_first = link.is_hidden()

    page.get_by_role("button", name="Menu").press("Enter")

    assert hidden_at_first
    assert link.is_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_desk_s_door_reports_no_problem(open_page, width):
    page = open_page("/desk/", width=width)

    page.wait_for_load_state("networkidle")

    assert page.url.endswith("/desk/login/?next=/desk/")
    assert page.problems == []


@pytest.mark.parametrize(
    "form", ["admin:index", "admin:events_event_add", "admin:events_statement_add"]
)
def test_the_forms_of_the_desk_report_no_problem(open_page, live_server, client, settings, form):
    client.force_login(make_editor())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page = open_page("/about/")
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )

    page.goto(live_server.url + reverse(form))
    page.wait_for_load_state("networkidle")

    assert page.url.endswith(reverse(form))
    assert page.problems == []
