"""The site as visitors get it: granian with production settings behind nginx."""

import os
import re
from pathlib import Path


def test_health_answers_for_the_watchdog(fetch):
    assert fetch("/healthz").status == 200


def test_home_is_public_page_under_policy_without_cookie(fetch):
    home = fetch("/")
    assert home.status == 200
    assert "default-src 'self'" in home.headers["Content-Security-Policy"]
    assert home.headers["Set-Cookie"] is None
    assert home.headers["X-Content-Type-Options"] == "nosniff"


def test_style_sheets_have_hashed_names_and_are_kept_for_good(fetch):
    sheets = re.findall(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', fetch("/").text)
    assert sheets
    for sheet in sheets:
        answer = fetch(sheet)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_unknown_page_is_404_that_tells_nothing_of_the_inside(fetch):
    lost = fetch("/no-such-page/")
    assert lost.status == 404
    assert "DEBUG" not in lost.text
    assert "Traceback" not in lost.text


def test_desk_asks_for_log_in(fetch):
    desk = fetch("/desk/")
    assert desk.status == 302
    assert desk.headers["Location"].startswith("/desk/login/")


def test_host_that_is_not_ours_is_refused(fetch):
    assert fetch("/", headers={"Host": "elsewhere.example"}).status == 400


def test_the_workers_keep_a_page_that_any_of_them_made_once_for_all(fetch):
    title = re.search("<title>(.*)</title>", fetch("/statements/?year=2023").text)[0]
    for _time in range(20):
        assert title in fetch("/statements/?year=2023").text

    shelves = Path("/dev/shm").glob("wpssite-pages-*")
    mine = [shelf for shelf in shelves if shelf.stat().st_uid == os.geteuid()]
    pages = [file.read_bytes() for shelf in mine for file in shelf.glob("*/*")]
    canonical = b'/statements/?year=2023">'
    assert sum(b"<title>" in page and canonical in page for page in pages) == 1
    assert {shelf.stat().st_mode & 0o777 for shelf in mine} == {0o700}
