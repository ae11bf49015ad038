"""`make bench`, from the data to the tables, at a size that shows that it works, no more."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.report import BOUNDS, markdown
from bench.run import memory_when_full
from bench.settings import FULL, choice
from tests.services.conftest import ROOT, program


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bench")


def bench(folder, *arguments):
    """Run the command on twenty events, on one page, each measurement once."""
    wanted = {"BENCH_FOLDER": str(folder), "BENCH_EVENTS": "15,20", "BENCH_ROUNDS": "1"}
    command = [sys.executable, "-m", "bench", *arguments]
    environment = os.environ | wanted | {"BENCH_PAGES": "event", "SECRET_KEY": "only-for-tests"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def run(folder):
    for name in ["wrk", "nginx", "granian"]:
        program(name)
    return bench(folder)


@pytest.fixture
def results(run, folder):
    assert run.returncode == 0, run.stderr
    return json.loads((folder / "results.json").read_text())


def test_every_server_was_measured(results):
    servers = results["pages"]["event"]["servers"]

    assert {"cached", "uncached", "first", "function", "nginx", "bare"} <= servers.keys()
    assert all(row["rate"] > 0 for row in servers.values())
    assert servers["uncached"]["cpu"] > servers["function"]["cpu"] > 0


def test_a_page_from_the_cache_and_its_304_are_measured_apart(results):
    servers = results["pages"]["event"]["servers"]

    assert servers["cached"]["cpu"] < servers["uncached"]["cpu"]
    assert servers["cached 304"]["rate"] > 0


def test_growth_workers_memory_and_start_are_measured(results):
    assert set(results["growth"]["event"]) == {"15", "20"}
    assert results["workers"]["uncached"]["grown"] > 0
    assert all(rows[0]["rss"] > 10 for rows in results["memory"].values())
    assert "cached, 20 pages kept" in results["memory"]
    assert 0 < results["shared"] < 5
    assert all(seconds > 0 for seconds in results["start"].values())


def test_each_bound_has_its_line(results, run):
    lines = run.stdout.splitlines()

    assert [bound.line(results) for bound in BOUNDS] == lines[-len(BOUNDS) :]


def test_last_run_is_printed_again_without_measuring(results, run, folder):
    again = bench(folder, "--markdown")

    assert again.stdout == run.stdout == markdown(results) + "\n"


class Counted:
    """A server of pages of 3 MB whose memory is the number of pages it has sent."""

    def __init__(self, status=200):
        self.sent = 0
        counted = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                counted.sent += 1
                body = bytes(3 * 2**20) if status == 200 else b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def memory(self):
        return [{"rss": self.sent}]


@pytest.fixture
def counted(request):
    server = Counted(getattr(request, "param", 200))
    yield server
    server.server.shutdown()
    server.server.server_close()


def test_memory_is_that_of_a_cache_already_full(counted):
    found = memory_when_full(counted, [f"/{number}" for number in range(100)])

    assert found == {FULL: [{"rss": 12}]}  # 12 pages of 3 MB are the first beyond 1.1 × 32 MB.


@pytest.mark.parametrize("counted", [503], indirect=True)
def test_a_cache_is_not_filled_with_errors(counted):
    with pytest.raises(SystemExit, match="answers 503"):
        memory_when_full(counted, ["/1"])


def test_a_database_that_is_given_has_one_size():
    given = {"BENCH_DATABASE_URL": "postgres://measured"}

    assert choice(given).sizes == [10_000]
    assert choice(given | {"BENCH_EVENTS": "500"}).sizes == [500]
    with pytest.raises(SystemExit, match="one database"):
        choice(given | {"BENCH_EVENTS": "500,1000"})
