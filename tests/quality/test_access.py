"""axe-core finds no barrier: WCAG 2.2 A and AA, and good practice, as each reader sees it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

WIDTHS = [1280, 768, 360]
MAIN = ["home", "events:event_detail", "network:member_detail", "network:member_list"]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": LEVELS, "resultTypes": ["violations"]}
# Nothing but colours differs in the dark.
OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
DESK = ["/desk/", "/desk/events/event/add/"]


def barriers(page, rules=ALL) -> list[str]:
    found = Axe().run(page, options=rules).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary'][:300]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")


def test_no_page_has_a_barrier(open_page, samples):
    """What is folded up is looked at on the smallest screen."""
    found = {}
    for name, address in samples.items():
        page = open_page(address, reduced_motion="reduce")  # No colour half-way to another.
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if width == min(WIDTHS):
                unfold(page)
            for scheme, rules in [("light", ALL), ("dark", OF_COLOUR)]:
                page.emulate_media(color_scheme=scheme)
                if these := barriers(page, rules):
                    found[f"{name} {address} {scheme}, {width} px"] = these
        page.close()

    assert found == {}


def test_the_menu_has_no_barrier_when_it_is_open(open_page):
    page = open_page("/", width=360)
    page.get_by_role("button", name="Menu").click()

    assert barriers(page) == []


def test_pages_from_the_right_have_no_barrier(open_page, from_right):
    found = {name: barriers(open_page(from_right[name], width=360)) for name in MAIN}

    assert found == dict.fromkeys(MAIN, [])


def grave(page) -> list[str]:
    """Return what keeps people out; the rest of the desk's pages is Django's."""
    return [one for one in barriers(page) if "(serious)" in one or "(critical)" in one]


def test_the_door_of_the_desk_keeps_nobody_out(open_page):
    assert grave(open_page("/desk/")) == []


@pytest.mark.parametrize("address", DESK)
def test_the_desk_keeps_nobody_out(desk, site, address):
    desk.goto(site + address)
    desk.wait_for_load_state("networkidle")

    assert desk.url == site + address
    assert grave(desk) == []
