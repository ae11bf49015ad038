"""How each database finds words: FTS5 on SQLite, a tsvector on PostgreSQL, with the same hits.

Words come from `words.py`: letters and digits alone, so that quoting them is enough.
"""

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from .words import Query


class Fts5:
    """SQLite: the virtual table `base_search`, kept by triggers."""

    @staticmethod
    def word(text: str, start: bool = True) -> str:
        return f'"{text}"*' if start else f'"{text}"'

    @classmethod
    def wanted(cls, query: Query) -> str:
        return " AND ".join(cls.word(*word) for word in query.starts)

    @classmethod
    def expression(cls, query: Query) -> str:
        without = [" AND ".join(cls.word(w, False) for w in term.words) for term in query.unwanted]
        return f"({cls.wanted(query)})" + "".join(f" NOT ({words})" for words in without)

    @staticmethod
    def rows(expression: str) -> Q:
        sql = "SELECT rowid FROM base_search WHERE base_search MATCH %s"
        return Q(pk__in=RawSQL(sql, [expression]))

    @classmethod
    def match(cls, query: Query) -> Q:
        return cls.rows(cls.expression(query))

    @classmethod
    def match_names(cls, query: Query) -> Q:
        return cls.rows(f"{{names}} : ({cls.wanted(query)})")

    @classmethod
    def match_any_name(cls, starts: list[str]) -> Q:
        return cls.rows(f"{{names}} : ({' OR '.join(map(cls.word, starts))})")

    @classmethod
    def scored(cls, rows, query: Query):
        """Add `score`, the smaller the better; only a join lets FTS5 work it out once a row."""
        return rows.extra(
            select={"score": "base_search.rank"},
            tables=["base_search"],
            where=["base_search.rowid = base_searchdocument.id", "base_search MATCH %s"],
            params=[cls.expression(query)],
        )


class TsVector:
    """PostgreSQL: the column `vector`. Words are cast, not parsed, so that none is refused."""

    @staticmethod
    def word(text: str, start: bool = True, weight: str = "") -> str:
        marks = "*" * start + weight
        return f"'{text}':{marks}" if marks else f"'{text}'"

    @classmethod
    def wanted(cls, query: Query, weight: str = "") -> str:
        return " & ".join(cls.word(*word, weight) for word in query.starts)

    @classmethod
    def expression(cls, query: Query) -> str:
        without = [" & ".join(cls.word(w, False) for w in term.words) for term in query.unwanted]
        return f"({cls.wanted(query)})" + "".join(f" & !({words})" for words in without)

    @staticmethod
    def rows(expression: str) -> Q:
        return Q(RawSQL("vector @@ %s::tsquery", [expression], output_field=BooleanField()))

    @classmethod
    def match(cls, query: Query) -> Q:
        return cls.rows(cls.expression(query))

    @classmethod
    def match_names(cls, query: Query) -> Q:
        return cls.rows(cls.wanted(query, "A"))

    @classmethod
    def match_any_name(cls, starts: list[str]) -> Q:
        return cls.rows(" | ".join(cls.word(start, True, "A") for start in starts))

    @classmethod
    def scored(cls, rows, query: Query):
        """Add `score`, the smaller the better: long texts count less, by their logarithm."""
        rank = "-ts_rank(vector, %s::tsquery, 1)"
        return rows.annotate(score=RawSQL(rank, [cls.expression(query)]))


def engine():
    return TsVector if connection.vendor == "postgresql" else Fts5
