"""Pages stay light enough for a slow line; sizes before compression, in bytes."""

MOST = {"html": 60_000, "styles": 30_000, "scripts": 10_000}


def weights(crawl, page) -> dict[str, int]:
    def together(addresses):
        return sum(len(crawl.answers[address].body) for address in addresses)

    return {
        "html": len(page.body),
        "styles": together(page.styles),
        "scripts": together(page.scripts),
    }


def test_no_page_is_heavier_than_allowed(crawl):
    heavy = [
        f"{page.address}: {size} bytes of {part}"
        for page in crawl.pages
        for part, size in weights(crawl, page).items()
        if size > MOST[part]
    ]

    assert heavy == []


def test_styles_and_scripts_have_names_that_may_be_kept_for_good(crawl):
    plain = {
        address
        for page in crawl.pages
        for address in [*page.styles, *page.scripts]
        if len(address.split(".")[-2]) != 12
    }

    assert plain == set()
