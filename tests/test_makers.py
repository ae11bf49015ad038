"""Readers' pages are made by few threads; nothing else waits for them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from wpssite import makers
from wpssite.makers import Makers


class Response(HttpResponse):
    """As Django's, but its end is no end of a request: there is no database here."""

    def close(self):
        self.closed_in = threading.current_thread().name


class Stream(StreamingHttpResponse):
    def close(self):
        self.closed = True


class Site:
    """A WSGI application that says which thread it runs in, and how many run at a time."""

    def __init__(self, seconds=0.0):
        self.seconds, self.lock, self.running, self.most = seconds, threading.Lock(), 0, 0

    def __call__(self, environ, start_response):
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(self.seconds)
        if environ["PATH_INFO"] == "/broken/":
            raise LookupError("a fault of the site")
        name = threading.current_thread().name
        self.response = Response(name)
        if environ["PATH_INFO"] == "/stream/":
            self.response = Stream(iter([name.encode()]))
        with self.lock:
            self.running -= 1
        start_response("200 OK", [("X-Method", environ["REQUEST_METHOD"])])
        return self.response


def ask(application, path="/events/", method="GET", **headers) -> str:
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    } | headers
    started = []
    body = application(environ, lambda *words: started.extend(words))
    text = b"".join(body).decode()
    body.close()
    assert started == ["200 OK", [("X-Method", method)]]
    return text


def together(application, number: int) -> list[str]:
    """Ask for as many pages at once, and return the threads in which they were made."""
    with ThreadPoolExecutor(number, thread_name_prefix="asker") as threads:
        return list(threads.map(lambda place: ask(application, f"/{place}/"), range(number)))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reader_s_page_is_made_and_finished_by_a_maker(method):
    site = Site()
    assert ask(Makers(site, 1), method=method).startswith("maker")
    assert site.response.closed_in.startswith("maker")  # Its connection goes back from there.


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/desk/"},
        {"path": "/static/a.css"},
        {"method": "POST"},
        {"HTTP_COOKIE": "sessionid=1"},
        {"HTTP_AUTHORIZATION": "Basic x"},
        {"HTTP_HOST": "elsewhere.example"},
    ],
)
def test_whatever_is_no_reader_s_page_is_answered_where_it_is_asked(asked):
    application = Makers(Site(), 1, apart=("/desk/", "/static/"))
    assert ask(application, **asked) == threading.current_thread().name


@pytest.mark.parametrize("number", [1, 3])
def test_no_more_pages_are_made_at_a_time_than_there_are_makers(number, monkeypatch):
    monkeypatch.setattr(makers, "PATIENCE", 60)
    site = Site(seconds=0.02)
    threads = together(Makers(site, number), 8)
    assert site.most <= number
    assert {name[:5] for name in threads} == {"maker"}


def test_nobody_waits_long_behind_a_slow_page(monkeypatch):
    monkeypatch.setattr(makers, "PATIENCE", 0.01)
    site = Site(seconds=0.2)
    began = time.monotonic()
    threads = together(Makers(site, 1), 8)
    assert time.monotonic() - began < 8 * site.seconds / 2
    assert sorted(name[:5] for name in threads) == ["asker"] * 7 + ["maker"]


def test_a_page_that_is_slow_itself_is_waited_for(monkeypatch):
    monkeypatch.setattr(makers, "PATIENCE", 0.01)
    assert ask(Makers(Site(seconds=0.1), 1)).startswith("maker")


def test_a_fault_reaches_whoever_asked_and_the_maker_goes_on():
    application = Makers(Site(), 1)
    for _time in range(2):
        with pytest.raises(LookupError):
            ask(application, "/broken/")
    assert ask(application).startswith("maker")


def test_a_stream_is_read_by_the_maker_and_closed():
    site = Site()
    assert ask(Makers(site, 1), "/stream/").startswith("maker")
    assert site.response.closed
