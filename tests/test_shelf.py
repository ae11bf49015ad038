"""The shelf: what workers share of finished pages, and that its faults cost nothing but a page."""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.test_pagecache import PAGE, Browser, Site, Watch
from wpssite import shelf as shelves
from wpssite.pagecache import PageCache
from wpssite.shelf import NAME, Shelf, shelf_of_this_server

WORDS = {"headers": [["Content-Type", "text/html"]], "etag": 'W/"1"'}
KEYS = [("127.0.0.1", False, f"/{place}/", "") for place in range(40)]


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path, 100_000)


def worker(shelf, site=None, edition=1, most_bytes=2**20):
    """Return a browser that asks one of several workers, and the worker's watch on the edition."""
    watch = Watch()
    watch.edition = edition
    return Browser(PageCache(site or Site(), watch, most_bytes, shelf=shelf)), watch


def held(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_page_that_one_worker_made_is_sent_by_all(shelf):
    site = Site()
    first, second = worker(shelf, site)[0], worker(shelf, site)[0]

    for coding in ("", "br", "gzip"):
        made = first.ask("/a", HTTP_ACCEPT_ENCODING=coding)
        sent = second.ask("/a", HTTP_ACCEPT_ENCODING=coding)
        assert (sent.status, sent.text, sent.headers) == (200, f"1 {PAGE}", made.headers)
    assert second.ask("/a", HTTP_IF_NONE_MATCH=made.headers["etag"]).status == 304
    assert len(site.asked) == 1


def test_a_worker_never_sends_a_page_of_another_edition(shelf):
    site = Site()
    (first, watch), (second, _watch) = worker(shelf, site), worker(shelf, site)
    assert first.ask("/a").text == second.ask("/a").text == f"1 {PAGE}"

    watch.edition = 2
    assert first.ask("/a").text == f"2 {PAGE}"
    late, _watch = worker(shelf, site, edition=1)  # It does not know of the change yet.
    assert late.ask("/a").text == f"3 {PAGE}"
    assert worker(shelf, site, edition=2)[0].ask("/b").text.endswith(PAGE)


def test_the_pages_of_the_past_are_removed(shelf):
    browser, watch = worker(shelf)
    browser.ask("/a"), browser.ask("/b")
    watch.edition = 2
    browser.ask("/c")

    assert len(held(shelf.folder)) == 1


def test_pages_for_one_person_and_lost_ones_are_not_put_there(shelf):
    for site in (Site(status=404), Site(headers={"Cache-Control": "private, no-store"})):
        worker(shelf, site)[0].ask("/a")
    worker(shelf)[0].ask("/a", HTTP_COOKIE="sessionid=1")

    assert not held(shelf.folder)


def test_its_bytes_stay_within_the_bound_and_the_last_pages_stay(shelf):
    for place, key in enumerate(KEYS):
        shelf.put(1, key, WORDS, bytes(9_000))
        os.utime(next(iter(held(shelf.folder))).parent / shelves.digest(key), (place, place))
        assert sum(path.stat().st_blocks * 512 for path in held(shelf.folder)) <= 120_000

    assert shelf.get(1, KEYS[-1]) == (WORDS, bytes(9_000))
    assert shelf.get(1, KEYS[0]) is None


def test_a_huge_page_drives_no_other_off(shelf):
    shelf.put(1, KEYS[0], WORDS, bytes(12_500))
    shelf.put(1, KEYS[1], WORDS, bytes(12_501))

    assert shelf.get(1, KEYS[0])
    assert shelf.get(1, KEYS[1]) is None


def test_workers_that_write_at_once_leave_whole_pages(shelf):
    bodies = {key: str(place).encode() * 5_000 for place, key in enumerate(KEYS[:8])}

    def write():
        for _time in range(20):
            for key, body in bodies.items():
                shelf.put(1, key, WORDS, body)
                found = shelf.get(1, key)
                assert found in (None, (WORDS, body))
        done.append(True)

    done, threads = [], [threading.Thread(target=write) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4
    assert not list(shelf.folder.rglob("*.new"))


def test_a_disk_that_is_full_costs_nothing_but_the_page(shelf, monkeypatch):
    def full(*_words):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    site = Site()
    assert worker(shelf, site)[0].ask("/a").text == f"1 {PAGE}"
    assert worker(shelf, site)[0].ask("/a").text == f"2 {PAGE}"
    assert not held(shelf.folder)


def test_on_a_full_disk_what_was_put_there_first_makes_room(shelf, monkeypatch):
    for key in KEYS[:8]:
        shelf.put(1, key, WORDS, bytes(9_000))
    before, write = len(held(shelf.folder)), Path.write_bytes

    def full(*_words):
        monkeypatch.setattr(Path, "write_bytes", write)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    shelf.put(1, KEYS[8], WORDS, bytes(9_000))
    assert before * 0.6 < len(held(shelf.folder)) < before

    shelf.put(1, KEYS[9], WORDS, bytes(9_000))
    assert shelf.get(1, KEYS[9])


def test_a_folder_that_vanishes_is_made_anew(shelf):
    worker(shelf)[0].ask("/a")
    for path in held(shelf.folder):
        path.unlink()
        path.parent.rmdir()

    site = Site()
    assert worker(shelf, site)[0].ask("/a").status == 200
    assert worker(shelf, site)[0].ask("/a").text == f"1 {PAGE}"


# --- Whose shelf it is


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setattr(shelves, "IN_MEMORY", tmp_path)
    return tmp_path


def test_it_is_the_same_for_all_workers_of_a_server_and_nobody_else_may_look(machine):
    first, second = shelf_of_this_server(1000), shelf_of_this_server(1000)
    assert first.folder == second.folder
    assert first.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "change",
    [
        lambda settings, patch: setattr(settings, "SECRET_KEY", "another"),
        lambda settings, patch: patch.setenv("SITE_URL", "https://other.example"),
        lambda settings, patch: patch.setattr(os, "getppid", os.getpid),
        lambda settings, patch: patch.setattr(shelves, "newest_file", lambda: 1.0),
        lambda settings, patch: patch.setattr(shelves, "began", lambda process: "later"),
    ],
)
def test_another_server_setting_or_version_has_another_one(machine, settings, monkeypatch, change):
    before = shelf_of_this_server(1000).folder
    change(settings, monkeypatch)
    assert shelf_of_this_server(1000).folder != before


def test_a_folder_that_somebody_else_prepared_is_not_used(machine, monkeypatch):
    folder = shelf_of_this_server(1000).folder
    folder.chmod(0o755)
    assert shelf_of_this_server(1000) is None
    folder.rmdir()
    (machine / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(machine / "elsewhere")
    assert shelf_of_this_server(1000) is None
    folder.unlink()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert shelf_of_this_server(1000) is None


def no_folder():
    raise FileNotFoundError("No usable temporary directory found")


@pytest.mark.parametrize("found", [lambda: "/absent", no_folder])
def test_without_a_place_for_it_workers_share_nothing(machine, monkeypatch, found):
    monkeypatch.setattr(shelves, "IN_MEMORY", machine / "absent")
    monkeypatch.setattr(shelves.tempfile, "gettempdir", found)
    assert shelf_of_this_server(1000) is None


def test_links_that_lead_nowhere_do_not_matter_and_new_static_files_do(
    machine, settings, tmp_path_factory
):
    settings.BASE_DIR = base = tmp_path_factory.mktemp("code")
    settings.STATIC_ROOT = base / "static"
    (base / "templates").mkdir()
    (base / "templates" / ".#page.html").symlink_to(base / "absent")
    before = shelf_of_this_server(1000).folder

    settings.STATIC_ROOT.mkdir()
    collected = settings.STATIC_ROOT / "staticfiles.json"
    collected.write_text("{}")
    os.utime(collected, (2**32, 2**32))
    assert shelf_of_this_server(1000).folder != before


def test_what_ended_servers_left_is_removed(machine):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    gone, mine = machine / f"{NAME}-{ended.pid}-x", machine / f"{NAME}-{os.getpid()}-x"
    other = machine / f"something-{ended.pid}-x"
    for folder in (gone, mine, other):
        folder.mkdir(mode=0o700)
        (folder / "page").touch()

    shelf_of_this_server(1000)

    assert not gone.exists()
    assert (mine / "page").exists()
    assert (other / "page").exists()
