"""What a search finds, in short, and in which order."""

import json
from array import array
from collections import Counter
from functools import cache

from .engines import engine
from .prepared import Prepared
from .searching import SearchDocument, SearchFacet, marks_of
from .words import Query

MOST = 1_000  # hits that are ranked and counted


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


def hits_of(query: Query, **asked) -> Hits:
    """Return what is public and fits, best first: of more than MOST the names and the newest.

    asked: kind, year, member, topic, language that it must have, where given. A few queries,
    whatever the number of rows. Where whole words are frequent, the longer words that begin so add
    nothing, and are dear to find.
    """
    marks, phrases = marks_of(asked), [term.line for term in query.wanted if term.phrase]
    for words in [query.exact, query] if query.is_long else [query]:
        wanted = engine().anywhere(words, marks)
        rows = in_short(words, wanted, *phrases)
        more = len(rows) > MOST
        if more:
            break
    named = []
    if more:
        wanted = engine().both.join([wanted, engine().in_names(words)])
        named = in_short(words, wanted, *phrases)
    return Hits({row[0]: row for row in [*named[:MOST], *rows[:MOST]]}.values(), more)


def named_hits_of(query: Query) -> Hits:
    """Return what is public and called so, best first: of more than MOST the newest."""
    return Hits(in_short(query, engine().in_names(query))[:MOST], False)


def in_short(query: Query, expression: str, *phrases: str) -> list[tuple]:
    """Return what hits are ordered and counted by, of one more than MOST."""
    line = query.whole
    names = f"\n{line}\n", f"\n{line.rstrip()}", engine().in_names(query)
    return prepared_for(len(phrases), MOST + 1)(*names, expression, *phrases)


@cache
def prepared_for(phrases: int, most: int) -> Prepared:
    """Return the query for what is found with a number of phrases, in short."""

    def make(name, beginning, named, expression, *phrases):
        found = SearchDocument.objects.public().found_by(expression, *phrases)
        return found.in_short(name, beginning, named)[:most]

    return Prepared(make, *[str] * (4 + phrases), planned_once=False)


count_of = Prepared(lambda keys: SearchFacet.objects.count_of(keys), str, planned_once=False)


def facets_of(documents: list[int]) -> list[tuple]:
    """Return (facet, value, label, number) of these documents, the most frequent first."""
    return count_of(json.dumps(documents)) if documents else []
