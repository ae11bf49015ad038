"""Every page in a real browser: nothing fails, nothing sticks out, nobody else is asked."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import make_editor, make_event, make_source, make_statement, make_text
from tests.world import make_side_event, make_world
from wpssite.base.models import Report
from wpssite.catalogue import KINDS

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [360, 768, 1280]
DETAILS = ["event", "statement", "member", "person", "plan", "resolution", "topic", "document"]
PLACES = """words => {
  const element = document.querySelector(words), letters = document.createRange();
  letters.selectNodeContents(element);
  return [element, letters].map(part => part.getBoundingClientRect().toJSON());
}"""
PARTS = """([words, size]) => {
  const text = document.querySelector(words).firstChild, letters = document.createRange();
  return [[0, size], [size + 1, text.length]].map(([start, end]) => {
    letters.setStart(text, start);
    letters.setEnd(text, end);
    return letters.getBoundingClientRect().toJSON();
  });
}"""
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


@pytest.mark.parametrize(("language", "side"), [("/ar", "right"), ("/fr", "left")])
def test_words_of_the_record_stand_where_the_lines_of_the_page_begin(open_page, language, side):
    event = make_event(title="A meeting", summary="It ended well.")
    make_statement(event=event, title="Words")
    shown = [
        (event.get_absolute_url(), ["h1", ".standfirst"]),
        ("/events/", [".event h3"]),
        ("/statements/", [".quote blockquote p"]),
        ("/search/?q=meeting", [".results h2", ".results p:not(.kicker)"]),
    ]
    for address, places in shown:
        page = open_page(language + address)
        for words in places:
            line, letters = page.evaluate(PLACES, words)

            assert letters["width"] < line["width"] / 2, words
            assert abs(letters[side] - line[side]) < 1, words


def test_the_number_of_a_day_stays_with_its_month_after_words_in_another_script(open_page):
    make_statement(event=make_event(title="A meeting"), date=date(2025, 10, 17))
    page = open_page("/ar/statements/")

    day, month = page.evaluate(PARTS, [".quote .meta time", 2])

    assert abs(day["left"] - month["right"]) < 10


def test_on_paper_an_address_follows_a_title_and_does_not_repeat_itself(open_page):
    sources = [make_source(title="Report"), make_source(title="")]
    page = open_page(make_event(sources=sources).get_absolute_url())
    page.emulate_media(media="print")

    links = page.locator(".sources a")
    titled, bare = links.evaluate_all(
        "links => links.map(a => getComputedStyle(a, '::after').content)"
    )

    assert sources[0].url in titled
    assert bare == "none"
    assert page.get_by_text("Add to calendar").is_hidden()


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


def test_the_zone_a_reader_chose_is_remembered_for_the_next_event(open_page):
    first, second = make_side_event(), make_side_event()
    page = open_page(first.get_absolute_url())
    page.get_by_label("Your time zone").fill("Asia/Kathmandu")
    with page.expect_navigation():  # The script of the next page remembers the zone.
        page.get_by_role("button", name="Show").click()

    page.goto(page.url.partition("/events/")[0] + second.get_absolute_url())
    own = page.locator("[data-reader]")
    told = own.inner_text()
    box = page.get_by_label("Your time zone").input_value()
    page.goto(page.url + "?tz=")  # An empty box: forget it.
    page.goto(page.url.partition("?")[0])

    assert "20:55" in told
    assert "Kathmandu" in told
    assert box == ""  # Nothing is filled in or sent by itself.
    assert "15:10" in own.inner_text()
    assert page.problems == []


def test_a_zone_that_the_browser_does_not_know_does_no_harm(open_page):
    page = open_page(make_side_event().get_absolute_url())
    page.evaluate("localStorage.setItem('zone', 'Mars/Olympus')")

    page.reload()

    assert "15:10" in page.locator("[data-reader]").inner_text()
    assert page.problems == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_two_texts_the_form_and_the_style_page_fit(open_page, width, scheme):
    statement = make_statement()
    make_text(statement, body=f"<p>{LONG}</p>")
    make_text(statement, body=f"<p>{LONG}{LONG}</p>")
    beside = f"{statement.get_absolute_url()}?text=1&beside=2"

    for address in [beside, "/about/style/", "/report/?page=/events/", "/report/thanks/"]:
        page = open_page(address, width=width, color_scheme=scheme)

        assert page.problems == [], address
        assert width_of(page) <= width, address
        assert page.locator("h1").count() == 1, address


def test_a_report_is_sent_without_scripting(open_page):
    page = open_page(make_side_event().get_absolute_url(), javascript=False)
    page.get_by_text("Report an error on this page").click()
    page.get_by_label("What is wrong").fill("The room is wrong.")
    page.wait_for_timeout(3100)  # Nobody types quicker.
    with page.expect_navigation():
        page.get_by_role("button", name="Send the report").click()

    assert page.get_by_role("heading", name="Thank you").is_visible()
    assert Report.objects.get().page.startswith("/events/2023/")
    assert page.problems == []


@pytest.mark.parametrize("address", ["/no-such-page/", "/events/?page=x"])
@pytest.mark.parametrize("width", WIDTHS)
def test_an_error_page_fits_and_asks_for_nothing_more(open_page, address, width):
    page = open_page(address, width=width)

    refusals = [problem for problem in page.problems if address not in problem]
    assert [problem for problem in refusals if "Failed to load resource" not in problem] == []
    assert width_of(page) <= width


def test_the_form_of_a_missing_page_stands_apart_from_the_sections(open_page):
    page = open_page("/no-such-page/")
    form, sections = (
        page.locator(f"main {part}").bounding_box() for part in ("form.search", "ul.rows")
    )

    assert sections["y"] - (form["y"] + form["height"]) > 8


def test_the_menu_opens_on_a_small_screen_from_the_keyboard(open_page):
    page = open_page("/", width=360)
    link = page.locator("#menu").get_by_text("Statements")
    hidden_at_first = link.is_hidden()

    page.get_by_role("button", name="Menu").press("Enter")
    link.wait_for()

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
