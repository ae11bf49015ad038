"""Readers' pages are made by few threads: a WSGI wrapper between page cache and Django.

Python runs one thread at a time, and SQLite hands the processor to another one at every row: two
threads that make a page each take longer than one that makes both, and each keeps a connection
and its memory. A page that would wait long behind a slow one is made where it was asked for.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from .readers import Readers

PATIENCE = 0.1  # seconds


class Makers:
    """WSGI application that lets one of a few threads ask `application` for readers' pages.

    threads: how many; apart: beginnings of paths that are none of their business.
    """

    def __init__(self, application, threads: int, apart: tuple[str, ...] = ()):
        self.application, self.readers = application, Readers(apart)
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="maker")

    def __call__(self, environ, start_response):
        if not self.readers.include(environ):
            return self.application(environ, start_response)
        making = self.threads.submit(Made, self.application, environ)
        with suppress(TimeoutError):
            making.exception(PATIENCE)
        if making.cancel():  # It has not begun.
            return self.application(environ, start_response)
        made = making.result()
        start_response(*made.started)
        return made


class Made:
    """An answer of the application, finished in the thread that made it."""

    streaming = False  # Any more.

    def __init__(self, application, environ):
        response = application(environ, self.start_response)
        try:
            self.content = b"".join(response)
        finally:
            response.close()

    def start_response(self, *started):
        self.started = started

    def __iter__(self):
        return iter([self.content])

    def close(self):
        """Nothing is open any more."""
