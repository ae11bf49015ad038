"""What search knows of each public record, and how it finds it (docs/adr/0011).

A record has one row here while it is published, or will be by itself. The migration adds what the
database searches by: a table of SQLite's FTS5 kept by triggers, a weighted column on PostgreSQL.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, models
from django.db.models import Count, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from .engines import NAME, engine
from .moments import Precision
from .prepared import now
from .words import kept_line

MOST_LETTERS_KEPT = 50_000  # of the text that passages are cut from
MOST_NAMES = 100


@dataclass(frozen=True)
class Findable:
    """What one record contributes to search; pure data, public columns only."""

    title: str
    names: list[str] = field(default_factory=list)  # other titles and names, for finding alone
    summary: str = ""
    body: list[str] = field(default_factory=list)
    found_by: list[str] = field(default_factory=list)  # like `body`, but never shown
    language: str = ""  # of the title
    day: date | None = None
    precision: str = Precision.DAY
    year: int | None = None
    members: list[tuple[str, str]] = field(default_factory=list)  # address, name
    topics: list[tuple[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)

    def facets(self) -> list[tuple[str, str, str]]:
        """Return each (facet, value, label) once."""
        tags = [("language", tag, tag) for tag in self.languages if tag]
        members = [("member", *pair) for pair in self.members]
        topics = [("topic", *pair) for pair in self.topics]
        return list({found[:2]: found for found in members + topics + tags}.values())

    def marks(self, kind: str, names: str) -> str:
        """Return what the index narrows by, and the words of the names, each with its mark."""
        values = [("kind", kind), *(found[:2] for found in self.facets())]
        values += [("year", str(self.year))] if self.year else []
        words = dict.fromkeys(NAME + word for word in names.split())
        return " ".join([*(mark(*value) for value in values), *words])

    def columns(self, kind: str) -> dict:
        """Return the columns of a `SearchDocument`; texts as they are and as they are found."""
        text = " · ".join(part for part in [self.summary, *self.body] if part)
        lines = [
            kept_line(name)
            for name in dict.fromkeys([self.title, *self.names[:MOST_NAMES]])
            if name
        ]
        names = "\n".join(["", *filter(None, lines), ""])
        return {
            "kind": kind,
            "title": self.title,
            "language": self.language,
            "day": self.day,
            "precision": self.precision,
            "year": self.year,
            "text": text[:MOST_LETTERS_KEPT].replace("\0", ""),
            "names": names,
            "marks": self.marks(kind, names),
            "summary": kept_line(self.summary),
            "body": kept_line("\n".join([*self.body, *self.found_by])),
        }


def mark(name: str, value: str) -> str:
    """Return the word by which the index finds a value of a facet; no text holds such a word."""
    return f"__{name}_{value.encode().hex()}"


def marks_of(asked: dict) -> list[str]:
    return [mark(name, str(value)) for name, value in asked.items() if value]


class SearchDocumentQuerySet(models.QuerySet):
    def public(self):
        """Rows of records that are public at this moment."""
        return self.filter(public_from__lte=now())

    def found_by(self, expression: str, *lines: str):
        """Rows that an expression of the engine finds, the newest ones, with each of `lines`."""
        found = self.filter(engine().rows(expression))
        for line in lines:
            found = found.filter(has("names", line) | has("summary", line) | has("body", line))
        return found

    def with_names_like(self, words: list[str], letters: int = 2):
        """Rows one of whose names has a word with the same first letters as one of `words`."""
        return self.found_by(engine().in_any_name([word[:letters] for word in words]))

    def in_short(self, name: str, beginning: str, named: str):
        """Load what hits are ordered and counted by.

        name, beginning: a name that is all that is asked for, and how one that begins so begins;
        named: the expression for names with all words.
        """
        place = models.Case(
            models.When(has("names", name), then=0),
            models.When(has("names", beginning), then=1),
            models.When(engine().rows(named), then=2),
            default=3,
        )
        return self.order_by("-pk").values_list("pk", place, "day", "kind", "record_id", "year")

    def with_keys(self, keys):
        return self.filter(pk__in=keys)

    def for_results(self):
        """Load what a list of results shows, without the words by which they were found."""
        return self.defer("names", "marks", "summary", "body")

    def keys_by_kind(self, most: int | None = None) -> dict[str, list[int]]:
        """Return the keys of these records, by kind; `most` of them, the newest."""
        found = {}
        newest = self.order_by("-public_from", "-pk").values_list("kind", "record_id")
        for kind, key in newest[:most]:
            found.setdefault(kind, []).append(key)
        return found

    def titles(self):
        return self.order_by("-pk").values_list("title", flat=True)

    def of_records(self, kind: str, keys):
        return self.filter(kind=kind, record_id__in=keys)

    def lock(self):
        """Let one process at a time write rows; SQLite has one writer anyway."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE base_searchdocument IN SHARE ROW EXCLUSIVE MODE")


class SearchDocument(models.Model):
    """One public record as search sees it. Derived: `rebuild_search` makes all rows anew."""

    kind = models.CharField(_("kind"), max_length=30)  # a name in the catalogue
    record_id = models.BigIntegerField(_("record"))
    public_from = models.DateTimeField(_("public from"))
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    day = models.DateField(_("date"), null=True)
    precision = models.CharField(_("known to the"), max_length=10)
    language = models.CharField(_("language of the title"), max_length=35, blank=True)
    path = models.CharField(_("address"), max_length=300)
    title = models.TextField(_("title"))
    names = models.TextField(_("names as found"))
    marks = models.TextField(_("marks as found"), default="")
    summary = models.TextField(_("summary as found"))
    body = models.TextField(_("body as found"))
    text = models.TextField(_("text shown"))

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        default_permissions = ()  # Derived: nobody edits it.
        ordering = ["kind", "record_id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id"], name="base_searchdocument_once")
        ]

    def __str__(self):
        return self.title


def has(column: str, text: str) -> Q:
    """Whether a column has a text, as it stands: no letter of it means anything else."""
    return Q(GreaterThan(StrIndex(column, Value(text)), 0))


class SearchFacetQuerySet(models.QuerySet):
    def count_of(self, documents: str):
        """Count (facet, value, label) of these documents, the most frequent first; keys in JSON."""
        rows = self.filter(document__in=engine().among(documents)).order_by()
        counted = rows.values_list("name", "value", "label").annotate(number=Count("pk"))
        return counted.order_by("name", "-number", "label", "value")


class SearchFacet(models.Model):
    """A value by which search results can be narrowed."""

    document = models.ForeignKey(SearchDocument, models.CASCADE, related_name="facets")
    name = models.CharField(_("facet"), max_length=10)
    value = models.CharField(_("value"), max_length=120)
    label = models.CharField(_("label"), max_length=200)

    objects = SearchFacetQuerySet.as_manager()

    class Meta:
        verbose_name = _("search facet")
        verbose_name_plural = _("search facets")
        default_permissions = ()  # Derived: nobody edits it.
        ordering = ["document", "name", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "name", "value"], name="base_searchfacet_once"
            )
        ]

    def __str__(self):
        return f"{self.name}: {self.label}"


paused = ContextVar("paused", default=False)


class StaleRecordQuerySet(models.QuerySet):
    def note(self, references) -> bool:
        """Write down that these (model, key) changed; return if there was anything to write."""
        if paused.get() or not references:
            return False
        self.bulk_create(StaleRecord(model=label, record_id=key) for label, key in references)
        return True

    def due(self):
        return self.filter(Q(due_at=None) | Q(due_at__lte=now()))

    def scheduled(self, model, keys):
        """Notes to look again when these records become public."""
        label = model._meta.label_lower
        return self.filter(model=label, record_id__in=keys, due_at__isnull=False)

    def take(self) -> dict[str, set[int]]:
        """Return the keys of what is due by model, and forget them."""
        rows = list(self.due().values_list("pk", "model", "record_id"))
        found = {}
        for _key, model, record in rows:
            found.setdefault(model, set()).add(record)
        keys = [row[0] for row in rows]
        for start in range(0, len(keys), 500):
            self.filter(pk__in=keys[start : start + 500]).delete()
        return found


@contextmanager
def without_notes():
    """Note no changes inside this: for a load that ends with `rebuild_search`."""
    before = paused.set(True)
    try:
        yield
    finally:
        paused.reset(before)


class StaleRecord(models.Model):
    """A row that changed, or will become public, and that search has not looked at since."""

    model = models.CharField(_("model"), max_length=60)  # app_label.model_name
    record_id = models.BigIntegerField(_("row"))
    due_at = models.DateTimeField(_("due"), null=True, db_index=True)  # None: at once

    objects = StaleRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("stale record")
        verbose_name_plural = _("stale records")
        default_permissions = ()  # Derived: nobody edits it.
        ordering = ["due_at", "pk"]

    def __str__(self):
        return f"{self.model} {self.record_id}"
