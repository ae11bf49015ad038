"""Finished pages, kept in memory in front of Django: a WSGI wrapper (docs/adr/0015).

Only what everyone may see is kept: answers 200 to anonymous GET requests that set no cookie and
call themselves public. A page is kept for as long as its edition is the current one
(`wpssite/base/edition.py`), so nothing is ever purged. Parameters that no page reads are dropped
before the page is made, so they neither miss nor fill the cache.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode
from weakref import WeakValueDictionary

import brotli
from django.db import Error
from django.utils.cache import cc_delim_re
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from .readers import Readers

# Every parameter that some public page reads; tests/test_contract.py compares.
PARAMETERS = {
    *("after", "all", "before", "beside", "for", "host", "kind", "language", "member", "network"),
    *("on", "p", "page", "q", "region", "sort", "speaker", "text", "topic", "tz", "year"),
}
TEXTUAL = ("text/", "application/", "image/svg+xml")  # what is worth compressing
SMALLEST = 600  # bytes; less gains nothing by compression
OVERHEAD = 2000  # bytes that an answer takes beside its body, about
REMEMBERED = 200  # characters of a query at most whose known part is remembered
SETTLED = 2  # seconds; no `Last-Modified` for a younger edition, for it counts whole seconds
NOT_FOR_THE_PAGE = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE"}
IN_304 = {"cache-control", "content-location", "etag", "expires", "vary"}  # RFC 9110, 15.4.5


class Answer:
    """A finished answer in one coding, ready to be sent."""

    __slots__ = ("body", "dated", "dated_304", "etag", "headers", "headers_304", "since")

    def __init__(self, headers: list[tuple[str, str]], body: bytes, etag: str):
        self.body, self.etag, self.since = body, etag, None
        self.headers = [*headers, ("Content-Length", str(len(body)))]
        self.headers_304 = [row for row in headers if row[0].lower() in IN_304]

    def date(self, since: float):
        """Note since when this answer is the current one."""
        self.since, row = since, ("Last-Modified", http_date(since))
        self.dated, self.dated_304 = [*self.headers, row], [*self.headers_304, row]

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD


class Answers:
    """The kept answers of one edition within a number of bytes; the least lately used go first."""

    def __init__(self, most_bytes: int, shelf=None):
        self.most_bytes, self.shelf = most_bytes, shelf
        self.lock = threading.Lock()
        self.begin(None)

    def begin(self, edition) -> OrderedDict:
        """Forget the answers of the edition before."""
        self.since, self.bytes, answers = time.time(), 0, OrderedDict()
        self.of = edition, answers  # In one step: threads read it without the lock.
        return answers

    def get(self, edition, key) -> Answer | None:
        """Return what is kept; without the lock, for who waits hands the processor over."""
        current, answers = self.of
        if edition != current:
            with self.lock:
                current, answers = self.of
                answers = answers if edition == current else self.begin(edition)
        answer = answers.get(key)
        if answer:
            with suppress(KeyError):  # It may be let go of meanwhile.
                answers.move_to_end(key)
        return answer

    def from_shelf(self, edition, key) -> Answer | None:
        """Return what another worker has put on the shelf, and keep it here too."""
        found = self.shelf and self.shelf.get(edition, key)
        if not found:
            return None
        words, body = found
        answer = Answer([tuple(row) for row in words["headers"]], body, words["etag"])
        self.keep(edition, key, answer)
        return answer

    def put(self, edition, key, answer: Answer):
        """Keep an answer and put it on the shelf, unless another edition has begun meanwhile."""
        if self.keep(edition, key, answer) and self.shelf:
            words = {"headers": answer.headers[:-1], "etag": answer.etag}  # The length comes anew.
            self.shelf.put(edition, key, words, answer.body)

    def keep(self, edition, key, answer: Answer) -> bool:
        """Keep an answer in this process; return whether its edition is still the current one."""
        with self.lock:
            current, answers = self.of
            if edition != current:
                return False
            answer.date(self.since)
            if answer.size > self.most_bytes // 8:
                return True
            answers[key] = answer  # Its turn is over: nobody else has put it.
            self.bytes += answer.size
            while self.bytes > self.most_bytes:
                self.bytes -= answers.popitem(last=False)[1].size
            return True


class PageCache:
    """WSGI application that answers from memory what it can, and asks `application` for the rest.

    edition: a module or object of `edition_for(environ)` and `look_again()`; apart: beginnings of
    paths that are none of its business; shelf: where workers share what they make (`shelf.py`).
    """

    def __init__(self, application, edition, most_bytes: int, apart=(), shelf=None):
        self.application = application
        self.edition = edition
        self.apart, self.readers = apart, Readers()
        self.answers = Answers(most_bytes, shelf)
        self.lock, self.turns = threading.Lock(), WeakValueDictionary()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith(self.apart):
            return self.application(environ, start_response)
        if not self.readers.include(environ):
            self.edition.look_again()  # An editor sees their own change at the next click.
            return self.application(environ, start_response)
        try:
            edition = self.edition.edition_for(environ)
        except Error:
            return self.application(environ, start_response)
        query = environ["QUERY_STRING"]
        if query:
            known = known_part if len(query) <= REMEMBERED else known_part.__wrapped__
            environ["QUERY_STRING"] = query = known(query)
        page = environ["HTTP_HOST"], self.readers.is_secure(environ), environ["PATH_INFO"], query
        coding = coding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        answer = self.answers.get(edition, (page, coding))
        answer = answer or self.made(environ, edition, page, coding)
        return sent(answer, environ, start_response)

    def found(self, edition, page, coding) -> Answer | None:
        key = page, coding
        return self.answers.get(edition, key) or self.answers.from_shelf(edition, key)

    def made(self, environ, edition, page, coding):
        """Make a page and keep it, or return what was caught if it may not be kept.

        One thread makes it; the others that want it wait, and find it kept.
        """
        with self.lock:
            turn = self.turns.setdefault(page, threading.Lock())
        with turn:
            answer = self.found(edition, page, coding)
            if answer:
                return answer
            plain = self.found(edition, page, "") if coding else None
            if plain is None:
                caught = Caught(self.application, environ)
                if not caught.may_be_kept():
                    return caught
                plain = caught.answer()
                self.answers.put(edition, (page, ""), plain)
            if not coding or not is_worth_coding(plain):
                return plain
            answer = coded(plain, coding)
            self.answers.put(edition, (page, coding), answer)
            return answer


class Caught:
    """What the application answered to an unconditional GET for the whole page."""

    def __init__(self, application, environ):
        asked = {name: environ[name] for name in environ.keys() - NOT_FOR_THE_PAGE}
        self.response = application(asked | {"REQUEST_METHOD": "GET"}, self.start_response)

    def start_response(self, status, headers, exc_info=None):
        self.status, self.headers = status, headers

    def may_be_kept(self) -> bool:
        """Whether everyone may have this answer, by its own words."""
        named = {name.lower(): value for name, value in self.headers}
        caching = set(cc_delim_re.split(named.get("cache-control", "")))
        vary = {name.lower() for name in cc_delim_re.split(named.get("vary", "")) if name}
        return (
            self.status.startswith("200 ")
            and not getattr(self.response, "streaming", True)
            and "public" in caching
            and not caching & {"private", "no-store"}
            and vary <= {"accept-encoding"}
            and not {"set-cookie", "content-encoding"} & named.keys()
        )

    def answer(self) -> Answer:
        body = self.response.content
        self.response.close()
        etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        dropped = {"content-length", "etag", "last-modified", "vary"}
        headers = [(name, value) for name, value in self.headers if name.lower() not in dropped]
        return Answer([*headers, ("ETag", etag), ("Vary", "Accept-Encoding")], body, etag)


def sent(answer, environ, start_response):
    """Send an answer, the word that it has not changed, or what was caught."""
    head = environ["REQUEST_METHOD"] == "HEAD"
    if isinstance(answer, Caught):
        start_response(answer.status, answer.headers)
        if not head:
            return answer.response
        answer.response.close()
        return []
    settled = answer.since is not None and time.time() - answer.since > SETTLED
    if is_unchanged(environ, answer.etag, answer.since if settled else None):
        start_response("304 Not Modified", answer.dated_304 if settled else answer.headers_304)
        return [b""]
    start_response("200 OK", answer.dated if settled else answer.headers)
    return [b""] if head else [answer.body]


def is_unchanged(environ, etag: str, since: float | None) -> bool:
    """Whether the asker has this answer already, by tag or else by date (RFC 9110, 13.2.2)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        if tags == etag:
            return True
        found = parse_etags(tags)
        return found == ["*"] or etag in found or etag[2:] in found
    date = environ.get("HTTP_IF_MODIFIED_SINCE")
    if date is None or since is None:
        return False
    asked = parse_http_date_safe(date)
    return asked is not None and int(since) <= asked


@lru_cache(maxsize=1024)
def known_part(query: str) -> str:
    """Return the parameters that some page reads and that say something, in one order.

    query: as WSGI gives it, each byte a letter (PEP 3333).
    """
    with suppress(UnicodeError):
        query = query.encode("latin-1").decode()
    known = [pair for pair in parse_qsl(query) if pair[0] in PARAMETERS]
    return urlencode(sorted(known, key=lambda pair: pair[0]))


@lru_cache(maxsize=256)
def coding_of(accepted: str) -> str:
    """Return the best coding that an `Accept-Encoding` header allows: `br`, `gzip` or none."""
    if len(accepted) > 200:
        return ""
    weights = {}
    for part in accepted.lower().split(","):
        name, _semicolon, rest = part.partition(";")
        weights[name.strip()] = rest.replace(" ", "")
    refused = {"q=0", "q=0.", "q=0.0", "q=0.00", "q=0.000"}
    for coding in ("br", "gzip"):
        if weights.get(coding, weights.get("*", "q=0")) not in refused:
            return coding
    return ""


def is_worth_coding(answer: Answer) -> bool:
    kind = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
    return kind.startswith(TEXTUAL) and len(answer.body) >= SMALLEST


def coded(plain: Answer, coding: str) -> Answer:
    """Return the same answer compressed."""
    if coding == "br":
        body = brotli.compress(plain.body, quality=5)
    else:
        body = gzip.compress(plain.body, compresslevel=6, mtime=0)
    headers = [row for row in plain.headers if row[0] != "Content-Length"]
    return Answer([*headers, ("Content-Encoding", coding)], body, plain.etag)
