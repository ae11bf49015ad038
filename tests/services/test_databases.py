"""A real PostgreSQL and a real standby that follows it: pool, restart, outage, who reads what."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.services.browsing import PASSWORD, Browser
from tests.services.clusters import ONLOOKER, Cluster, clusters_folder, serving
from tests.services.conftest import manage
from wpssite.base.postgresql.base import PAUSE
from wpssite.reporting import QUICKEST

WORKERS, POOL = 2, 3
# Each asks the database, whatever a worker keeps of this edition.
PAGES = [
    *("/about/", "/topics/", "/topics/participation/", "/people/", "/resolutions/"),
    "/search/?q=peace",
]
CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity "
    f"WHERE backend_type = 'client backend' AND application_name <> '{ONLOOKER}'"
)


@pytest.fixture(scope="module")
def folder():
    with clusters_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def primary(folder):
    return Cluster(folder / "primary").make().start()


@pytest.fixture(scope="module")
def environment(primary, site_environment, static_files):
    environment = site_environment | {
        "DATABASE_URL": primary.url,
        "DATABASE_POOL_MAX": str(POOL),
        "DATABASE_POOL_TIMEOUT": "10",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    manage(environment, "migrate")
    manage(environment, "loaddata", "fixtures/reference.json")
    manage(environment, "createsuperuser", "--no-input", "--username=admin", "--email=a@x.example")
    return environment


@pytest.fixture(scope="module")
def pooled(environment, tmp_path_factory):
    """A site on the primary alone, whose every page is made anew."""
    log = tmp_path_factory.mktemp("pooled") / "log"
    with serving(environment | {"PAGE_CACHE_BYTES": "0"}, log, WORKERS) as address:
        yield address


@pytest.fixture(scope="module")
def standby(folder, primary, environment):
    return Cluster(folder / "standby").copy_of(primary).start()


@pytest.fixture(scope="module")
def replicated(environment, standby, tmp_path_factory):
    """A site that reads the standby for its readers."""
    log = tmp_path_factory.mktemp("replicated") / "log"
    with serving(environment | {"REPLICA_URL": standby.url}, log, WORKERS) as address:
        yield address


@pytest.fixture(scope="module")
def editor(replicated):
    return Browser().log_in(replicated)


def get(address, timeout=30):
    return Browser().ask(address, timeout=timeout)


def burst(site, number):
    """Ask for pages all at once; return their status codes."""
    with ThreadPoolExecutor(number) as readers:
        addresses = [site + PAGES[turn % len(PAGES)] for turn in range(number)]
        return [answer.status for answer in readers.map(get, addresses)]


def eventually(question, seconds=15):
    """Ask until the answer is yes; return how long that took, in seconds."""
    began = time.monotonic()
    while not question():
        assert time.monotonic() - began < seconds
        time.sleep(0.1)
    return time.monotonic() - began


def start_again(server):
    """Start a server, and wait until no worker leaves it alone any more."""
    server.start()
    time.sleep(PAUSE)


# --- The pool.


def test_a_burst_stays_within_the_pool_and_everybody_is_answered(pooled, primary):
    most = 0
    with ThreadPoolExecutor(1) as crowd:
        asking = crowd.submit(burst, pooled, 24)
        while not asking.done():
            most = max(most, primary.ask(CONNECTIONS))
            time.sleep(0.02)

    assert set(asking.result()) == {200}
    assert POOL <= most <= WORKERS * POOL


def test_nobody_notices_that_the_database_was_started_anew(pooled, primary):
    assert set(burst(pooled, 20)) == {200}  # Now each pool holds connections that will be dead.
    primary.control("restart", "--mode=fast")

    began = time.monotonic()

    assert set(burst(pooled, 20)) == {200}
    assert time.monotonic() - began < 10


def test_nobody_notices_that_a_migration_made_a_column_wider(pooled, primary):
    page = f"{pooled}/topics/participation/"
    with ThreadPoolExecutor(12) as readers:
        for width in (901, 902, 903):
            assert {answer.status for answer in readers.map(get, [page] * 24)} == {200}
            primary.change(f"ALTER TABLE network_topic ALTER name TYPE varchar({width})")
        assert {answer.status for answer in readers.map(get, [page] * 24)} == {200}


def test_while_the_database_is_away_that_is_said_at_once_and_then_all_is_well(pooled, primary):
    burst(pooled, 20)
    primary.stop()
    try:
        first = get(pooled + "/topics/", timeout=10)
        statuses = burst(pooled, 20)  # Some may be waiting for the pool already.
        began = time.monotonic()
        statuses += burst(pooled, 20)
        took = time.monotonic() - began
        watchdog = get(pooled + "/healthz")
    finally:
        start_again(primary)

    assert (first.status, first.headers["Retry-After"]) == (503, "10")
    assert "its database does not answer" in first.text
    assert "Traceback" not in first.text
    assert first.headers["Cache-Control"] == "private, no-store"
    assert set(statuses) == {503}
    assert took < 3
    assert watchdog.status == 503
    eventually(lambda: set(burst(pooled, 6)) == {200})


# --- The replica.


@pytest.fixture
def topic(replicated, primary, environment):
    """The addresses of a public topic: its form at the desk, and its page."""
    key = primary.ask("SELECT id FROM network_topic WHERE slug = 'participation'")
    return f"{replicated}/desk/network/topic/{key}/change/", f"{replicated}/topics/participation/"


@pytest.fixture
def late(standby):
    """Stop the standby from showing what it receives; the value lets it go on."""
    standby.ask("SELECT pg_wal_replay_pause()")
    yield lambda: standby.ask("SELECT pg_wal_replay_resume()")
    standby.ask("SELECT pg_wal_replay_resume()")


def test_an_editor_sees_a_save_at_the_next_click_and_a_reader_when_the_replica_has_it(
    editor, topic, late
):
    form, page = topic
    before = get(page)

    saved = editor.send(form, definition="Said anew for readers and editors.")

    assert saved.status == 302, saved.text
    for _ in range(6):  # Whichever worker answers.
        assert "Said anew" in editor.ask(page).text
        assert "Said anew" not in get(page).text
    assert before.status == 200
    late()
    eventually(lambda: "Said anew" in get(page).text)
    eventually(lambda: all("Said anew" in get(page).text for _ in range(6)))


def test_search_tells_readers_no_more_than_the_replica_knows(replicated, editor, topic, late):
    form, _page = topic
    address = f"{replicated}/search/?q=zweisprachig"

    assert editor.send(form, definition="Zweisprachig.").status == 302

    assert "/topics/participation/" in editor.ask(address).text
    assert "/topics/participation/" not in get(address).text
    late()
    eventually(lambda: "/topics/participation/" in get(address).text)


def test_a_reader_without_account_writes_to_the_primary(replicated, primary, late):
    reader, address = Browser(), f"{replicated}/report/"
    too_quick = reader.send(address, text="Wrong day", page="/events/")
    time.sleep(QUICKEST)

    answer = reader.fill_in(too_quick, address)

    assert answer.status == 302
    assert primary.ask("SELECT count(*) FROM base_report WHERE text = 'Wrong day'") == 1


def test_readers_are_served_from_the_replica_while_the_primary_is_away(replicated, primary, editor):
    primary.stop()
    try:
        readers = burst(replicated, 12)
        readers += [get(replicated + path).status for path in ("/sitemap.xml", "/feed/")]
        desk = editor.ask(f"{replicated}/desk/")
    finally:
        start_again(primary)

    assert set(readers) == {200}
    assert (desk.status, desk.headers["Retry-After"]) == (503, "10")
    eventually(lambda: all(editor.ask(f"{replicated}/desk/").status == 200 for _ in range(9)))


def test_readers_read_the_primary_while_the_replica_is_away_and_return(
    replicated, standby, editor, topic
):
    form, page = topic
    standby.stop()
    try:
        statuses = burst(replicated, 12)
        assert editor.send(form, definition="The replica never heard of it.").status == 302
        eventually(lambda: all("never heard" in get(page).text for _ in range(6)), seconds=5)
    finally:
        start_again(standby)

    assert set(statuses) == {200}
    eventually(lambda: set(burst(replicated, 6)) == {200} and standby.ask(CONNECTIONS) > 0)
