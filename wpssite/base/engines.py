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


class Engine:
    """What both databases do alike; `both` and `either` join words, `starting` ends a beginning.

    Each also says which `rows` an expression finds, and which keys are `among` those of a list in
    JSON: one value, however many they are.
    """

    @classmethod
    def word(cls, text: str, start: bool = True) -> str:
        return f"{cls.quote}{text}{cls.quote}{cls.starting if start else ''}"

    @classmethod
    def wanted(cls, query: Query, mark: str = "") -> list[str]:
        return [cls.word(mark + word, start) for word, start in query.starts]

    @classmethod
    def marked(cls, marks) -> list[str]:
        return [cls.word(mark, False) for mark in marks]

    @classmethod
    def in_names(cls, query: Query) -> str:
        """Return the expression for names that have every wanted word."""
        return cls.both.join(cls.wanted(query, NAME))

    @classmethod
    def in_any_name(cls, starts: list[str]) -> str:
        """Return the expression for names with a word that starts as one of these."""
        return cls.either.join(cls.word(NAME + start) for start in starts)

    @classmethod
    def anywhere(cls, query: Query, marks=()) -> str:
        """Return the expression for texts with all that is wanted and nothing that is not."""
        unwanted = [cls.both.join(cls.word(w, False) for w in t.words) for t in query.unwanted]
        words = [*cls.marked(marks), *cls.wanted(query), *cls.phrases(query)]
        return f"({cls.both.join(words)})" + "".join(f"{cls.without}({w})" for w in unwanted)


class Fts5(Engine):
    """SQLite: the virtual table `base_search`, kept by triggers."""

    quote, starting, both, either, without = '"', "*", " AND ", " OR ", " NOT "

    @classmethod
    def phrases(cls, query: Query) -> list[str]:
        return [cls.word(term.line.strip(), False) for term in query.wanted if term.phrase]

    @staticmethod
    def rows(expression: str) -> Q:
        sql = (
            "SELECT rowid FROM base_search WHERE base_search MATCH %s "
            f"ORDER BY rowid DESC LIMIT {LOOKED}"
        )
        return Q(pk__in=RawSQL(sql, [expression]))

    @staticmethod
    def among(keys: str) -> RawSQL:
        return RawSQL("SELECT value FROM json_each(%s)", [keys])


class TsVector(Engine):
    """PostgreSQL: the column `vector`. Words are cast, not parsed, so that none is refused."""

    quote, starting, both, either, without = "'", ":*", " & ", " | ", " & !"

    @staticmethod
    def phrases(query: Query) -> list[str]:
        return []  # It keeps no places of words; the kept line is compared.

    @staticmethod
    def rows(expression: str) -> Q:
        return Q(RawSQL("vector @@ %s::tsquery", [expression], output_field=BooleanField()))

    @staticmethod
    def among(keys: str) -> RawSQL:
        return RawSQL("SELECT jsonb_array_elements_text(%s::jsonb)::bigint", [keys])


def engine():
    return TsVector if connection.vendor == "postgresql" else Fts5
