"""What a search found, in short, and in which order."""

from array import array
from collections import Counter


class Hits:
    """What a search found, best first, in short: what is called so, then texts; the latest first.

    What is called exactly so comes first, then names that begin so, then names with all words.
    """

    def __init__(self, rows, more: bool):
        """Rows are (key, place, day, kind, record, year); `more` says that there are others.

        What stays is small: a number for each hit, and how many there are of a kind and year.
        """
        rows = sorted(rows, key=rank)
        self.packed = array("q", (row[0] for row in rows))
        self.by_kind_and_year = Counter((row[3], row[5]) for row in rows)
        self.more = more

    def __len__(self):
        return len(self.packed)

    @property
    def keys(self) -> list[int]:
        return list(self.packed)


def rank(row) -> tuple:
    _pk, place, day, kind, record, _year = row
    return place, -day.toordinal() if day else 0, kind, record
