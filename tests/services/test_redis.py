"""Two machines' worth of servers with one Redis: what they share, and that they live without it."""

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager

import pytest

from tests.services.browsing import PASSWORD, Browser
from tests.services.clusters import serving
from tests.services.conftest import free_port, manage, program, running
from wpssite.base.caching import BELIEVED, WAIT, SessionCache, SharedCache
from wpssite.reporting import MOST, QUICKEST


class Service:
    """A Redis that can be stopped and started on the same port; it forgets everything between."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @contextmanager
    def up(self):
        command = [program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self.folder), "--save", ""]
        with running(command, self.port, self.folder / "log") as process:
            yield process

    def say(self, *words):
        """Ask it by its own program; return the lines of the answer."""
        command = [program("redis-cli"), "-p", str(self.port), *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return Service(tmp_path_factory.mktemp("redis"))


def copy_database(*addresses):
    paths = [address.removeprefix("sqlite:///") for address in addresses]
    with closing(sqlite3.connect(paths[0])) as one, closing(sqlite3.connect(paths[1])) as other:
        one.backup(other)


@pytest.fixture(scope="module")
def two(service, site, site_environment, tmp_path_factory):
    """Two sites on one database and one Redis, which is not started yet."""
    folder = tmp_path_factory.mktemp("two")
    environment = site_environment | {
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "REDIS_URL": service.url,
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    copy_database(site_environment["DATABASE_URL"], environment["DATABASE_URL"])
    manage(environment, "createsuperuser", "--no-input", "--username=admin", "--email=a@x.example")
    with (
        serving(environment, folder / "one", workers=1) as one,
        serving(environment, folder / "other", workers=1) as other,
    ):
        yield one, other


@contextmanager
def cache_of(kind, service):
    """A cache as the site uses it, in this process; it does not close its connections itself."""
    cache = kind(service.url, {"KEY_PREFIX": "x"})
    yield cache
    cache._cache.get_client().connection_pool.disconnect()


def may_enter(person, site):
    """Whether the desk lets somebody in; otherwise it leads to the log-in."""
    answer = person.ask(f"{site}/desk/")
    assert answer.status in {200, 302}, answer.text
    return answer.status == 200


def log_out(person, site):
    page = person.ask(f"{site}/desk/")
    assert person.fill_in(page, f"{site}/desk/logout/").status == 200


class Reporter:
    """Sends the one form it opened again and again."""

    def __init__(self, site):
        self.person = Browser()
        self.form = self.person.ask(f"{site}/report/")
        time.sleep(QUICKEST)

    def send(self, site):
        address, words = f"{site}/report/", {"text": "Wrong day", "page": "/events/"}
        return self.person.fill_in(self.form, address, **words).status


def test_who_logs_in_at_one_is_known_to_the_other_and_logs_out_of_both(two, service):
    one, other = two
    with service.up():
        person = Browser().log_in(one)
        assert may_enter(person, other)
        assert any("sessions" in key for key in service.say("keys", "*"))
        kept = dict(person.cookies)

        log_out(person, other)

        assert not may_enter(Browser(kept), one)
        assert not may_enter(Browser(kept), other)
        assert not any("sessions" in key for key in service.say("keys", "*"))


def test_a_restart_of_redis_logs_nobody_out(two, service):
    one, other = two
    with service.up():
        person = Browser().log_in(one)
    with service.up():
        assert service.say("dbsize") == ["0"]
        assert may_enter(person, other)
        assert may_enter(person, one)


def test_without_redis_pages_answer_and_the_desk_works(two, service):
    one, other = two
    with service.up():
        before = Browser().log_in(one)
        copies = service.say("keys", "*")

    began = time.monotonic()
    assert Browser().ask(f"{one}/events/").status == 200
    assert may_enter(before, other)
    assert may_enter(Browser().log_in(other), one)
    log_out(before, other)
    assert not may_enter(before, one)
    assert copies
    assert time.monotonic() - began < 10


def test_reports_are_counted_together_and_none_is_lost_while_nobody_counts(two, service):
    reporter = Reporter(two[0])
    with service.up():
        sent = [reporter.send(two[number % 2]) for number in range(MOST)]
        refused = [reporter.send(site) for site in two]
    unlimited = [reporter.send(site) for site in two]
    with service.up():
        again = reporter.send(two[1])

    assert set(sent) == {302}
    assert refused == [429, 429]
    assert unlimited == [302, 302]
    assert again == 302


def test_a_copy_of_a_session_is_believed_for_minutes_and_is_no_pickle(service):
    with service.up(), cache_of(SessionCache, service) as cache:
        for name, seconds in {"long": 1_209_600, "endless": None}.items():
            cache.set(name, {"user": "1"}, seconds)
            assert 0 < int(service.say("ttl", cache.make_key(name))[0]) <= BELIEVED
        cache.set("brief", {"user": "1"}, 5)

        assert int(service.say("ttl", cache.make_key("brief"))[0]) <= 5
        assert json.loads(service.say("get", cache.make_key("long"))[0]) == {"user": "1"}
        assert cache.get("long") == {"user": "1"}


def test_a_redis_that_hangs_is_not_waited_for(service):
    with service.up() as process, cache_of(SharedCache, service) as cache:
        cache.set("known", 1)
        process.send_signal(signal.SIGSTOP)
        try:
            began = time.monotonic()
            answers = [cache.get("known"), cache.add("new", 0), cache.delete("known")]
            took = time.monotonic() - began
            with pytest.raises(ValueError, match="away"):
                cache.incr("known")
        finally:
            process.send_signal(signal.SIGCONT)

        assert answers == [None, False, False]
        assert took < 6 * WAIT
        assert not cache.has_key("absent")
