"""Several machines of the site behind nginx, one PostgreSQL: one may die, all tell the same."""

import http.client
import secrets
import subprocess
import threading
import time
from collections import Counter

import pytest

from .conftest import manage, program
from .hosts import PORT, hosts, postgresql
from .proxies import NAME, proxy, shell

MAKE_EVENT = """
from tests.factories import make_event
event = make_event(title="Before the change")
print(event.pk, event.get_absolute_url())
"""
RENAME = """
from events.models import Event
event = Event.objects.get(pk={key})
event.title = "{title}"
event.save()
"""
READ = "from events.models import Event; print(Event.objects.get(pk={key}).title)"


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    with hosts(3, tmp_path_factory.mktemp("hosts")) as made:
        yield made


@pytest.fixture(scope="module")
def environments(network, site_environment):
    """The variables of each host, and of this machine: one database, reached over its own line."""
    lines = [host.outside for host in network]
    with postgresql(["127.0.0.1", *lines]) as (account, port):
        shared = site_environment | {
            "ALLOWED_HOSTS": NAME,
            "SITE_URL": f"https://{NAME}",
            "SECRET_KEY": secrets.token_urlsafe(50),
        }
        yield [
            shared | {"DATABASE_URL": f"postgres://{account}@{line}:{port}/postgres"}
            for line in ["127.0.0.1", *lines]
        ]


@pytest.fixture(scope="module")
def event(environments, static_files):
    manage(environments[0], "migrate")
    key, address = shell(environments[0], MAKE_EVENT).split()
    return key, address


@pytest.fixture(scope="module")
def machines(network, environments, event):
    for host, environment in zip(network, environments[1:], strict=True):
        host.serve(environment)
    return network


@pytest.fixture
def before(machines, tmp_path):
    one, other, _ = machines
    with proxy(tmp_path, f"{one.address}:{PORT}", f"{other.address}:{PORT}") as made:
        yield made


def ask(host, path) -> str:
    """Ask one host itself, past the proxy and its cache."""
    connection = http.client.HTTPConnection(host.address, PORT, timeout=10)
    headers = {"Host": NAME, "X-Forwarded-Proto": "https"}
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_a_change_on_one_host_is_seen_on_all(machines, environments, event):
    key, page = event
    for _ in range(2):
        assert all("Before the change" in ask(host, page) for host in machines)

    shell(environments[1], RENAME.format(key=key, title="After it"))
    time.sleep(0.25)

    for host in machines:
        assert "After it" in ask(host, page)


def test_a_backup_can_be_brought_back(environments, event, tmp_path):
    here = environments[0]
    address, copy = here["DATABASE_URL"], here["DATABASE_URL"].removesuffix("/postgres") + "/try"
    dump = tmp_path / "wpssite.dump"
    for command in [
        [program("pg_dump"), "--format=custom", f"--file={dump}", address],
        [program("psql"), "--command=CREATE DATABASE try", address],
        [program("pg_restore"), "--exit-on-error", f"--dbname={copy}", dump],
    ]:
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    restored = here | {"DATABASE_URL": copy}
    manage(restored, "migrate", "--check")
    assert shell(restored, READ.format(key=event[0])).strip() == "After it"


class Visitors:
    """Visitors who ask without a pause, each for a page that nobody else asks for."""

    def __init__(self, before, page):
        self.before, self.page = before, page
        self.answers, self.slowest = Counter(), 0
        self.going, self.threads = True, []

    def visit(self, number):
        asked = 0
        while self.going:
            asked += 1
            began = time.monotonic()
            try:
                # An account's cookie: neither nginx nor the site may answer from what it keeps.
                headers = {"Cookie": f"sessionid={number}x{asked}"}
                answer = self.before.ask(self.page, headers=headers).status
            except (OSError, http.client.HTTPException) as error:
                answer = repr(error)
            self.answers[answer] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)

    def __enter__(self):
        for number in range(4):
            self.threads.append(threading.Thread(target=self.visit, args=[number]))
            self.threads[-1].start()
        return self

    def __exit__(self, *error):
        self.going = False
        for thread in self.threads:
            thread.join()


def not_good(log) -> list[str]:
    return [line for line in log.splitlines() if '" 200 ' not in line]


def hosts_in(log) -> Counter:
    return Counter(line.split()[-1].partition(":")[0] for line in log.splitlines())


def test_a_host_is_killed_in_the_middle_and_nobody_notices(before, machines, environments, event):
    one, other, _ = machines
    with Visitors(before, event[1]) as visitors:
        time.sleep(1.5)
        one.kill()
        time.sleep(1.5)
        first = len(before.log())
        one.serve(environments[1])
        time.sleep(6)  # `fail_timeout`, then it is tried again.

    assert set(visitors.answers) == {200}, not_good(before.log())
    assert visitors.answers[200] > 50
    assert hosts_in(before.log()[:first])[other.address]
    assert hosts_in(before.log()[first:])[one.address], "The host came back and got no work."


def test_a_host_that_vanishes_costs_a_visitor_seconds_at_most(machines, event, tmp_path):
    _, other, third = machines
    sites = f"{third.address}:{PORT}", f"{other.address}:{PORT}"
    with proxy(tmp_path, *sites) as before, Visitors(before, event[1]) as visitors:
        time.sleep(1)
        third.unplug()
        desk = [before.ask("/desk/login/").status for _ in range(4)]
        time.sleep(3)

    assert set(desk) == {200}
    assert set(visitors.answers) == {200}, not_good(before.log())
    assert visitors.slowest < 12  # One that was under way waits `proxy_read_timeout` out.


def test_all_hosts_down_leave_what_was_read_and_say_so_at_the_desk(before, machines, event):
    page = event[1]
    for _ in range(4):
        assert before.ask(page).status == 200

    for host in machines[:2]:
        host.kill()
    time.sleep(1.5)

    assert "After it" in before.ask(page).text
    assert before.ask("/desk/login/").status == 502
