"""The page cache: what it keeps, for whom, in which coding, and what it must never do."""

import gzip
import threading
import time
from io import BytesIO
from itertools import count
from random import Random

import brotli
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections
from django.http import HttpResponse, StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_event
from wpssite import pagecache
from wpssite.pagecache import PARAMETERS, REMEMBERED, PageCache, coding_of, known_part
from wpssite.readers import LONGEST
from wpssite.shelf import Shelf

PAGE = "A page of the record, long enough to be worth compressing. " * 40
PUBLIC = {"Cache-Control": "public, max-age=0, s-maxage=1"}


class Watch:
    """Stands in for the watch on the database: the test says which edition it is."""

    edition, looks = 1, 0

    def edition_for(self, environ):
        return self.edition

    def look_again(self):
        self.looks += 1


class Response(HttpResponse):
    """As Django's, but its end is no end of a request: there is no database here."""

    def close(self):
        self.closed = True


class Site:
    """A WSGI application that counts what it makes; each answer has a number of its own."""

    def __init__(self, **fields):
        self.numbers, self.asked = count(1), []
        self.fields = {"content": PAGE, "headers": PUBLIC, "status": 200} | fields

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        number = next(self.numbers)
        response = self.response(f"{number} {self.fields['content']}")
        start_response(f"{response.status_code} OK", list(response.items()))
        return response

    def response(self, text):
        return Response(text, status=self.fields["status"], headers=self.fields["headers"])


class Browser:
    """Asks a WSGI application as a server would."""

    def __init__(self, application):
        self.application = application

    def ask(self, address="/", method="GET", **headers):
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        } | headers
        reply = Reply()
        body = self.application({key: val for key, val in environ.items() if val}, reply.start)
        reply.body = b"".join(body)
        getattr(body, "close", lambda: None)()
        return reply


class Reply:
    def start(self, status, headers, exc_info=None):
        self.status = int(status[:3])
        self.headers = {name.lower(): value for name, value in headers}
        assert len(headers) == len(self.headers), headers  # Each header once.

    @property
    def text(self) -> str:
        coding = self.headers.get("content-encoding")
        opened = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding, bytes)(self.body)
        return opened.decode()


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture(params=["alone", "with a shelf"], autouse=True)
def shelf(request, tmp_path):
    """Everything here holds for a worker alone, and for one that shares what it makes."""
    Browser.shelf = Shelf(tmp_path, 2**20) if request.param == "with a shelf" else None
    return Browser.shelf


def browser_of(site, watch, most_bytes=2**20):
    return Browser(PageCache(site, watch, most_bytes, ("/desk/",), Browser.shelf))


def test_a_page_is_made_once_in_an_edition(watch):
    site = Site()
    browser = browser_of(site, watch)
    assert browser.ask("/a").text == browser.ask("/a").text == f"1 {PAGE}"
    watch.edition = 2
    assert browser.ask("/a").text == f"2 {PAGE}"


@pytest.mark.parametrize(
    "other",
    [
        {"address": "/b"},
        {"address": "/a?year=2023"},
        {"address": "/a", "HTTP_HOST": "localhost"},
        {"address": "/a", "wsgi.url_scheme": "https"},
    ],
    ids=str,
)
def test_another_address_is_another_page(watch, other):
    browser = browser_of(Site(), watch)
    first = browser.ask("/a").text
    assert browser.ask(**other).text != first
    assert browser.ask("/a").text == first


@pytest.mark.parametrize(
    "junk",
    ["utm_source=x", "utm_source=x&fbclid=y", "a[]=1&%00=2", "kind=", "=", "&&&", "x" * 3000],
)
def test_parameters_that_no_page_reads_neither_miss_nor_fill(watch, junk):
    site = Site()
    browser = browser_of(site, watch)
    kept = browser.ask("/a?year=2023&topic=x").text
    for query in [
        f"{junk}&year=2023&topic=x",
        f"topic=x&{junk}&year=2023",
        f"topic=%78&year=2023&{junk}",
    ]:
        assert browser.ask(f"/a?{query}").text == kept
    assert [asked["QUERY_STRING"] for asked in site.asked] == ["topic=x&year=2023"]


def test_of_a_parameter_given_twice_the_last_still_counts():
    assert known_part("page=2&year=1&page=1") == "page=2&page=1&year=1"


def test_letters_that_came_unencoded_are_the_same_letters():
    assert known_part("q=résolution".encode().decode("latin-1")) == "q=r%C3%A9solution"
    assert known_part("q=r%C3%A9solution") == "q=r%C3%A9solution"
    assert known_part("q=r\xe9solution") == "q=r%C3%A9solution"  # of an old browser


def test_of_a_long_query_the_known_part_is_worked_out_each_time(watch):
    site = Site()
    browser = browser_of(site, watch)
    known_part.cache_clear()

    kept = [browser.ask(f"/a?q={letter * REMEMBERED}&x=1").text for letter in "aba"]

    assert kept[0] == kept[2] != kept[1]
    assert known_part.cache_info().currsize == 0
    browser.ask("/a?q=short&x=1")
    assert known_part.cache_info().currsize == 1


@pytest.mark.parametrize(
    "private",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "a=b; sessionid=abc; c=d"},
        {"HTTP_COOKIE": "messages=abc"},
        {"HTTP_AUTHORIZATION": "Basic YTpi"},
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"address": "/desk/a"},
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_HOST": "127.0.0.1@elsewhere.example"},
        {"HTTP_HOST": None},
        {"address": f"/a?q={'x' * LONGEST}"},
    ],
    ids=lambda asked: str(asked)[:50],
)
def test_what_is_not_for_everyone_goes_past_the_cache_both_ways(watch, private):
    site = Site()
    browser = browser_of(site, watch)
    asked = {"address": "/a"} | private
    everyone = browser.ask(asked["address"] if "?" not in asked["address"] else "/a").text
    assert browser.ask(**asked).text != everyone
    assert browser.ask(**asked).text != everyone
    made = len(site.asked)
    if not asked["address"].startswith("/desk/"):
        assert browser.ask("/a").text == everyone
        assert len(site.asked) == made


def test_an_account_makes_the_watch_look_again(watch):
    browser_of(Site(), watch).ask("/a", HTTP_COOKIE="sessionid=abc")
    assert watch.looks == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 404},
        {"status": 500},
        {"status": 301},
        {"headers": {}},
        {"headers": {"Cache-Control": "private, no-store"}},
        {"headers": {"Cache-Control": "public, private"}},
        {"headers": PUBLIC | {"Set-Cookie": "csrftoken=x"}},
        {"headers": PUBLIC | {"Vary": "Accept-Encoding, Cookie"}},
        {"headers": PUBLIC | {"Vary": "*"}},
        {"headers": PUBLIC | {"Content-Encoding": "gzip"}},
    ],
    ids=str,
)
def test_an_answer_that_is_not_a_public_page_is_passed_on_and_not_kept(watch, fields):
    site = Site(**fields)
    cache = PageCache(site, watch, 2**20)
    browser = Browser(cache)
    first, second = browser.ask("/a", HTTP_ACCEPT_ENCODING="br"), browser.ask("/a")
    assert (first.body, second.body) == (f"1 {PAGE}".encode(), f"2 {PAGE}".encode())
    assert first.status == site.fields["status"]
    assert cache.answers.bytes == 0


def test_a_stream_is_passed_on_and_not_kept(watch):
    class Stream(Site):
        def response(self, text):
            response = StreamingHttpResponse([text], headers=PUBLIC)
            response.close = lambda: None
            return response

    browser = browser_of(Stream(), watch)
    assert browser.ask("/a").body != browser.ask("/a").body


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", ""),
        ("br;q=0.001", "br"),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("identity", ""),
        ("deflate", ""),
        ("gzip" * 100, ""),
        (",;,=;;", ""),
        ("brgzip", ""),
    ],
)
def test_the_coding_is_one_that_the_asker_takes(watch, accepted, coding):
    assert coding_of(accepted) == coding
    reply = browser_of(Site(), watch).ask("/a", HTTP_ACCEPT_ENCODING=accepted)
    assert reply.headers.get("content-encoding", "") == coding
    assert reply.headers["vary"] == "Accept-Encoding"
    assert reply.headers["content-length"] == str(len(reply.body))
    assert reply.text == f"1 {PAGE}"


def test_all_codings_come_of_one_page_and_have_one_tag(watch):
    site = Site()
    browser = browser_of(site, watch)
    replies = [browser.ask("/a", HTTP_ACCEPT_ENCODING=coding) for coding in ("br", "gzip", "")]
    assert len({reply.headers["etag"] for reply in replies}) == 1
    assert len(site.asked) == 1


def test_what_is_small_or_a_picture_is_not_compressed(watch):
    small = browser_of(Site(content="few words"), watch)
    picture = browser_of(Site(headers=PUBLIC | {"Content-Type": "image/png"}), watch)
    for browser in (small, picture):
        assert "content-encoding" not in browser.ask("/a", HTTP_ACCEPT_ENCODING="br").headers


def test_head_is_answered_as_get_without_a_body(watch):
    site = Site()
    browser = browser_of(site, watch)
    head, page = browser.ask("/a", method="HEAD"), browser.ask("/a")
    assert head.body == b""
    assert head.headers == page.headers
    assert [asked["REQUEST_METHOD"] for asked in site.asked] == ["GET"]
    lost = browser_of(Site(status=404), watch).ask("/lost", method="HEAD")
    assert (lost.status, lost.body) == (404, b"")


@pytest.mark.parametrize("weak", ["{}", "W/{}", '"other", W/{}', "*"])
def test_who_has_the_page_is_told_so_before_and_after_it_is_kept(watch, weak):
    tag = browser_of(Site(), watch).ask("/a").headers["etag"].removeprefix("W/")
    browser = browser_of(Site(), watch)
    for coding in ("", "br"):
        reply = browser.ask("/a", HTTP_IF_NONE_MATCH=weak.format(tag), HTTP_ACCEPT_ENCODING=coding)
        assert (reply.status, reply.body) == (304, b"")
        assert {"etag", "vary", "cache-control"} <= reply.headers.keys()
        assert not {"content-type", "content-length"} & reply.headers.keys()


@pytest.mark.parametrize("tag", ['"other"', "other", "W/", '""', '"' * 500, "\x80", ","])
def test_who_has_another_page_gets_this_one(watch, tag):
    assert browser_of(Site(), watch).ask("/a", HTTP_IF_NONE_MATCH=tag).status == 200


def test_a_page_that_is_the_same_in_the_next_edition_keeps_its_tag(watch):
    class Steady(Site):
        def response(self, text):
            return Response(PAGE, headers=PUBLIC)

    browser = browser_of(Steady(), watch)
    tag = browser.ask("/a").headers["etag"]
    watch.edition = 2
    assert browser.ask("/a", HTTP_IF_NONE_MATCH=tag).status == 304


def test_a_date_is_given_and_compared_once_the_edition_has_settled(watch, time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)
    browser = browser_of(Site(), watch)
    assert "last-modified" not in browser.ask("/a").headers
    time_machine.move_to("2026-11-24T10:00:03Z", tick=False)
    date = browser.ask("/a").headers["last-modified"]
    assert date == "Tue, 24 Nov 2026 10:00:00 GMT"
    assert browser.ask("/a", HTTP_IF_MODIFIED_SINCE=date).status == 304
    earlier = "Tue, 24 Nov 2026 09:59:59 GMT"
    assert browser.ask("/a", HTTP_IF_MODIFIED_SINCE=earlier).status == 200
    both = {"HTTP_IF_MODIFIED_SINCE": date, "HTTP_IF_NONE_MATCH": '"other"'}
    assert browser.ask("/a", **both).status == 200
    watch.edition = 2
    assert browser.ask("/a", HTTP_IF_MODIFIED_SINCE=date).status == 200


@pytest.mark.parametrize("date", ["yesterday", "", "Tue, 99 Foo 2026 10:00:00 GMT", "0", "\x80"])
def test_a_date_that_is_none_is_passed_over(watch, date, time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)
    browser = browser_of(Site(), watch)
    browser.ask("/a")
    time_machine.move_to("2026-11-24T11:00:00Z", tick=False)
    assert browser.ask("/a", HTTP_IF_MODIFIED_SINCE=date).status == 200


def test_a_range_gets_the_whole_page(watch):
    site = Site()
    reply = browser_of(site, watch).ask("/a", HTTP_RANGE="bytes=0-10", HTTP_IF_RANGE='"x"')
    assert (reply.status, reply.text) == (200, f"1 {PAGE}")
    assert not {"HTTP_RANGE", "HTTP_IF_RANGE"} & site.asked[0].keys()


def test_the_bytes_kept_stay_within_the_bound_and_the_last_used_stay(watch):
    site = Site(content="x" * 20_000)
    cache = PageCache(site, watch, 10 * 22_100)
    browser = Browser(cache)
    favourite = browser.ask("/favourite").text
    for number in range(200):
        browser.ask(f"/page/{number}")
        assert browser.ask("/favourite").text == favourite
        assert cache.answers.bytes <= cache.answers.most_bytes
    held = sum(answer.size for answer in cache.answers.of[1].values())
    assert held == cache.answers.bytes > cache.answers.most_bytes // 2


def test_a_page_too_large_for_the_cache_is_given_and_not_kept(watch):
    site = Site(content="x" * 200_000)
    cache = PageCache(site, watch, 2**20)
    assert len(Browser(cache).ask("/a").body) > 200_000
    assert cache.answers.bytes == 0


def test_a_flood_of_lost_addresses_and_searches_takes_no_memory(watch):
    cache = PageCache(Site(status=404), watch, 2**20)
    browser = Browser(cache)
    for number in range(500):
        browser.ask(f"/lost/{number}?q={number}", HTTP_ACCEPT_ENCODING=f"x{number}, br")
    assert not cache.answers.of[1]
    assert coding_of.cache_info().currsize <= coding_of.cache_info().maxsize


def test_nobody_waits_for_another_page(watch):
    finish, begun = threading.Event(), threading.Event()

    class Slow(Site):
        def __call__(self, environ, start_response):
            if environ["PATH_INFO"] == "/slow":
                begun.set()
                assert finish.wait(60)
            return super().__call__(environ, start_response)

    browser = browser_of(Slow(), watch)
    slow = threading.Thread(target=browser.ask, args=["/slow"])
    slow.start()
    assert begun.wait(60)
    others = [threading.Thread(target=browser.ask, args=[f"/{place}"]) for place in range(200)]
    for thread in others:
        thread.start()
    for thread in others:
        thread.join(30)
    waiting = [thread for thread in others if thread.is_alive()]
    finish.set()
    slow.join()
    assert not waiting
    assert not browser.application.turns


def test_many_who_want_a_page_at_once_wait_for_one_making(watch):
    class Slow(Site):
        def response(self, text):
            time.sleep(0.1)
            return super().response(text)

    site = Slow()
    browser = browser_of(site, watch)
    got = []
    threads = [
        threading.Thread(
            target=lambda: got.append(browser.ask("/a", HTTP_ACCEPT_ENCODING="br").text)
        )
        for _number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [f"1 {PAGE}"] * 20


def test_a_page_whose_edition_ends_while_it_is_made_is_not_kept(watch):
    class Ending(Site):
        def response(self, text):
            if len(self.asked) == 1:
                watch.edition = 2
                browser.application.answers.get(2, "any")  # Somebody begins the next edition.
            return super().response(text)

    browser = browser_of(Ending(), watch)
    old = browser.ask("/a", HTTP_ACCEPT_ENCODING="br").text
    assert browser.ask("/a", HTTP_ACCEPT_ENCODING="br").text != old


def test_without_a_database_the_site_itself_answers(watch):
    def away(environ):
        raise OperationalError("no such host")

    watch.edition_for = away
    assert browser_of(Site(), watch).ask("/a").text == f"1 {PAGE}"


def test_an_error_of_the_site_is_not_swallowed_and_blocks_nobody(watch):
    class Broken(Site):
        def response(self, text):
            raise RuntimeError("broken")

    browser = browser_of(Broken(), watch)
    for _time in range(2):
        with pytest.raises(RuntimeError, match="broken"):
            browser.ask("/a")


def test_plain_http_is_left_to_django_where_https_is_asked_for(watch, settings):
    settings.SECURE_SSL_REDIRECT = True
    site = Site()
    browser = browser_of(site, watch)
    browser.ask("/a"), browser.ask("/a")
    assert len(site.asked) == 2
    for _time in range(2):
        browser.ask("/a", HTTP_X_FORWARDED_PROTO="https")
    assert len(site.asked) == 3


# --- The same with the site itself behind it -------------------------------------------------


@pytest.fixture
def site(db, watch):
    """The site itself, which leaves the connection open, as the test client of Django does."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield browser_of(get_wsgi_application(), watch, most_bytes=2**22)
    for signal in ends:
        signal.connect(close_old_connections)


def test_the_site_behind_it_says_what_may_be_kept(site):
    event = make_event(title="Open debate on women, peace and security")
    page = site.ask(event.get_absolute_url(), HTTP_ACCEPT_ENCODING="br")
    assert event.title in page.text
    kept = site.application.answers.of[1]
    assert len(kept) == 2  # As it is, and compressed.
    for address in ("/desk/", "/desk/login/", "/report/?page=/", "/lost/", "/healthz", "/events"):
        assert site.ask(address).status in {200, 301, 302, 404}
        assert len(kept) == 2, address


@given(
    queries=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from([*sorted(PARAMETERS), "junk", "next", "sessionid", "é", "a b"]),
                st.text(max_size=8),
            ),
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    ),
    seed=st.integers(0, 2**16),
)
def test_whoever_asks_gets_what_they_would_get_without_the_cache(queries, seed):
    """Any mix of askers: each gets a page made for their own known parameters, nobody another's."""

    class Echo(Site):
        def response(self, text):
            asked = self.asked[-1]
            private = "sessionid=" in asked.get("HTTP_COOKIE", "")
            found = f"{asked['PATH_INFO']} {asked['QUERY_STRING']} {asked.get('HTTP_COOKIE')}"
            headers = {"Cache-Control": "private, no-store"} if private else PUBLIC
            return Response(found, headers=headers)

    browser, chance = browser_of(Echo(), Watch(), most_bytes=30_000), Random(seed)
    for query in [pagecache.urlencode(pairs) for pairs in queries] * 3:
        cookie = chance.choice([None, "sessionid=1", "sessionid=2"])
        reply = browser.ask(f"/a?{query}", HTTP_COOKIE=cookie)
        expected = query if cookie else known_part(query)
        assert reply.text == f"/a {expected} {cookie}"
