"""Nothing on the site leads nowhere, and nothing is fetched from anyone else."""

from tests.quality.crawl import MOST_PAGES

PERMANENT = {0, 301, 308}  # How an old address may lead on; 0: it does not.
REFUSED_ON_PURPOSE = {
    "/no-such-page/": 404,
    "/events/?page=x": 400,
    "/events/2023/example-withdrawn/": 410,
}


def test_every_address_named_on_the_site_answers(crawl):
    broken = [
        f"{address}: {answer.moved} {answer.status}, named on {crawl.named_on[address]}"
        for address, answer in crawl.answers.items()
        if answer.status != REFUSED_ON_PURPOSE.get(address, 200) or answer.moved not in PERMANENT
    ]

    assert broken == []


def test_nothing_is_loaded_from_anyone_else(crawl):
    assert crawl.foreign == []


def test_every_link_into_a_page_finds_its_place(crawl):
    lost = {
        f"{where} → {address}#{fragment}"
        for where, address, fragment in crawl.fragments
        if address in crawl.answers
        and crawl.answers[address].is_page
        and fragment not in crawl.answers[address].anchors
    }

    assert lost == set()


def test_the_walk_saw_the_site_and_came_to_an_end(crawl):
    assert 100 < len(crawl.pages) <= MOST_PAGES
