"""What is worked out for pages and kept in this process while the edition is current."""

import threading
from collections import OrderedDict

from django.conf import settings

from . import replica
from .edition import Edition, edition_now

KEPT = 128  # values kept by name; the largest have some 50 kB


class Kept:
    """Values by name, of one edition; the least lately used ones go first."""

    def __init__(self, most: int):
        self.most = most
        self.lock = threading.Lock()
        self.edition, self.values = None, OrderedDict()

    def get(self, edition, name, make):
        with self.lock:
            if edition != self.edition:
                self.edition, self.values = edition, OrderedDict()
            if name in self.values:
                self.values.move_to_end(name)
                return self.values[name]
        value = make()
        with self.lock:
            if edition == self.edition:
                self.values[name] = value
                while len(self.values) > self.most:
                    self.values.popitem(last=False)
        return value


kept_values = {alias: Kept(KEPT) for alias in settings.DATABASES}


def kept(name, make, before: Edition | None = None):
    """Return the value of `make()`, kept in this process while the edition is current.

    `name` is hashable and says all that the value depends on beside public data: the language, the
    day. Inside a transaction nothing is kept, for what is read there others may not see.
    before: the edition of something done first; nothing is kept if another one began since then.
    """
    edition = edition_now()
    if edition is None or before not in {None, edition}:
        return make()
    return kept_values[replica.reading()].get(edition, name, make)
