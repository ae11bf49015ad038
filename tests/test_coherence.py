"""Several processes with one database: each serves what the others have written, from its cache.

On SQLite at once; on PostgreSQL at once in the process that wrote, elsewhere after 250 ms at most.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

SLUGS = ["first", "second"]
PROCESSES = 3
LAG = 0 if connection.vendor == "sqlite" else 0.25  # seconds


class Other:
    """Another process of the site."""

    def __init__(self, environment):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.other_process"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, *words):
        print(json.dumps(words), file=self.process.stdin, flush=True)

    def told(self):
        line = self.process.stdout.readline()
        assert line, "The process ended."
        return json.loads(line)

    def do(self, *words):
        self.tell(*words)
        return self.told()

    def end(self):
        self.process.communicate(timeout=20)


@contextmanager
def database(folder):
    """Give the address of a fresh database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'site.sqlite3'}"
        return
    name = f"wpssite_{secrets.token_hex(4)}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def others(tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock(), database(folder) as address:
        environment = os.environ | {
            "DATABASE_URL": address,
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "PYTHONPATH": str(settings.BASE_DIR),
        }
        for command in ("migrate", "collectstatic --no-input"):
            subprocess.run(
                [sys.executable, "manage.py", *command.split(), "--verbosity=0"],
                cwd=settings.BASE_DIR,
                env=environment,
                check=True,
            )
        found = [Other(environment) for _number in range(PROCESSES)]
        yield found
        for other in found:
            other.end()


def seen_by(other, slug: str) -> str | None:
    """Return the title that a visitor of a process finds on page and list; None if neither."""
    page = other.do("get", f"/events/2023/{slug}/?utm_source=x")
    listed = other.do("get", "/events/")
    titles = [word for word in (f"{slug} {number}" for number in range(99)) if f"{word}<" in page]
    assert page[:3] in ({"200"} if titles else {"404", "410"}), page[:3]
    assert len(titles) <= 1
    assert (f"/{slug}/" in listed) == bool(titles)
    assert not titles or f"{titles[0]}<" in listed
    return titles[0] if titles else None


changes = st.tuples(
    st.integers(0, PROCESSES - 1),
    st.sampled_from(
        ["save", "save", "update", "load", "desk", "undo", "half_undo", "hide", "show"]
    ),
    st.sampled_from(SLUGS),
)


@effort(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(changes, min_size=3, max_size=8))
def test_every_process_serves_what_any_other_has_written(others, done):
    others[0].do("begin", SLUGS)
    public = {slug: f"{slug} 0" for slug in SLUGS}
    titles = dict(public)
    time.sleep(LAG)
    for number, (writer, word, slug) in enumerate(done, 1):
        title = f"{slug} {number}"
        others[writer].do(word, slug, title)
        if word not in {"undo", "hide", "show"}:
            titles[slug] = title
        if word in {"hide", "show"}:
            public[slug] = word == "show" and titles[slug] or None
        elif public[slug]:
            public[slug] = titles[slug]
        assert seen_by(others[writer], slug) == public[slug]
        time.sleep(LAG)
        for other in others:
            assert {slug: seen_by(other, slug) for slug in SLUGS} == public, (word, slug)


def test_a_scheduled_publication_is_on_time_in_every_process(others):
    others[0].do("begin", SLUGS)
    due = others[1].do("schedule", "first", "", 2.5)
    time.sleep(LAG)
    for other in others:
        assert seen_by(other, "first") is None
    assert time.time() < due, "too slow a machine to look before the moment"
    time.sleep(due - time.time() + 0.01)
    assert [seen_by(other, "first") for other in others] == ["first 0"] * PROCESSES


def test_while_one_writes_no_process_ever_goes_back(others):
    """Titles only rise; whoever reads meanwhile must never see an older one than before."""
    others[0].do("begin", SLUGS)
    time.sleep(LAG)
    seen = [0] * PROCESSES
    for number in range(1, 30):
        others[0].tell("save", "first", f"first {number}")
        for reader in range(1, PROCESSES):
            page = others[reader].do("get", "/events/2023/first/")
            found = int(re.search(r"first (\d+)<", page)[1])
            assert seen[reader] <= found <= number
            seen[reader] = found
        others[0].told()
    time.sleep(LAG)
    assert [seen_by(other, "first") for other in others] == ["first 29"] * PROCESSES
