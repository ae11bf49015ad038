"""How each database finds words: FTS5 on SQLite, a tsvector on PostgreSQL, with the same hits.

Words come from `words.py`: letters and digits alone, so that quoting them is enough. Words of
names, and the values that narrow a search, stand in the index once more as words of their own
that begin with a mark (`searching.py`), so that an index finds them without reading texts.
"""

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from .words import Query

LOOKED = 5_000  # rows that a search looks at, the newest ones
NAME = "_"  # before a word of a name


class Fts5:
    """SQLite: the virtual table `base_search`, kept by triggers."""

    @staticmethod
    def word(text: str, start: bool = True) -> str:
        return f'"{text}"*' if start else f'"{text}"'

    @classmethod
    def wanted(cls, query: Query, mark: str = "") -> list[str]:
        return [cls.word(mark + word, start) for word, start in query.starts]

    @classmethod
    def expression(cls, query: Query, marks=()) -> str:
        phrases = [cls.word(term.line.strip(), False) for term in query.wanted if term.phrase]
        without = [" AND ".join(cls.word(w, False) for w in term.words) for term in query.unwanted]
        words = [*map(cls.word, marks, [False] * len(marks)), *cls.wanted(query), *phrases]
        return f"({' AND '.join(words)})" + "".join(f" NOT ({words})" for words in without)

    @staticmethod
    def rows(expression: str) -> Q:
        sql = (
            "SELECT rowid FROM base_search WHERE base_search MATCH %s "
            f"ORDER BY rowid DESC LIMIT {LOOKED}"
        )
        return Q(pk__in=RawSQL(sql, [expression]))

    @classmethod
    def match(cls, query: Query, marks=()) -> Q:
        return cls.rows(cls.expression(query, marks))

    @classmethod
    def match_names(cls, query: Query, marks=()) -> Q:
        words = [*map(cls.word, marks, [False] * len(marks)), *cls.wanted(query, NAME)]
        return cls.rows(" AND ".join(words))

    @classmethod
    def match_any_name(cls, starts: list[str]) -> Q:
        return cls.rows(" OR ".join(cls.word(NAME + start) for start in starts))


class TsVector:
    """PostgreSQL: the column `vector`. Words are cast, not parsed, so that none is refused."""

    @staticmethod
    def word(text: str, start: bool = True) -> str:
        return f"'{text}':*" if start else f"'{text}'"

    @classmethod
    def wanted(cls, query: Query, mark: str = "") -> list[str]:
        return [cls.word(mark + word, start) for word, start in query.starts]

    @classmethod
    def expression(cls, query: Query, marks=()) -> str:
        without = [" & ".join(cls.word(w, False) for w in term.words) for term in query.unwanted]
        words = [*map(cls.word, marks, [False] * len(marks)), *cls.wanted(query)]
        return f"({' & '.join(words)})" + "".join(f" & !({words})" for words in without)

    @staticmethod
    def rows(expression: str) -> Q:
        return Q(RawSQL("vector @@ %s::tsquery", [expression], output_field=BooleanField()))

    @classmethod
    def match(cls, query: Query, marks=()) -> Q:
        return cls.rows(cls.expression(query, marks))

    @classmethod
    def match_names(cls, query: Query, marks=()) -> Q:
        words = [*map(cls.word, marks, [False] * len(marks)), *cls.wanted(query, NAME)]
        return cls.rows(" & ".join(words))

    @classmethod
    def match_any_name(cls, starts: list[str]) -> Q:
        return cls.rows(" | ".join(cls.word(NAME + start) for start in starts))


def engine():
    return TsVector if connection.vendor == "postgresql" else Fts5
