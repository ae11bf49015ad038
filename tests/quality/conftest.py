"""What the gates look at: the site as in production with the example data, walked once.

- `site`: the address of granian serving it, `http://127.0.0.1:port`.
- `crawl`: every page, file and link of it (tests/quality/crawl.py).
- `samples`: the heaviest page of each view and status, by name: `events:event_detail`,
  `home`, `page_not_found 404`, …; a new page of the site is among them by itself; `from_right` is
  the same in Arabic.
- `open_page(address, …)`: a page of Chromium, as in tests/browser.
- `program(name)`: the path of an installed program; a missing one is a failure.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import get_language_info
from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.quality.crawl import Crawl, view_at
from tests.services.conftest import ROOT, free_port, program, running
from wpssite.base.management.commands.load_demo import PASSWORD

HERE = Path(__file__).parent
BESIDES = [  # Pages that nothing links to.
    "/no-such-page/",
    "/events/?page=x",
    "/events/2023/example-withdrawn/",
    "/search/?q=peace",
    "/search/?q=no-such-word-anywhere",
    "/report/thanks/",
    "/about/style/",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DEBUG": "false",
        "INSECURE_HTTP": "true",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": address,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
    }
    for command in ["migrate", "load_demo --with-logins", "collectstatic --no-input"]:
        subprocess.run(
            [sys.executable, "manage.py", *command.split()],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )
    command = [program("granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "2", "wpssite.wsgi:application"]
    with running(command, port, folder / "log", cwd=ROOT, env=environment):
        yield address


@pytest.fixture(scope="session")
def crawl(site):
    return Crawl(site, BESIDES)


@pytest.fixture(scope="session")
def samples(crawl):
    return heaviest(crawl.pages, settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def from_right(crawl):
    """The same as `samples`, in the language that is read from the right."""
    (language,) = [code for code, _name in settings.LANGUAGES if get_language_info(code)["bidi"]]
    return heaviest(crawl.pages, language)


def heaviest(pages, wanted) -> dict[str, str]:
    """Return the address of the heaviest page of each view and status, in one language."""
    found = {}
    for page in pages:
        language, match = view_at(page.address.partition("?")[0])
        name = match.view_name if match else "page_not_found"
        name += f" {page.status}" if page.status != 200 else ""
        if language == wanted and len(page.body) > len(found[name].body if name in found else b""):
            found[name] = page
    return {name: page.address for name, page in found.items()}


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing; .ci/run installs it with CI=true.", pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, site):
    contexts = []

    def open_in_new_context(address, width=1280, scale=1, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            device_scale_factor=scale,
            service_workers="block",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(site + address)
        return page

    yield open_in_new_context
    for context in contexts:
        context.close()


@pytest.fixture
def desk(open_page):
    """The desk, logged in as its administrator; at its start page."""
    page = open_page("/desk/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("[type=submit]").click()
    page.wait_for_load_state("networkidle")
    return page
