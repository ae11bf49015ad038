"""A real browser for page tests: Debian's Chromium, driven by Playwright, on the live server.

- `browser`: one Chromium for the session; a test fails when it is missing.
- `open_page(path, width=1280, color_scheme="light", javascript=True)`: a page in a context of
  its own that has loaded `live_server.url + path`; a full address opens as it is. May be
  called several times in one test. Closed after the test.
- `page.problems`: a list of sentences, empty on a good page: console errors and warnings,
  script errors, failed requests, answers of 400 and more, requests to anyone else.

Rows for the pages come from the test itself, through the `live_server` database.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing; .ci/run installs it with CI=true.", pytrace=False)
    # Playwright keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server):
    contexts = []

    def open_in_new_context(path, width=1280, color_scheme="light", javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=color_scheme,
            java_script_enabled=javascript,
            service_workers="block",
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        listen(page, live_server.url)
        page.goto(path if "://" in path else live_server.url + path)
        return page

    yield open_in_new_context
    for context in contexts:
        context.close()


def listen(page, home):
    """Write everything that goes wrong on the page into `page.problems`."""
    note = page.problems.append

    def on_console(message):
        if message.type in {"error", "warning"}:
            note(f"console {message.type}: {message.text}")

    def on_request(request):
        if not request.url.startswith((home + "/", "data:", "blob:")):
            note(f"foreign request: {request.url}")

    def on_response(response):
        if response.status >= 400:
            note(f"{response.status}: {response.url}")

    def on_failure(request):
        # The browser itself gives up what still loads when a test goes on to the next page.
        if request.failure != "net::ERR_ABORTED":
            note(f"failed: {request.url} ({request.failure})")

    page.on("console", on_console)
    page.on("pageerror", lambda error: note(f"script error: {error}"))
    page.on("request", on_request)
    page.on("requestfailed", on_failure)
    page.on("response", on_response)
