"""Pages hold together where they are seldom looked at: right to left, enlarged, on paper."""

import pytest

PAGES = ["home", "events:event_detail", "network:member_detail", "network:member_list"]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What sticks out on the side where reading begins is not in scrollWidth.
OUTSIDE = """
[...document.querySelectorAll("main *, header *, footer *")]
  .filter((one) => one.checkVisibility() && !one.closest(".hidden, .skip, svg"))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
  })
  .map((one) => one.outerHTML.slice(0, 120))
"""
MOVING = """
document.getAnimations().length + [...document.querySelectorAll("*")]
  .filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0).length
"""


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_from_right_to_left(open_page, from_right, width):
    for name in PAGES:
        page = open_page(from_right[name], width=width)

        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert page.evaluate(WIDER) <= 0, name
        assert page.evaluate(OUTSIDE) == [], name
        page.close()


def test_every_page_fits_when_it_is_enlarged(open_page, samples):
    """1280 px become 640 at twice the size, and 320 at four times: WCAG 1.4.10."""
    for name, address in samples.items():
        page = open_page(address, width=640, scale=2)
        for width in [640, 320]:
            page.set_viewport_size({"width": width, "height": 900})

            assert page.evaluate(WIDER) <= 0, f"{name} {address} at {width} px"
            assert page.evaluate(OUTSIDE) == [], f"{name} {address} at {width} px"
        page.close()


def test_nothing_moves_for_those_who_asked_for_stillness(open_page, samples):
    moving = open_page(samples["home"], reduced_motion="no-preference").evaluate(MOVING)
    still = open_page(samples["home"], reduced_motion="reduce").evaluate(MOVING)

    assert moving > 0
    assert still == 0


def test_on_paper_a_page_is_its_record_with_its_address(open_page, samples, site):
    for name in PAGES:
        page = open_page(samples[name], width=718)  # The text of an A4 page.
        page.emulate_media(media="print")

        assert page.locator("h1").is_visible(), name
        assert page.locator("nav:visible, button:visible, input:visible").count() == 0, name
        assert site in page.locator("main > .print-only").inner_text(), name
        assert page.evaluate(WIDER) <= 0, name
        page.close()
